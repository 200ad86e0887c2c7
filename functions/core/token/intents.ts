import type { Attempt } from './attempt.ts';
import { isRetiring } from './retirement.ts';
import { hasExposedMint, isExposed } from './exposure.ts';
import { moveCredential } from './transitions.ts';
import { MINUTE, type Instant } from '../basics/time.ts';
import { currentOf } from './lookups.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';

/** The sweep finishes a return that was broken off after this long. */
const LOOK_AGAIN = 10 * MINUTE;

/** Why Keyturn must not make a credential current, in words that go on after "it"; undefined when it may. */
export function unfitFor(token: Token, one: Credential): string | undefined {
  if (isRetiring(token)) return 'belongs to a token that a person ended';
  if (one.askedBy !== undefined) return `is to be revoked: ${one.askedBy} asked for it`;
  if (isExposed(token, one)) return 'has leaked';
  return one.withoutGrace === true
    ? `is to be revoked: ${one.reason ?? 'it must not be used any more'}`
    : undefined;
}

/**
 * Why the label must not be moved to what a rotation made, although its promotion is claimed; undefined when
 * it may.
 */
export function unfitAttempt(token: Token, attempt: Attempt): string | undefined {
  if (attempt.halted === true || hasExposedMint(token, attempt)) return 'a credential leaked meanwhile';
  if (attempt.inactive === true || attempt.state !== 'promoting') return `it is over (${attempt.state})`;
  return token.ending === undefined ? undefined : 'a person ended the token meanwhile';
}

/** Claims a previous credential to become current again in the place of the one that is current now. */
export function claimedRestore(token: Token, id: string, now: Instant): Token {
  return moveCredential(token, id, 'claim-rollback', {
    lookAt: now + LOOK_AGAIN,
    revocationBegunAt: now,
    restoreFrom: currentOf(token)?.id,
    returnFailedAt: undefined,
  });
}

/** Why a return that is under way is not what was asked for any more. */
export function lapseOf(token: Token, one: Credential): string | undefined {
  if (one.state !== 'rolling-back') return 'is not claimed for it any more';
  const isOvertaken = one.restoreFrom !== undefined && currentOf(token)?.id !== one.restoreFrom;
  return (
    unfitFor(token, one) ??
    (isOvertaken ? 'was to take the place of another credential than the one that is current now' : undefined)
  );
}

/**
 * A return was asked for in one state of the record; it is given up when that has changed. What is to be
 * revoked goes to its end instead.
 */
export function lapsed(token: Token): Token {
  const over = token.credentials.filter(
    (one) => one.state === 'rolling-back' && lapseOf(token, one) !== undefined,
  );
  return over.reduce(
    (doing, one) => moveCredential(doing, one.id, 'release', { lookAt: undefined, restoreFrom: undefined }),
    token,
  );
}
