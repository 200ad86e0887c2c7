import { SKEW, skewBy, skewOf } from '../issuer/issuer-clock.ts';
import { pendingConsumerText } from '../delivery/evidence.ts';
import type { Observation } from '../findings/findings.ts';
import { REVOKE_WITHIN } from '../policy/timing.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { DAY, MINUTE, formatDuration, formatInstant, type Instant, type Millis } from '../basics/time.ts';
import {
  TOLD_FOR,
  earliestEnd,
  hasExpired,
  isByDate,
  latestEnd,
  wasCutOff,
  type EndFacts,
} from '../validity/expiry.ts';

/** With less than this left, whoever still uses an old credential is about to be cut off. */
const LAST_DAY = DAY;

/** Consumers that move when the minimum grace is over are no news. */
const TIME_TO_MOVE = DAY;

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
  const cutOff = wasCutOff(token, one, seen.facts, now);
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
    hasExpired(token, one, seen.facts, now) ||
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
  const over = one.pendingConsumers === undefined ? [latest] : [latest, one.expiresAt + TOLD_FOR];
  return one.state === 'previous'
    ? [
        ...token.policy.warnBefore.map((before) => end - before),
        end - LAST_DAY,
        end,
        latest + REVOKE_WITHIN,
        ...over,
      ]
    : over;
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

function usersOf(one: Credential): string {
  const users = (one.pendingConsumers ?? []).map(pendingConsumerText);
  return users.length === 0
    ? 'its minimum grace period is not over by then, and consumers may hold it'
    : users.join('; ');
}
