import { isExposed } from '../token/exposure.ts';
import { disabledUntil } from '../token/disabled.ts';
import { isRetiring } from '../token/retirement.ts';
import { rotationWish } from '../rotation/next-rotation.ts';
import { startOf } from '../rotation/deferral.ts';
import { slotsLeft, type SlotFacts } from '../rotation/slots.ts';
import { openAttempt } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';
import type { Permits } from './permits.ts';
import { permittedBy } from './urgency.ts';

/**
 * Whether a credential is disabled before it is revoked: it leaked, its revocation has begun, somebody may
 * have used it, its policy leaves time for it, and nothing else wants it gone. One whose disabling came to
 * nothing, or was undone at the issuer, is revoked at once.
 */
export function isDisabledFirst(
  token: Token,
  one: Credential,
  seen: { permits: Permits; facts: SlotFacts; now: Instant },
): boolean {
  return (
    one.state === 'revoking' &&
    one.disabledAt === undefined &&
    one.notDisabledAt === undefined &&
    one.neverCurrent !== true &&
    token.policy.disableWait > 0 &&
    !isWantedGone(token, one) &&
    permittedBy(token, one, seen.permits) === 'exposed' &&
    !isSlotWanted(token, seen.facts, seen.now)
  );
}

/**
 * Whether a disabled credential still has its time: it leaked, and neither a person nor the next rotation
 * wants it gone.
 */
export function keepsDisabled(
  token: Token,
  one: Credential,
  seen: { facts: SlotFacts; now: Instant },
): boolean {
  const until = disabledUntil(token, one);
  return (
    until !== undefined &&
    seen.now < until &&
    one.revokedAt === undefined &&
    !isWantedGone(token, one) &&
    isExposed(token, one) &&
    !isSlotWanted(token, seen.facts, seen.now)
  );
}

function isWantedGone(token: Token, one: Credential): boolean {
  return one.askedBy !== undefined || isRetiring(token);
}

function isSlotWanted(token: Token, facts: SlotFacts, now: Instant): boolean {
  return (slotWantedAt(token, facts, now) ?? Infinity) <= now;
}

/**
 * From when on the next rotation waits for nothing but a slot; undefined where it wants none, or has one.
 */
export function slotWantedAt(token: Token, facts: SlotFacts, now: Instant): Instant | undefined {
  const wish = rotationWish(token);
  if (!wish || openAttempt(token) || slotsLeft(token, facts, now) > 0) return undefined;
  return startOf(token, wish, now).at;
}

/**
 * When a credential whose revocation has begun is looked at. A disabled one in whose way nothing stands goes
 * as soon as its slot is wanted.
 */
export function lookDueAt(token: Token, one: Credential, facts: SlotFacts, now: Instant): Instant {
  const at = one.lookAt ?? 0;
  const isHeldUp = one.verdict !== undefined || one.problem !== undefined;
  const isWaiting = one.disabledAt !== undefined && one.revokedAt === undefined && !isHeldUp;
  return isWaiting ? Math.min(at, slotWantedAt(token, facts, now) ?? at) : at;
}
