import { LEAST_APART } from './inactivity-proof.ts';
import { SKEW, skewBy, skewOf } from '../issuer/issuer-clock.ts';
import { isFilledByExpired } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import {
  DAY,
  FURTHEST_EAST,
  FURTHEST_WEST,
  MINUTE,
  formatDuration,
  formatInstant,
  type Instant,
  type Millis,
} from '../basics/time.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { pendingConsumerText } from '../delivery/evidence.ts';
import type { Observation } from '../findings/findings.ts';

/** Why a credential ended whose issuer ended it at its date. */
export const EXPIRED = 'it expired';

/** So long after its end consumers that were cut off are reported. */
const TOLD_FOR = 2 * DAY;

/** With less than this left, whoever still uses an old credential is about to be cut off. */
const LAST_DAY = DAY;

/** Consumers that move when the minimum grace is over are no news. */
const TIME_TO_MOVE = DAY;

/**
 * What decides when a credential ends by itself, and whether it is in the way then; where the step is not
 * known, the worst one counts.
 */
export type EndFacts = Partial<Pick<ProviderDescriptor, 'expiry' | 'slots'>>;

function isByDate(facts: EndFacts | undefined): boolean {
  return facts?.expiry === undefined || facts.expiry.step === 'day';
}

/**
 * From when on the issuer may refuse it: a date begins earlier where the issuer is, and clocks differ, by
 * `skew` at most. Undefined where it ends by no date.
 */
export function earliestEnd(one: Credential, facts: EndFacts | undefined, skew: Millis): Instant | undefined {
  return one.expiresAt === undefined
    ? undefined
    : one.expiresAt - skew - (isByDate(facts) ? FURTHEST_EAST : 0);
}

/** From when on the issuer refuses it for certain. Infinite where it ends by no date. */
export function latestEnd(one: Credential, facts: EndFacts | undefined, skew: Millis): Instant {
  return one.expiresAt === undefined
    ? Infinity
    : one.expiresAt + skew + (isByDate(facts) ? FURTHEST_WEST : 0);
}

/**
 * Whether the issuer has ended it by its date, wherever it is and however its clock is off as far as the
 * token's record knows.
 */
export function hasExpired(
  token: Pick<Token, 'issuerClock'>,
  one: Credential,
  facts: EndFacts | undefined,
  now: Instant,
): boolean {
  return latestEnd(one, facts, skewOf(token, now)) <= now;
}

/**
 * The credentials that take a slot: whatever is active, and what has expired where the issuer counts that
 * too. One whose revoke was accepted and that full lists leave out takes none, although the stronger proof of
 * its end is still waited for.
 */
export function taking(token: Token, facts: EndFacts | undefined, now: Instant): Credential[] {
  const shown = liveCredentials(token).filter((one) => !isOffTheList(one));
  return isFilledByExpired(facts?.slots) ? shown : shown.filter((one) => !hasExpired(token, one, facts, now));
}

/** Its issuer accepted the revoke, and two of its full lists, some time apart, show it no more. */
function isOffTheList({ revokedAt, absent }: Credential): boolean {
  return revokedAt !== undefined && absent !== undefined && absent.last - absent.since >= LEAST_APART;
}

/** The minimum grace with which an old credential has to stay active, as the schedule has it. */
export interface Watched {
  readonly facts: EndFacts | undefined;
  /** When it may be revoked at the earliest. */
  readonly graceEnds: Instant;
}

/**
 * An old credential that somebody uses, or may use, is watched like the current one: at each of the policy's
 * warnings before its end, and for a while after it was cut off.
 */
