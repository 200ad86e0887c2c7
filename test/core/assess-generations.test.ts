import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  REVOKE_WITHIN,
  assessGenerations,
  generationTimes,
} from '../../functions/core/assess-generations.ts';
import { DEFAULT_POLICY } from '../../functions/core/policy.ts';
import type { Generation, Token } from '../../functions/core/token.ts';
import { tokens } from '../fakes/arbitraries.ts';
import { T0, aToken } from '../fakes/tokens.ts';

function withOld(change: Partial<Generation>): Token {
  return aToken({
    generations: [
      { id: 'v1', handle: 'h1', origin: 'minted', state: 'current' },
      { id: 'v0', handle: 'h0', origin: 'minted', state: 'previous', supersededAt: T0, ...change },
    ],
  });
}

describe('a credential that does not die', () => {
  it('is told of once, with the reason, and not any more when it is dead', () => {
    const why = 'The inventory is being rebuilt; nothing is revoked until that is complete.';
    assert.deepEqual(
      assessGenerations(withOld({ state: 'revoking', claimedAt: T0, verdict: why }), T0 + REVOKE_WITHIN).map(
        (one) => [one.subject, one.detail.endsWith(why)],
      ),
      [['h0', true]],
    );
    assert.deepEqual(
      assessGenerations(
        withOld({ state: 'revoking', claimedAt: T0, problem: { kind: 'revoke-refused', detail: 'No.' } }),
        T0 + REVOKE_WITHIN,
      ).map((one) => one.detail),
      ['No.'],
    );
    assert.deepEqual(assessGenerations(withOld({ state: 'dead', claimedAt: T0 }), T0 + REVOKE_WITHIN), []);
  });

  it('because consumers hold it up names them, past its most grace', () => {
    const laggards = [{ who: 'worker', why: 'it has not read the new version', since: T0 }];
    const late = T0 + DEFAULT_POLICY.graceMost;
    assert.deepEqual(assessGenerations(withOld({ laggards }), late - 1), []);
    assert.match(
      assessGenerations(withOld({ laggards }), late)[0]?.detail ?? '',
      /past its most grace of 7d\. worker: it has not read the new version\.$/,
    );
  });
});

it('what is wrong with credentials changes by itself only at the moments that are foretold', () => {
  fc.assert(
    fc.property(tokens, (token) => {
      for (const at of generationTimes(token)) {
        const next = Math.min(Infinity, ...generationTimes(token).filter((one) => one > at));
        const kinds = (now: number): string[] =>
          assessGenerations(token, now).map((one) => `${one.kind} ${one.subject}`);
        if (next !== Infinity) assert.deepEqual(kinds(next - 1), kinds(at));
      }
    }),
  );
});
