import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { isOpen } from '../../../functions/core/basics/calendar.ts';
import { parseFreeze } from '../../../functions/core/basics/freezes.ts';
import { parseWindow } from '../../../functions/core/basics/weekly-windows.ts';
import { endOfWaiting, upstreamHold, nextLook, startOf } from '../../../functions/core/rotation/deferral.ts';
import { DEFAULT_POLICY, calendarOf, type Policy } from '../../../functions/core/policy/policy.ts';
import { nextRotation, rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR, MINUTE, formatInstant } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { Upstream } from '../../../functions/core/token/upstream.ts';
import { instants, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const FACTS = { slots: slotsOf(3), lags: NO_LAGS };
const AFTER = 'staging/billing/ci';

function calendar(
  windows: readonly string[],
  freezes: readonly string[] = [],
): Pick<Policy, 'rotationWindows' | 'freezes'> {
  return {
    rotationWindows: windows.flatMap((text) => parseWindow(text) ?? assert.fail(text)),
    freezes: freezes.flatMap((text) => parseFreeze(text) ?? assert.fail(text)),
  };
}

/** Promoted at T0, due in thirty days, and not to wait beyond day 83. */
function due(policy: Partial<Policy>, change: Partial<Token> = {}): Token {
  const current: Credential = { id: 'v1', origin: 'minted', state: 'current', issuedAt: T0, promotedAt: T0 };
  return aToken({
    policy: { ...DEFAULT_POLICY, ...policy },
    credentials: [current],
    inspectedAt: T0,
    ...change,
  });
}

function begins(token: Token, now = T0): string {
  return formatInstant(nextRotation(token, FACTS, now)?.at ?? assert.fail('no rotation'));
}

describe('windows and freezes', () => {
  it('hold a rotation until the next window', () => {
    // Day 30 is a Wednesday, February 4; it is due at 09:00 UTC.
    assert.equal(begins(due(calendar(['sat 10:00-12:00 Europe/Berlin']))), '2026-02-07T09:00:00Z');
    assert.equal(begins(due(calendar(['wed 08:00-10:00 UTC']))), '2026-02-04T09:00:00Z');
  });

  it('find the next window from now on, where one went by unused', () => {
    assert.equal(
      begins(due(calendar(['sat 10:00-12:00 UTC'])), Date.parse('2026-02-07T12:00:00Z')),
      '2026-02-14T10:00:00Z',
    );
  });

  it('hold nothing that a person asked for, nor a first credential', () => {
    assert.equal(
      begins(due(calendar(['sat 10:00-12:00 UTC']), { rotateRequestedAt: T0 + HOUR })),
      formatInstant(T0 + HOUR),
    );
    assert.equal(
      begins(aToken({ policy: { ...DEFAULT_POLICY, ...calendar(['sat 10:00-12:00 UTC']) } })),
      formatInstant(T0),
    );
  });

  it('bring a rotation forward that a freeze would hold until it is too late', () => {
    const frozen = {
      ...calendar([], ['2026-01-20..2026-03-31 UTC']),
      rotateEvery: 20 * DAY,
      maxAge: 60 * DAY,
    };
    assert.equal(begins(due(frozen)), formatInstant(Date.parse('2026-01-18T23:59:59Z')));
    // The same within the windows that are left.
    assert.equal(
      begins(due({ ...frozen, ...calendar(['fri 10:00-12:00 UTC'], ['2026-01-20..2026-03-31 UTC']) })),
      '2026-01-16T10:00:00Z',
    );
  });

  it('give way when nothing was done before, half of the lead before the end', () => {
    const frozen = due({
      ...calendar([], ['2026-01-20..2026-03-31 UTC']),
      rotateEvery: 20 * DAY,
      maxAge: 60 * DAY,
    });
    const now = Date.parse('2026-01-21T00:00:00Z');
    assert.equal(begins(frozen, now), formatInstant(T0 + 60 * DAY - 7 * DAY));
    assert.equal(endOfWaiting(frozen), T0 + 53 * DAY);
  });

  it('never hold a token beyond the end of waiting, and otherwise let it begin in the open only', () => {
    fc.assert(
      fc.property(tokens, instants, (token, now) => {
        const wish = rotationWish(token);
        if (!wish) return;
        const { at } = startOf(token, wish, now);
        const canWait = wish.cause === 'due' || wish.cause === 'expiry';
        assert.ok(at <= Math.max(wish.at, endOfWaiting(token)));
        if (canWait && at > now && at < endOfWaiting(token) && at !== wish.at)
          assert.ok(isOpen(calendarOf(token.policy), at), formatInstant(at));
      }),
      { numRuns: 300 },
    );
  });

  it('never move the turn of a token away from it as time goes by', () => {
    fc.assert(
      fc.property(tokens, instants, fc.double({ min: 0, max: 1, noNaN: true }), (token, now, part) => {
        const wish = rotationWish(token);
        if (!wish) return;
        const { at } = startOf(token, wish, now);
        const later = Math.floor(now + Math.max(0, at - now) * part);
        assert.ok(
          startOf(token, wish, later).at <= Math.max(at, later),
          'its turn moved away while it waited',
        );
      }),
      { numRuns: 300 },
    );
  });
});

function upstream(change: Partial<Upstream> = {}): Upstream {
  return { name: AFTER, seenAt: T0 + 40 * DAY, ...change };
}

function following(seen: Partial<Upstream> | undefined, change: Partial<Token> = {}): Token {
  return due({ rotateAfter: AFTER, soakTime: DAY }, { ...(seen && { upstream: upstream(seen) }), ...change });
}

describe('waiting', () => {
  const kinds = (token: Token, now: number): string[] =>
    assess(token, FACTS, now)
      .map((one) => `${one.kind} ${one.severity}`)
      .filter((text) => text.startsWith('rotation-deferred'));

  it('for a day or longer is reported, soon after the rotation is due and until its turn', () => {
    const frozen = due(calendar([], ['2026-02-04..2026-02-06 UTC']));
    assert.deepEqual(kinds(frozen, T0 + 30 * DAY), []);
    assert.deepEqual(kinds(frozen, T0 + 30 * DAY + 2 * HOUR), ['rotation-deferred info']);
    assert.match(
      assess(frozen, FACTS, T0 + 30 * DAY + 2 * HOUR).find((one) => one.kind === 'rotation-deferred')
        ?.detail ?? '',
      /waits for the end of a freeze, until 2026-02-07T00:00:00Z\.$/,
    );
    assert.deepEqual(kinds(frozen, Date.parse('2026-02-07T00:00:00Z')), []);
  });

  it('for a window, or for a few hours, is no news', () => {
    assert.deepEqual(kinds(due(calendar(['mon 10:00-12:00 UTC'])), T0 + 31 * DAY), []);
    assert.deepEqual(kinds(due(calendar([], ['2026-02-04..2026-02-04 UTC'])), T0 + 30 * DAY), []);
  });

  it('for a token that has not been rotated yet is reported, without alarm', () => {
    assert.deepEqual(kinds(following({}), T0 + 30 * DAY + 2 * HOUR), ['rotation-deferred info']);
  });
});

describe('a token that follows another', () => {
  const rotated = T0 + 31 * DAY;

  it('waits until that one was rotated after it, worked, and was seen to work when its soak was over', () => {
    assert.equal(upstreamHold(following({ rotatedAt: rotated })).opensAt, rotated + DAY);
    assert.equal(upstreamHold(following({ rotatedAt: rotated, seenAt: rotated + HOUR })).opensAt, Infinity);
    assert.equal(upstreamHold(following({ rotatedAt: T0 - DAY })).opensAt, Infinity);
    assert.equal(upstreamHold(following({})).opensAt, Infinity);
    assert.equal(upstreamHold(following({ rotatedAt: rotated, name: 'another' })).opensAt, Infinity);
    assert.equal(begins(following({ rotatedAt: rotated }), rotated + 5 * DAY), formatInstant(rotated + DAY));
  });

  it('waits while that one is in trouble, and says so once it is due', () => {
    const troubled = following({ rotatedAt: rotated, trouble: 'The issuer refuses it.' });
    assert.equal(begins(troubled), formatInstant(endOfWaiting(troubled)));
    const kinds = (now: number): string[] =>
      assess(troubled, FACTS, now)
        .map((one) => one.kind)
        .filter((kind) => kind !== 'validity-unknown');
    assert.deepEqual(kinds(T0 + 30 * DAY - 1), []);
    assert.deepEqual(kinds(T0 + 30 * DAY), ['rotation-deferred']);
    assert.deepEqual(kinds(endOfWaiting(troubled)), []);
  });

  it('is not called late while it waits, and is called late when nothing came of its turn', () => {
    const expiring = following(
      { trouble: 'It fails.' },
      {
        credentials: [
          {
            id: 'v1',
            origin: 'minted',
            state: 'current',
            issuedAt: T0,
            promotedAt: T0,
            expiresAt: T0 + 45 * DAY,
          },
        ],
      },
    );
    const kinds = (now: number): string[] =>
      assess(expiring, FACTS, now)
        .map((one) => one.kind)
        .filter((kind) => kind !== 'validity-unknown');
    assert.deepEqual(kinds(T0 + 37 * DAY), ['rotation-deferred']);
    assert.deepEqual(kinds(endOfWaiting(expiring) + 3 * HOUR), ['token-expiring']);
  });

  it('does not wait when a person asks, and not beyond the end of waiting', () => {
    assert.equal(
      begins(following(undefined, { rotateRequestedAt: T0 + MINUTE })),
      formatInstant(T0 + MINUTE),
    );
    assert.equal(begins(following(undefined)), formatInstant(T0 + 83 * DAY));
  });

  it('looks at that one when it is due, when the soak is over, and every hour that it waits', () => {
    const wish = { at: T0 + 30 * DAY, cause: 'due' } as const;
    assert.equal(nextLook(following(undefined, { inspectedAt: undefined }), wish), wish.at);
    assert.equal(nextLook(following({ seenAt: T0 + 29 * DAY, rotatedAt: T0 + 29 * DAY }), wish), wish.at);
    assert.equal(nextLook(following({ seenAt: rotated + HOUR, rotatedAt: rotated }), wish), rotated + DAY);
    assert.equal(nextLook(following({ seenAt: rotated, trouble: 'No.' }), wish), rotated + HOUR);
    assert.equal(nextLook(following({ rotatedAt: rotated }), wish), undefined);
    assert.equal(nextLook(due({}), wish), undefined);
  });
});
