import { OVERDUE_AFTER } from './assess-status.ts';
import type { Observation } from '../findings/findings.ts';
import { creationEnds } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { NEXT_WINDOW, endOfWaiting, upstreamHold, startOf, type Wish } from '../rotation/deferral.ts';
import { limitText, slotsLeft, type SlotFacts } from '../rotation/slots.ts';
import { rotationWish } from '../rotation/next-rotation.ts';
import { NO_VALUE, strangeSlot } from '../rotation/replacement.ts';
import { currentOf, openAttempt } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, formatInstant, type Instant } from '../basics/time.ts';
import { severityByExpiry } from './time-left.ts';

/** What the assessment needs to know of a provider. */
export type Facts = Pick<ProviderDescriptor, 'slots' | 'byPerson' | 'lastUsedEvery' | 'lags'> & SlotFacts;

/** An attempt is called stuck this long after its deadline. */
export const STUCK_AFTER = HOUR;

/**
 * One failure that passes by itself is no news; one that does not, or a second one, is. It also stands for
 * what makes the secret unusable: one cause, one finding.
 */
export function hasFailed(token: Token): boolean {
  return token.failures >= 2 || (token.failures >= 1 && token.lastError?.lasting === true);
}

/** Then another finding says why no rotation can begin. */
function isSwitchedOff(token: Token): boolean {
  return (
    token.lastError?.code === 'rotation-disabled' &&
    token.noted.some((one) => one.kind === 'rotation-disabled')
  );
}

export function assessStuck(token: Token, now: Instant): Observation[] {
  const attempt = openAttempt(token);
  if (!attempt || now < attempt.deadline + STUCK_AFTER) return [];
  return [
    {
      kind: 'rotation-stuck',
      severity: severityByExpiry(token, now),
      detail: `The rotation ${attempt.id} should have ended by ${formatInstant(attempt.deadline)}.`,
    },
  ];
}

export function assessRotation(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  const found = assessStuck(token, now);
  const attempt = openAttempt(token);
  if (hasFailed(token) && !isSwitchedOff(token))
    found.push({
      kind: 'rotation-failed',
      severity: severityByExpiry(token, now),
      detail: token.lastError?.message ?? 'The last rotations were aborted.',
    });
  if (facts && creationEnds(facts) && !currentOf(token) && token.unusable === undefined)
    found.push({
      kind: 'secret-unusable',
      severity: 'warning',
      detail: strangeSlot(token.name, NO_VALUE),
    });
  const wish = rotationWish(token);
  if (!attempt && facts && wish && now >= lateAt(token, wish) && slotsLeft(token, facts, now) <= 0)
    found.push({
      kind: 'credential-limit-reached',
      severity: severityByExpiry(token, now),
      detail: `A rotation is due since ${formatInstant(wish.at)} and waits: ${limitText(facts)}.`,
    });
  return found;
}

/**
 * A rotation that could not happen gets its time from when it can, and one that has to wait from its turn.
 */
export function lateAt(token: Token, wish: Wish): Instant {
  return Math.max(startOf(token, wish, wish.at).at, token.usableSince ?? 0) + OVERDUE_AFTER;
}

/**
 * Whoever owns a token that will wait for a day or longer should know; at once, and with more weight, where
 * it waits for a token that is in trouble.
 */
const TELL_OF_WAITING = DAY;

export function assessHold(token: Token, now: Instant): Observation[] {
  const wish = rotationWish(token);
  const start = wish && startOf(token, wish, wish.at);
  if (!wish || start?.waitsFor === undefined || now < wish.at || now >= start.at) return [];
  const { trouble } = upstreamHold(token);
  // What it waits for may be over already, which it sees at its next look.
  const isSoon = now < wish.at + OVERDUE_AFTER || start.at - wish.at < TELL_OF_WAITING;
  if (trouble === undefined && (start.waitsFor === NEXT_WINDOW || isSoon)) return [];
  const until = `until ${formatInstant(start.at)}${start.at === endOfWaiting(token) ? ' at most' : ''}`;
  const detail =
    `Its rotation is due since ${formatInstant(wish.at)} and waits for ${start.waitsFor}, ` +
    `${until}${trouble === undefined ? '.' : `: ${trouble}`}`;
  return [{ kind: 'rotation-deferred', severity: trouble === undefined ? 'info' : 'warning', detail }];
}
