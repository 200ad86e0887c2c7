import { givenSince } from '../validity/scope-drift.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import type { Observation } from '../findings/findings.ts';
import { saysNotActive } from '../validity/not-active.ts';
import { noAnswerAt } from '../validity/validity.ts';
import { longestAgeAt, tooOldAt } from '../rotation/next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { HOUR, formatDuration, formatInstant, type Instant } from '../basics/time.ts';

type Facts = Pick<ProviderDescriptor, 'lags'>;

/** A rotation is called overdue this long after it should have been. */
export const OVERDUE_AFTER = 2 * HOUR;

/**
 * What is wrong with the age of the current credential, with what is known of it, and with what it may do.
 */
export function assessStatus(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  return [...assessAge(token, now), ...assessSilence(token, facts, now), ...assessAccess(token)];
}

/** Moments at which that changes by itself. */
export function statusTimes(token: Token): Instant[] {
  return currentOf(token) ? [overAgeAt(token), tooOldAt(token) + OVERDUE_AFTER, noAnswerAt(token)] : [];
}

/**
 * Each credential past its maximum age is reported. A value that was too old already when it was adopted is a
 * warning until its rotation is late too.
 */
function assessAge(token: Token, now: Instant): Observation[] {
  if (now < overAgeAt(token)) return [];
  const issued = currentOf(token)?.issuedAt;
  const age =
    issued === undefined ? `known since ${formatInstant(token.enrolledAt)}` : `of ${formatInstant(issued)}`;
  const detail =
    `The current credential is ${age}, and its policy allows at most ` +
    `${formatDuration(token.policy.maxAge)}.`;
  const isLate = now >= tooOldAt(token) + OVERDUE_AFTER;
  return [
    {
      kind: 'max-age-exceeded',
      severity: isLate && token.policy.onMaxAge !== 'warn' ? 'critical' : 'warning',
      detail,
    },
  ];
}

/** Where no creation date is known, a credential is at least as old as its enrolment. */
export function overAgeAt(token: Token): Instant {
  return currentOf(token) ? longestAgeAt(token) + OVERDUE_AFTER : Infinity;
}

/**
 * An issuer that says nothing of the current value is reported, unless another finding says why Keyturn did
 * not ask. What its lists say against the credential weighs more, and does not wait.
 */
function assessSilence(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  const current = currentOf(token);
  const isMute = current === undefined || token.refusedSince !== undefined || token.unusable !== undefined;
  if (isMute) return [];
  const against = saysNotActive(current, facts);
  if (against === undefined && now < noAnswerAt(token)) return [];
  const silence =
    'Whether the current value works is not known since ' +
    `${formatInstant(token.activeAt ?? token.enrolledAt)}.`;
  return [
    {
      kind: 'validity-unknown',
      severity: against === undefined ? 'warning' : 'critical',
      detail: [silence, against, lastAnswer(token)].filter((part) => part !== undefined).join(' '),
    },
  ];
}

function lastAnswer({ validity }: Token): string | undefined {
  return validity?.reason === undefined ? undefined : `The last time: ${validity.reason.replace(/\.$/, '')}.`;
}

/** What a person, or else its policy, lets a token do; undefined where neither says. */
export function approvedScopes(token: Token): readonly string[] | undefined {
  return token.reviews?.findLast((one) => one.decision === 'approved')?.scopes ?? token.policy.scopes;
}

/**
 * What a token was seen to be allowed to do beyond what was approved, and what a person refused. What it was
 * given at its issuer since it was made is told as that.
 */
function assessAccess(token: Token): Observation[] {
  const last = token.reviews?.at(-1);
  const approved = approvedScopes(token);
  const given = givenSince(token);
  const beyond =
    approved === undefined
      ? []
      : (token.scopes ?? []).filter((scope) => !approved.includes(scope) && !given.includes(scope));
  const found: Observation[] = [];
  if (beyond.length > 0)
    found.push({
      kind: 'over-privileged',
      severity: 'warning',
      detail: `It may do ${beyond.join(', ')}, and only ${approved?.join(', ') || 'nothing'} was approved.`,
    });
  if (last?.decision === 'refused')
    found.push({
      kind: 'review-rejected',
      severity: 'warning',
      detail:
        `Refused by ${last.by} ${formatInstant(last.at)}: ` +
        `${last.reason?.replace(/\.$/, '') ?? 'no reason was given'}.`,
    });
  return found;
}
