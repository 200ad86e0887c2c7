import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { hasExpired } from '../../../functions/core/validity/expiry.ts';
import { MOST_LIVE, limitText, slotsLeft } from '../../../functions/core/rotation/slots.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { instants, providerFacts, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { slotsOf } from '../../fakes/facts.ts';
import { roomOf } from '../../../functions/core/issuer/issuer-facts.ts';

describe('slots', () => {
  it('are not taken by a value whose companions name another account', () => {
    const here = { host: 'h', basePath: '', account: 'apps/1', clientId: 'one' };
    const byHand: Credential = {
      id: 'v1',
      versionId: 'v1',
      origin: 'adopted',
      state: 'current',
      handle: undefined,
    };
    const left = (change: Partial<Credential>): number =>
      slotsLeft(aToken({ reach: here, credentials: [{ ...byHand, ...change }] }), { slots: slotsOf(2) }, T0);
    assert.equal(left({}), 1, 'nothing says whose it is');
    assert.equal(left({ beside: { client_id: 'one' } }), 1);
    assert.equal(left({ beside: { client_id: 'another' } }), 2);
    assert.equal(left({ beside: { client_id: 'another' }, handle: 'h1' }), 1, 'the issuer knows it here');
    assert.equal(left({ beside: { client_id: 'another' }, reach: here }), 1, 'it was seen here');
  });

  it('are what the issuer has, at most three, less what lives', () => {
    fc.assert(
      fc.property(tokens, providerFacts, instants, (token, facts, now) => {
        const active = liveCredentials(token).filter((one) => !hasExpired(token, one, facts, now));
        assert.equal(slotsLeft(token, facts, now), Math.min(roomOf(facts.slots), MOST_LIVE) - active.length);
        assert.ok(slotsLeft(token, facts, now) <= MOST_LIVE);
        assert.equal(
          slotsLeft(token, { ...facts, slots: { ...facts.slots, filledBy: ['expired'] } }, now),
          Math.min(roomOf(facts.slots), MOST_LIVE) - liveCredentials(token).length,
        );
      }),
    );
  });
});

it('a limit is told as whose it is', () => {
  assert.equal(
    limitText({ slots: slotsOf(2) }),
    'its issuer keeps 2 credentials of it at most, and an old one is still active',
  );
  for (const count of [3, 20, 'many', 'unknown'] as const)
    assert.match(
      limitText({ slots: { count, of: ['account'] } }),
      /^Keyturn keeps at most 3 credentials of a token active at once/,
    );
});
