import type { Attempt } from './attempt.ts';
import { recordedForRevocation } from './recorded-for-revocation.ts';
import { moveAttempt, withAttempt } from './transitions.ts';
import { isUnderWay } from './lookups.ts';
import type { Token } from './token.ts';
import type { Instant } from '../basics/time.ts';

/**
 * The rotations of a secret that is gone are over: no version is left to store into, and what they made is
 * named with whatever else of the token is active. Pure; twice is once.
 */
export function withoutRotations(token: Token, now: Instant): Token {
  return token.attempts
    .filter((one) => isUnderWay(one) || one.tidy !== true)
    .reduce((doing, one) => withoutRotation(doing, one, now), token);
}

/** The same for one of them. One that was about to be promoted may have been current. */
export function withoutRotation(token: Token, attempt: Attempt, now: Instant): Token {
  const ended = isUnderWay(attempt)
    ? moveAttempt(moveAttempt(token, attempt.id, 'claim-abort'), attempt.id, 'abort', { endedAt: now })
    : token;
  const tidy = withAttempt(ended, attempt.id, (one) => ({ ...one, tidy: true }));
  if (attempt.state === 'promoted') return tidy;
  return attempt.mints.reduce((doing, { handle, createdAt, fingerprint, reach, expiresAt }) => {
    if (handle === undefined) return doing;
    return recordedForRevocation(doing, {
      handle,
      createdAt,
      fingerprint,
      reach,
      expiresAt,
      at: now,
      origin: 'minted',
      neverCurrent: attempt.state !== 'promoting',
      reason: `made by the rotation ${attempt.id}, whose secret is gone`,
    });
  }, tidy);
}
