import { lastOpening, nextOpening } from '../basics/calendar.ts';
import { calendarOf } from '../policy/policy.ts';
import type { Cause } from '../token/attempt.ts';
import { beyondUsual } from '../issuer/issuer-clock.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, type Instant } from '../basics/time.ts';

/** A rotation that is wanted from some moment on. */
export interface Wish {
  readonly at: Instant;
  readonly cause: Cause;
}

/** When a wish may be granted, and what it waits for until then. */
export interface Start {
  readonly at: Instant;
  readonly waitsFor?: string;
}

/**
 * These can wait for a better hour, or for another token; all others are somebody's decision, or cannot make
 * anything worse.
 */
function canWait(cause: Cause): boolean {
  return cause === 'due' || cause === 'expiry';
}

/**
 * When a wished rotation may begin: within windows, outside of freezes, after the token it follows. Where
 * waiting would last beyond the end of all waiting, it comes earlier than wished; and where that is no longer
 * possible, it breaks the rule rather than let the token end.
 */
export function startOf(token: Token, wish: Wish, now: Instant): Start {
  if (!canWait(wish.cause)) return { at: wish.at };
  const limit = Math.max(endOfWaiting(token), wish.at);
  const hold = upstreamHold(token);
  const from = Math.max(wish.at, hold.opensAt);
  if (from > limit) return { at: limit, ...(hold.waitsFor !== undefined && { waitsFor: hold.waitsFor }) };
  const base = Math.max(from, now);
  const open = nextOpening(calendarOf(token.policy), base);
  if (open === base) return { at: from };
  if (open !== undefined && open <= limit)
    return { at: open, waitsFor: isFrozen(token, base) ? 'the end of a freeze' : NEXT_WINDOW };
  const early = from === wish.at ? beforehand(token, wish.at, now) : undefined;
  return {
    at: early ?? limit,
    waitsFor:
      early === undefined
        ? 'the end of a freeze, as long as it can'
        : 'the last window before it would be too late',
  };
}

/** What a rotation waits for that has windows; it is not reported. */
export const NEXT_WINDOW = 'its next window';

/** Whether it could begin earlier if there were no freeze. */
function isFrozen({ policy }: Token, at: Instant): boolean {
  return (
    nextOpening({ windows: policy.rotationWindows, freezes: [] }, at) !== nextOpening(calendarOf(policy), at)
  );
}

/**
 * Half of the lead before its end a token waits for nothing any more. The policy's longest age stands for an
 * unknown expiry.
 */
export function endOfWaiting(token: Token): Instant {
  return endOfLife(token) - token.policy.rotateBeforeExpiry / 2;
}

function endOfLife(token: Token): Instant {
  const current = currentOf(token);
  const oldest = (current?.issuedAt ?? current?.promotedAt ?? token.enrolledAt) + token.policy.maxAge;
  return Math.min(oldest, (current?.expiresAt ?? Infinity) - beyondUsual(token));
}

/**
 * The beginning of the last open stretch before a moment, of which a day is enough; undefined when it is over
 * already.
 */
function beforehand(token: Token, at: Instant, now: Instant): Instant | undefined {
  const early = lastOpening(calendarOf(token.policy), at);
  const earliest = Math.max(now, currentOf(token)?.promotedAt ?? 0);
  if (early === undefined || early < earliest) return undefined;
  return nextOpening(calendarOf(token.policy), Math.max(early - DAY, earliest));
}

interface Hold {
  /** Infinite while it is shut. */
  readonly opensAt: Instant;
  readonly waitsFor?: string;
  /** What is wrong with the token it waits for. */
  readonly trouble?: string;
}

const OPEN: Hold = { opensAt: 0 };

/**
 * A token that follows another one may start when that one was rotated since, works, and was seen to work
 * once its soak was over.
 */
export function upstreamHold(token: Token): Hold {
  const { rotateAfter: after, soakTime: soak } = token.policy;
  if (after === undefined) return OPEN;
  const seen = token.upstream?.name === after ? token.upstream : undefined;
  if (!seen) return { opensAt: Infinity, waitsFor: `a look at ${after}` };
  if (seen.trouble !== undefined) return { opensAt: Infinity, waitsFor: after, trouble: seen.trouble };
  const since = currentOf(token)?.promotedAt ?? token.enrolledAt;
  if (seen.rotatedAt === undefined || seen.rotatedAt <= since)
    return { opensAt: Infinity, waitsFor: `${after} to be rotated first` };
  const soaked = seen.rotatedAt + soak;
  return seen.seenAt >= soaked
    ? { opensAt: soaked }
    : { opensAt: Infinity, waitsFor: `${after} to have worked long enough` };
}

/** How often a token looks at the one it waits for. */
const LOOK_EVERY = HOUR;

/** When a token that waits for another one has to look at it next; undefined when it does not wait. */
export function nextLook(token: Token, wish: Wish | undefined): Instant | undefined {
  if (!wish || !canWait(wish.cause) || upstreamHold(token).opensAt < Infinity) return undefined;
  const seen = token.upstream?.name === token.policy.rotateAfter ? token.upstream : undefined;
  if (!seen)
    return token.inspectedAt === undefined ? wish.at : Math.max(wish.at, token.inspectedAt + LOOK_EVERY);
  const soaked = seen.rotatedAt === undefined ? 0 : seen.rotatedAt + token.policy.soakTime;
  return Math.max(
    wish.at,
    seen.seenAt + LOOK_EVERY,
    seen.seenAt < soaked && seen.trouble === undefined ? soaked : 0,
  );
}
