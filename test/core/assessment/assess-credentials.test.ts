import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { REVOKE_WITHIN } from '../../../functions/core/policy/timing.ts';
import { assessCredentials, credentialTimes } from '../../../functions/core/assessment/assess-credentials.ts';
import { clockTimes } from '../../../functions/core/issuer/issuer-clock.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

function withOld(change: Partial<Credential>): Token {
  return aToken({
    credentials: [
      { id: 'v1', handle: 'h1', origin: 'minted', state: 'current' },
      { id: 'v0', handle: 'h0', origin: 'minted', state: 'previous', supersededAt: T0, ...change },
    ],
  });
}

describe('a credential that is not revoked in time', () => {
  it('is reported once, with the reason, and not any more when it ended', () => {
    const why = 'The inventory is being rebuilt; nothing is revoked until that is complete.';
    assert.deepEqual(
      assessCredentials(
        withOld({ state: 'revoking', revocationBegunAt: T0, verdict: why }),
        T0 + REVOKE_WITHIN,
      ).map((one) => [one.subject, one.detail.endsWith(why)]),
      [['h0', true]],
    );
    assert.deepEqual(
      assessCredentials(
        withOld({
          state: 'revoking',
          revocationBegunAt: T0,
          problem: { kind: 'revocation-blocked', detail: 'No.' },
        }),
        T0 + REVOKE_WITHIN,
      ).map((one) => one.detail),
      ['No.'],
    );
    assert.deepEqual(
      assessCredentials(withOld({ state: 'ended', revocationBegunAt: T0 }), T0 + REVOKE_WITHIN),
      [],
    );
  });

  it('is left to secret-deleted while its secret is to be deleted, unless a person ends the token', () => {
    const revoking = withOld({
      state: 'revoking',
      revocationBegunAt: T0,
      verdict: 'A pass has to come first.',
    });
    const deleted: Token = { ...revoking, deletion: { at: T0 + 2 * REVOKE_WITHIN, gone: false } };
    const kinds = (token: Token): string[] =>
      assessCredentials(token, T0 + REVOKE_WITHIN).map((one) => `${one.kind} ${one.subject}`);
    assert.deepEqual(kinds(deleted), []);
    assert.ok(
      kinds({ ...deleted, ending: { kind: 'retire', askedAt: T0, by: 'ann' } }).includes(
        'revocation-blocked h0',
      ),
    );
  });

  it('because consumers hold it up names them, past its maximum grace', () => {
    const pendingConsumers = [{ who: 'worker', why: 'it has not read the new version', since: T0 }];
    const late = T0 + DEFAULT_POLICY.maxGrace;
    assert.deepEqual(assessCredentials(withOld({ pendingConsumers }), late - 1), []);
    assert.match(
      assessCredentials(withOld({ pendingConsumers }), late)[0]?.detail ?? '',
      /past its maximum grace period of 7d\. worker: it has not read the new version\.$/,
    );
  });
});

it('what is wrong with credentials changes by itself only at the moments that are foretold', () => {
  fc.assert(
    fc.property(tokens, (token) => {
      const times = [...credentialTimes(token), ...clockTimes(token)];
      for (const at of times) {
        const next = Math.min(Infinity, ...times.filter((one) => one > at));
        const kinds = (now: number): string[] =>
          assessCredentials(token, now).map((one) => `${one.kind} ${one.subject}`);
        if (next !== Infinity) assert.deepEqual(kinds(next - 1), kinds(at));
      }
    }),
  );
});
