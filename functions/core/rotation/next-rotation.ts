import { LONGEST_BACKOFF, beforeExpiry } from '../policy/timing.ts';
import { beyondUsual } from '../issuer/issuer-clock.ts';
import { replacementWish } from '../incidents/incidents.ts';
import { nextMintAt } from './lost-creations.ts';
import { startOf, type Start, type Wish } from './deferral.ts';
import { fractionOf } from '../basics/names.ts';
import { isAtRest } from '../token/rotatable.ts';
import { currentOf, isUnderWay, openAttempt } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { DAY, MINUTE, type Instant, type Millis } from '../basics/time.ts';
import { whyNotReplaced } from './replacement.ts';
import { type SlotFacts, slotsLeft } from './slots.ts';

/** A token that became inactive early is replaced without a person at most so often. */
export const REVIVE_EVERY = 7 * DAY;

const ADOPTED_REST = DAY;

/** While a leaked credential waits for its replacement. */
const LONGEST_BACKOFF_LEAKED = 5 * MINUTE;

/**
 * What a health signal withdrew is not tried again at once, were the old one ever so old: a person can ask
 * for it, and the interval and the expiry of the credential that came back count from its return, as after
 * any promotion.
 */
const AFTER_WITHDRAWAL = DAY;

function earliest(wishes: readonly Wish[]): Wish | undefined {
  return wishes.reduce<Wish | undefined>(
    (best, one) => (best === undefined || one.at < best.at ? one : best),
    undefined,
  );
}

/**
 * When a token wants its next rotation and why; undefined when it wants none. Windows, slots and attempts
 * under way are not looked at.
 */
export function rotationWish(token: Token): Wish | undefined {
  if (isAtRest(token)) return undefined;
  const leakedAt = replacementWish(token);
  if (leakedAt !== undefined) return { at: leakedAt, cause: 'incident' };
  const wishes: Wish[] = [];
  if (token.submitted !== undefined) wishes.push({ at: token.submitted.at, cause: 'operator' });
  if (token.rotateRequestedAt !== undefined) wishes.push({ at: token.rotateRequestedAt, cause: 'operator' });
  const current = currentOf(token);
  if (!current) wishes.push({ at: token.enrolledAt, cause: 'first' });
  if (current) wishes.push(...wishesOf(current, token));
  return earliest(wishes);
}

function wishesOf(current: Credential, token: Token): Wish[] {
  const since = current.promotedAt ?? token.enrolledAt;
  const wishes: Wish[] = [{ at: since + token.policy.rotateEvery - jitterOf(token, current), cause: 'due' }];
  if (current.issuedAt !== undefined)
    wishes.push({
      at: Math.max(tooOldAt(token), (token.withdrawn?.at ?? 0) + AFTER_WITHDRAWAL),
      cause: 'due',
    });
  // It may have ended already, and nothing has taken its place.
  if (current.replacing !== undefined) wishes.push({ at: current.replacing.at, cause: 'retry' });
  const revive = reviveAt(token);
  if (revive !== undefined) wishes.push({ at: revive, cause: 'inactive' });
  if (token.adminLeakedAt !== undefined) wishes.push({ at: token.adminLeakedAt, cause: 'incident' });
  if (current.expiresAt !== undefined)
    wishes.push({
      at: beforeExpiry(since, current.expiresAt, token.policy.rotateBeforeExpiry + beyondUsual(token)),
      cause: 'expiry',
    });
  return wishes;
}

/**
 * When the current credential reaches the longest age of its policy; where its creation date is unknown,
 * counted from its enrolment.
 */
export function longestAgeAt(token: Token): Instant {
  return (currentOf(token)?.issuedAt ?? token.enrolledAt) + token.policy.maxAge;
}

/**
 * When the current credential is to be replaced for its age: at the policy's longest age, where its creation
 * date is unknown, from its enrolment on. One that was too old already when it was adopted is left in place
 * for a day, so that its owner hears of it first.
 */
export function tooOldAt(token: Token): Instant {
  const current = currentOf(token);
  if (!current) return Infinity;
  const rest = current.origin === 'adopted' ? (current.promotedAt ?? token.enrolledAt) + ADOPTED_REST : 0;
  return Math.max(longestAgeAt(token), rest);
}

/**
 * When a token that became inactive early is replaced without a person. Once a week at most: who revokes a
 * second one within the week means it, or the issuer does not bear it, and a person decides.
 */
export function reviveAt(token: Token): Instant | undefined {
  if (token.refusedSince === undefined || token.policy.onInactive !== 'rotate') return undefined;
  return Math.max(token.refusedSince, (token.revivedAt ?? -REVIVE_EVERY) + REVIVE_EVERY);
}

/** The same for one credential whenever it is asked for, and another for each. */
function jitterOf(token: Token, current: Credential): Millis {
  return Math.floor(token.policy.jitter * fractionOf(`${token.id}\n${current.id}`));
}

/** How long to wait after a failed rotation: nothing after the first, then longer and longer. */
export function backoff(failures: number): Millis {
  return failures <= 1 ? 0 : Math.min(LONGEST_BACKOFF, 10 * MINUTE * 2 ** (failures - 2));
}

/** The next rotation: when it may begin, why, since when it is wanted, and what it waits for. */
export interface Rotation extends Wish, Start {
  readonly wishedAt: Instant;
}

/**
 * The rotation a token wants as things stand; undefined while another one is under way, untidy, or has no
 * slot.
 */
export function nextRotation(token: Token, facts: SlotFacts, now: Instant): Rotation | undefined {
  const wish = rotationWish(token);
  if (!wish || openAttempt(token) || slotsLeft(token, facts, now) <= 0) return undefined;
  if (waitsForValue(token, facts) || whyNotReplaced(token, facts) !== undefined) return undefined;
  if (token.attempts.some((attempt) => !isUnderWay(attempt) && attempt.tidy !== true)) return undefined;
  if (token.failedAt === undefined || token.failures === 0)
    return { ...startOf(token, wish, now), cause: wish.cause, wishedAt: wish.at };
  const isUrgent = wish.cause === 'incident' || currentOf(token)?.replacing !== undefined;
  const again = Math.max(
    nextMintAt(token),
    token.failedAt + Math.min(backoff(token.failures), isUrgent ? LONGEST_BACKOFF_LEAKED : Infinity),
  );
  const start = startOf(token, wish, Math.max(now, again));
  return {
    ...start,
    at: Math.max(start.at, again),
    cause: wish.cause === 'incident' ? wish.cause : 'retry',
    wishedAt: Math.max(wish.at, again),
  };
}

/** Whether only a person can create the next value, and none was submitted yet. */
export function waitsForValue(token: Token, { value }: Pick<SlotFacts, 'value'>): boolean {
  return value === 'person' && token.submitted === undefined;
}

/**
 * When an old credential may be looked at for its end: minimum grace is over, no consumer can hold the value
 * in a cache, and no health signal asks for it any more.
 */
export function graceEnds(token: Token, one: Credential): Instant {
  if (one.withoutGrace) return one.supersededAt ?? 0;
  return (one.supersededAt ?? 0) + leastGrace(token.policy);
}

/** How long an old credential stays active at least. */
export function leastGrace({
  minGrace,
  cacheTtl: cache,
  healthSignals: health,
  bakeTime: watch,
}: Token['policy']): Millis {
  return Math.max(minGrace, cache, health.length === 0 ? 0 : watch);
}
