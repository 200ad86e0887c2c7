import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import {
  CLOCK_KNOWN_FOR,
  SKEW,
  behindBy,
  clockIn,
  furthestOff,
  isOff,
  knownClock,
  skewBy,
  skewOf,
  withClock,
  type SeenClock,
} from '../../../functions/core/issuer/issuer-clock.ts';
import { goneAt } from '../../../functions/core/validity/inactivity-proof.ts';
import { earliestEnd, hasExpired, latestEnd, taking } from '../../../functions/core/validity/expiry.ts';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import {
  DAY,
  FURTHEST_EAST,
  FURTHEST_WEST,
  HOUR,
  MINUTE,
  SECOND,
} from '../../../functions/core/basics/time.ts';
import { instants } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const HOST = 'gitlab.example.com';
const ASKED = { host: HOST, sentAt: T0, answeredAt: T0 + SECOND };

function answer(headers: Record<string, string>, status = 200): Response {
  return new Response(null, { status, headers });
}

const at = (time: number): { date: string } => ({ date: new Date(time).toUTCString() });
const off = (ahead: number, seenAt = T0): SeenClock => ({ host: HOST, least: ahead, most: ahead, seenAt });

describe('what an answer says of the clock of its host', () => {
  it('is sure to a second, and to the time that the answer took', () =>
    assert.deepEqual(clockIn(answer(at(T0 + 10 * MINUTE)), ASKED), {
      host: HOST,
      least: 10 * MINUTE - 2 * SECOND,
      most: 10 * MINUTE + SECOND,
      seenAt: T0 + SECOND,
    }));

  it('is told by a refusal too', () => assert.ok(clockIn(answer(at(T0), 401), ASKED)));
  it('is told by what came by a cache that had to ask', () =>
    assert.ok(clockIn(answer({ ...at(T0), age: '0' }), ASKED)));

  const SILENT: [what: string, headers: Record<string, string>, status?: number][] = [
    ['without a date', {}],
    ['out of a cache', { ...at(T0), age: '600' }],
    ['out of a cache that says so in other words', { ...at(T0), age: 'old' }],
    ['out of one of two caches', { ...at(T0), age: '0, 5' }],
    ['of whoever answers for a server that is down', at(T0), 502],
    ['with a date in an obsolete form without a zone', { date: 'Sun Nov  6 08:49:37 1994' }],
    ['with a date in the other obsolete form', { date: 'Sunday, 06-Nov-94 08:49:37 GMT' }],
    ['with two dates', { date: `${at(T0).date}, ${at(T0).date}` }],
    ['with a date that there is not', { date: 'Sun, 99 Nov 1994 08:49:37 GMT' }],
    ['with a time that no day has', { date: 'Sun, 06 Nov 1994 25:49:37 GMT' }],
  ];
  for (const [what, headers, status] of SILENT)
    it(`is nothing for an answer ${what}`, () =>
      assert.equal(clockIn(answer(headers, status), ASKED), undefined));

  it('is nothing where another host answered in the end', () =>
    assert.equal(clockIn({ status: 200, redirected: true, headers: new Headers(at(T0)) }, ASKED), undefined));

  it('holds what the clock really was, whenever within the request the answer was made', () => {
    fc.assert(
      fc.property(
        instants,
        fc.nat(30_000),
        fc.nat(30_000),
        fc.integer({ min: -DAY, max: DAY }),
        (sentAt, before, after, ahead) => {
          const madeAt = sentAt + before;
          const seen = clockIn(answer(at(madeAt + ahead)), {
            host: HOST,
            sentAt,
            answeredAt: madeAt + after,
          });
          assert.ok(seen && seen.least <= ahead && ahead <= seen.most, JSON.stringify(seen));
        },
      ),
    );
  });
});

