import { isExposed } from '../token/exposure.ts';
import { replacementWish } from '../incidents/incidents.ts';
import { unfitFor } from '../token/intents.ts';
import { isAtRest } from '../token/rotatable.ts';
import { slotsLeft, type SlotFacts } from './slots.ts';
import { DAY, type Instant, type Millis } from '../basics/time.ts';
import { currentOf, openAttempt } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';

/** One that could not be made current again is not tried again before that. */
const TRIED_AGAIN: Millis = DAY;

/** A credential that Keyturn makes current again by itself, and from when on. */
export interface Return {
  readonly at: Instant;
  readonly to: Credential;
}

/**
 * What leaked is current, and no slot is free for a new credential: the previous one that is good, and did
 * not leak, takes its place. Otherwise it would be in the way of the answer. Undefined where a rotation can
 * do it, where nothing is good enough, or where it failed lately.
 */
export function returnWish(token: Token, facts: SlotFacts, now: Instant): Return | undefined {
  const current = currentOf(token);
  const wished = replacementWish(token);
  const isIdle = !isAtRest(token) && openAttempt(token) === undefined;
  if (
    !isIdle ||
    wished === undefined ||
    !current ||
    !isExposed(token, current) ||
    slotsLeft(token, facts, now) > 0
  )
    return undefined;
  if (token.credentials.some((one) => one.state === 'rolling-back')) return undefined;
  const good = token.credentials
    .filter((one) => isGood(token, one, now))
    .toSorted((a, b) => (b.supersededAt ?? 0) - (a.supersededAt ?? 0));
  const [to] = good;
  return to && { at: wished, to };
}

function isGood(token: Token, one: Credential, now: Instant): boolean {
  if (one.state !== 'previous' || one.versionId === undefined || unfitFor(token, one) !== undefined)
    return false;
  const isOver = one.expiresAt !== undefined && one.expiresAt <= now;
  return !isOver && (one.returnFailedAt === undefined || now - one.returnFailedAt >= TRIED_AGAIN);
}
