import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SKEW } from '../../../functions/core/issuer/issuer-clock.ts';
import { earliestEnd, hasExpired, latestEnd, taking } from '../../../functions/core/validity/expiry.ts';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { DAY, FURTHEST_EAST, FURTHEST_WEST, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';
import { BY_DAY, BY_SECOND, END, OLD, POLICY, token } from './old-credential.ts';

describe('the end of a credential by its date', () => {
  it(
    'is uncertain by clocks, and by the zone of an issuer that keeps dates, which is assumed where it is ' +
      'unknown',
    () => {
      assert.deepEqual(
        [earliestEnd(OLD, BY_SECOND, SKEW), latestEnd(OLD, BY_SECOND, SKEW)],
        [END - SKEW, END + SKEW],
      );
      for (const facts of [BY_DAY, undefined, {}])
        assert.deepEqual(
          [earliestEnd(OLD, facts, SKEW), latestEnd(OLD, facts, SKEW)],
          [END - SKEW - FURTHEST_EAST, END + SKEW + FURTHEST_WEST],
        );
      assert.deepEqual(
        [hasExpired(token(), OLD, BY_DAY, END + HOUR), hasExpired(token(), OLD, BY_SECOND, END + HOUR)],
        [false, true],
      );
      const { expiresAt: _end, ...endless } = OLD;
      assert.deepEqual(
        [
          earliestEnd(endless, BY_DAY, SKEW),
          latestEnd(endless, BY_DAY, SKEW),
          hasExpired(token(), endless, BY_DAY, END + 900 * DAY),
        ],
        [undefined, Infinity, false],
      );
    },
  );

  it('is uncertain by as much as the clock of its issuer is known to be off', () => {
    const behind = {
      ...token(),
      issuerClock: { host: 'issuer.test', least: -3 * HOUR, most: -3 * HOUR, seenAt: END },
    };
    assert.deepEqual(
      [END + SKEW, END + 3 * HOUR - 1, END + 3 * HOUR].map((now) => hasExpired(behind, OLD, BY_SECOND, now)),
      [false, false, true],
    );
    assert.deepEqual(
      [END + 3 * HOUR - 1, END + 3 * HOUR].map((now) => taking(behind, BY_SECOND, now).length),
      [2, 1],
    );
    assert.equal(hasExpired(token(), OLD, BY_SECOND, END + SKEW), true);
  });

  it('frees its slot, unless its issuer counts what has expired', () => {
    const at = END + DAY;
    assert.deepEqual(
      taking(token(), BY_DAY, at).map((one) => one.id),
      ['v2'],
    );
    assert.deepEqual(
      taking(token(), { ...BY_DAY, slots: slotsOf(9, ['expired']) }, at).map((one) => one.id),
      ['v1', 'v2'],
    );
    assert.deepEqual(
      taking(token(), BY_DAY, END).map((one) => one.id),
      ['v1', 'v2'],
      'not before it is certain',
    );
  });

  it('is not waited for with a slot, once a revoke was accepted and lists leave it out for a while', () => {
    const since = T0 + HOUR;
    const revoked = { revokedAt: T0, absent: { since, last: since + 10 * MINUTE } };
    const takes = (old: Partial<Credential>): string[] =>
      taking(token(old), BY_SECOND, T0 + DAY).map((one) => one.id);
    assert.deepEqual(takes(revoked), ['v2']);
    for (const less of [
      { ...revoked, revokedAt: undefined },
      { ...revoked, absent: { since, last: since } },
      { revokedAt: T0 },
    ])
      assert.deepEqual(takes(less), ['v1', 'v2']);
  });

  it('has its credential taken away at once, were its minimum grace ever so long', () => {
    const long = { ...token(), policy: { ...POLICY, minGrace: 25 * DAY } };
    const at = agenda(long, { slots: slotsOf(3), lags: NO_LAGS, ...BY_SECOND }, END).find(
      (one) => one.kind === 'retire',
    )?.at;
    assert.equal(at, END + SKEW);
  });
});