describe('a clock on record', () => {
  it('is off if it is for certain, either way', () => {
    const isSo = (least: number, most: number): boolean => isOff({ host: HOST, least, most, seenAt: T0 });
    assert.deepEqual(
      [
        isSo(SKEW, SKEW + SECOND),
        isSo(SKEW + 1, SKEW + SECOND),
        isSo(-SKEW - SECOND, -SKEW),
        isSo(-SKEW - SECOND, -SKEW - 1),
        isSo(-SKEW - 1, SKEW + 1),
      ],
      [false, true, false, true, false],
    );
  });

  it('counts with the most that it may be off, and never with less than the usual skew', () => {
    assert.deepEqual(
      [
        skewBy(undefined),
        skewBy(off(SECOND)),
        skewBy(off(-10 * MINUTE)),
        skewBy({ ...off(0), least: -SECOND, most: 3 * MINUTE }),
      ],
      [SKEW, SKEW, 10 * MINUTE, 3 * MINUTE],
    );
    assert.deepEqual([behindBy(undefined), behindBy(off(HOUR)), behindBy(off(-HOUR))], [0, 0, HOUR]);
  });

  it('is kept while it may be off, and goes with the first look that sees it in step', () => {
    const known = withClock(aToken(), off(10 * MINUTE), T0);
    assert.deepEqual(known.issuerClock, off(10 * MINUTE));
    assert.equal(withClock(known, off(SECOND, T0 + HOUR), T0 + HOUR).issuerClock, undefined);
    assert.deepEqual(withClock(known, off(-HOUR, T0 + HOUR), T0 + HOUR).issuerClock, off(-HOUR, T0 + HOUR));
  });

  it('stays as it was with a look that showed nothing, for a day', () => {
    assert.equal(CLOCK_KNOWN_FOR, DAY);
    const known = withClock(aToken(), off(10 * MINUTE), T0);
    assert.equal(withClock(known, undefined, T0 + CLOCK_KNOWN_FOR - 1), known);
    assert.equal(withClock(known, undefined, T0 + CLOCK_KNOWN_FOR).issuerClock, undefined);
    assert.deepEqual(
      [skewOf(known, T0 + CLOCK_KNOWN_FOR - 1), skewOf(known, T0 + CLOCK_KNOWN_FOR)],
      [10 * MINUTE, SKEW],
    );
    assert.equal(knownClock(known, T0 + CLOCK_KNOWN_FOR), undefined);
  });

  it('changes nothing in a record that has none to change', () => {
    const calm = aToken();
    for (const seen of [undefined, off(0), off(SKEW)]) assert.equal(withClock(calm, seen, T0), calm);
  });
});

describe('what expires at an issuer whose clock is off', () => {
  const STEPS = ['second', 'day'] as const;
  const zones = fc.integer({ min: -FURTHEST_WEST, max: FURTHEST_EAST });
  /**
   * A credential, an issuer whose clock is off as an answer of the last day showed, and a moment near its
   * end.
   */
  const cases = fc.record({
    step: fc.constantFrom(...STEPS),
    zone: zones,
    ahead: fc.integer({ min: -7 * DAY, max: 7 * DAY }),
    took: fc.nat(10_000),
    old: fc.nat(DAY - 10_001),
    near: fc.integer({ min: -8 * DAY, max: 8 * DAY }),
  });

  it('is not expired before the issuer refuses it, and not certain once the issuer may do so', () => {
    fc.assert(
      fc.property(cases, ({ step, zone, ahead, took, old, near }) => {
        const expiresAt = T0;
        const now = expiresAt + near;
        const seen = clockIn(answer(at(now - old + ahead)), {
          host: HOST,
          sentAt: now - old - took,
          answeredAt: now - old,
        });
        const one: Credential = {
          id: 'v1',
          handle: 'h1',
          origin: 'minted',
          state: 'previous',
          supersededAt: T0,
          expiresAt,
        };
        const token = withClock(
          aToken({ credentials: [one, { id: 'v2', origin: 'minted', state: 'current', expiresAt }] }),
          seen,
          now - old,
        );
        const facts = { slots: slotsOf(3), lags: NO_LAGS, expiry: { settable: true, step } };
        // A date begins in the issuer's zone, by the issuer's clock.
        const endsThere = expiresAt - (step === 'day' ? zone : 0);
        const isRefused = now + ahead >= endsThere;
        const skew = skewOf(token, now);
        if (
          hasExpired(token, one, facts, now) ||
          now >= goneAt(expiresAt, facts.expiry, skew) ||
          !taking(token, facts, now).includes(one)
        )
          assert.ok(isRefused, 'it is called expired too early');
        if (isRefused)
          assert.ok(now >= (earliestEnd(one, facts, skew) ?? Infinity), 'it was called certain for too long');
        const retire = agenda({ ...token, policy: { ...token.policy, minGrace: 90 * DAY } }, facts, now).find(
          (action) => action.kind === 'retire',
        );
        if ((retire?.at ?? Infinity) <= now) assert.ok(isRefused, 'it is retired too early');
        const isAbout = now + ahead >= endsThere - SKEW;
        if (step === 'second' && assess(token, facts, now).some((found) => found.kind === 'token-expired'))
          assert.ok(isAbout, 'the current one is reported as expired too early');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is given the usual two minutes where nothing is known, and where the clock is off by less', () => {
    const one: Credential = { id: 'v1', origin: 'minted', state: 'previous', expiresAt: T0 };
    const facts = { expiry: { settable: true, step: 'second' } } as const;
    for (const clock of [undefined, off(-MINUTE)])
      assert.deepEqual(
        [earliestEnd(one, facts, skewBy(clock)), latestEnd(one, facts, skewBy(clock))],
        [T0 - SKEW, T0 + SKEW],
      );
    assert.equal(furthestOff(off(-MINUTE)), MINUTE);
  });
});