export function assessEnd(token: Token, one: Credential, seen: Watched, now: Instant): Observation[] {
  const subject = one.handle ?? one.id;
  const cutOff = wasCutOff(one, now);
  if (cutOff !== undefined)
    return [
      {
        kind: 'previous-credential-expiring',
        subject,
        severity: 'critical',
        detail:
          `The old credential ${subject} expired ${formatInstant(cutOff)} while it was in use, so its ` +
          `users are refused now: ${usersOf(one)}.`,
        warnings: token.policy.warnBefore.length,
      },
    ];
  const skew = skewOf(token, now);
  const end = earliestEnd(one, seen.facts, skew);
  if (
    one.state !== 'previous' ||
    one.expiresAt === undefined ||
    end === undefined ||
    !mayBeUsed(one, { ...seen, end }, now)
  )
    return [];
  const due = token.policy.warnBefore.filter((before) => now >= end - before).length;
  if (due === 0 && now < end - LAST_DAY) return [];
  const severity = now >= end - LAST_DAY ? 'critical' : 'warning';
  const outlook =
    severity === 'critical'
      ? { at: end, becomes: 'expired' as const }
      : { at: end - LAST_DAY, becomes: 'critical' as const };
  const detail =
    `The old credential ${subject} is still used, or may be, and expires ` +
    `${formatInstant(one.expiresAt)}, by its issuer's clock up to ${uncertainty(seen.facts, skew)} ` +
    `earlier: ${usersOf(one)}.`;
  return [
    {
      kind: 'previous-credential-expiring',
      subject,
      severity,
      detail,
      warnings: due,
      ...(end > now && { outlook }),
    },
  ];
}

/** By how much the end may come before its date, in words. */
function uncertainty(facts: EndFacts | undefined, skew: Millis): string {
  const clocks = skew > SKEW ? formatDuration(Math.ceil(skew / MINUTE) * MINUTE) : undefined;
  if (isByDate(facts)) return clocks === undefined ? 'half a day' : `half a day and ${clocks}`;
  return clocks ?? 'two minutes';
}

/**
 * Moments at which this changes by itself: with the skew on record, and with the usual one, since the
 * record's is believed for a time only.
 */
export function endTimes(token: Token, one: Credential, facts: EndFacts | undefined): Instant[] {
  return [...new Set([SKEW, skewBy(token.issuerClock)])].flatMap((skew) =>
    endTimesWith(skew, token, one, facts),
  );
}

function endTimesWith(skew: Millis, token: Token, one: Credential, facts: EndFacts | undefined): Instant[] {
  const end = earliestEnd(one, facts, skew);
  if (end === undefined || one.expiresAt === undefined) return [];
  const latest = latestEnd(one, facts, skew);
  if (one.state === 'previous')
    return [...token.policy.warnBefore.map((before) => end - before), end - LAST_DAY, end, latest];
  return one.pendingConsumers === undefined ? [latest] : [latest, one.expiresAt + TOLD_FOR];
}

/**
 * A consumer was seen to use it, or its minimum grace is not over when it ends, so that consumers may still
 * hold it. Within its minimum grace it is meant to be used, and a day is given to consumers that move at its
 * end: until then a use counts in its last day alone.
 */
function mayBeUsed(one: Credential, seen: Watched & { readonly end: Instant }, now: Instant): boolean {
  if (one.withoutGrace === true) return false;
  const isLate = now >= Math.min(seen.graceEnds + TIME_TO_MOVE, seen.end - LAST_DAY);
  return (isLate && (one.pendingConsumers?.length ?? 0) > 0) || seen.end < seen.graceEnds;
}

/** When one ended by its date that was in use, as long as that is reported. */
export function wasCutOff(one: Credential, now: Instant): Instant | undefined {
  const isOver =
    (one.state === 'ended' || one.state === 'revoking') &&
    one.reason === EXPIRED &&
    (one.pendingConsumers?.length ?? 0) > 0;
  return isOver && one.expiresAt !== undefined && now < one.expiresAt + TOLD_FOR ? one.expiresAt : undefined;
}

function usersOf(one: Credential): string {
  const users = (one.pendingConsumers ?? []).map(pendingConsumerText);
  return users.length === 0
    ? 'its minimum grace period is not over by then, and consumers may hold it'
    : users.join('; ');
}
