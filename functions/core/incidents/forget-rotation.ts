import { KeyturnError } from '../basics/errors.ts';
import type { Instant } from '../basics/time.ts';
import type { Attempt, Mint } from '../token/attempt.ts';
import { hasExposedMint } from '../token/exposure.ts';
import type { Token } from '../token/token.ts';
import { attemptOf, isUnderWay } from '../token/lookups.ts';
import { withAttempt } from '../token/transitions.ts';
import { telling } from '../token/telling.ts';

/** A person has Keyturn no longer look for what a rotation may have left. */
export interface ForgettingRotation {
  readonly attemptId: string;
  readonly by: string;
  readonly reason: string;
  readonly now: Instant;
}

/**
 * The rotation of this id that is over and may have left a credential that nothing accounts for: its issuer
 * never answered; undefined for any other.
 */
export function lostRotation(token: Token, id: string): Attempt | undefined {
  const attempt = attemptOf(token, id);
  const isLeft = attempt !== undefined && !isUnderWay(attempt) && attempt.tidy !== true;
  return isLeft && attempt.mints.some(isUnanswered) ? attempt : undefined;
}

/** A creation whose answer was lost, and which is still looked for. */
export function isUnanswered(mint: Mint): boolean {
  return mint.handle === undefined && mint.forgotten === undefined;
}

/** Why it cannot be forgotten what a rotation may have left, in one sentence; undefined where it can. */
export function whyRotationKept(token: Token, attempt: Attempt): string | undefined {
  return hasExposedMint(token, attempt)
    ? `What the rotation ${attempt.id} of ${token.name} made leaked, and may be active: name its account ` +
        'under formerly in the grant.'
    : undefined;
}

/**
 * Leaves a tombstone of each creation that was never answered: it is looked for no more, and holds up no
 * rotation. It is not called revoked, and is looked for again when it leaks. What else the rotation made is
 * accounted for as ever. Twice is once. Error: `bad-request` for what outsiders have.
 */
export function withForgottenRotation(token: Token, wish: ForgettingRotation): Token {
  const { attemptId, by, reason, now } = wish;
  const attempt = lostRotation(token, attemptId);
  if (!attempt) return token;
  const objection = whyRotationKept(token, attempt);
  if (objection !== undefined) throw new KeyturnError('bad-request', objection);
  const left = withAttempt(token, attemptId, (one) => ({
    ...one,
    mints: one.mints.map((mint) =>
      isUnanswered(mint) ? { ...mint, forgotten: { at: now, by, reason } } : mint,
    ),
  }));
  return telling(left, {
    what: 'forgotten',
    about: attemptId,
    detail:
      `what the rotation ${attemptId} may have left is looked for no more, and may be active: ` + reason,
    by,
    at: now,
  });
}

/** What was forgotten and is out now is looked for again. */
export function recalledRotations(token: Token, fingerprint: string | undefined): Token {
  const isMeant = (mint: Mint): boolean =>
    mint.forgotten !== undefined && fingerprint !== undefined && mint.fingerprint === fingerprint;
  const meant = token.attempts.filter((one) => one.mints.some(isMeant));
  return meant.reduce(
    (doing, { id }) =>
      withAttempt(doing, id, (one) => ({
        ...one,
        tidy: false,
        mints: one.mints.map((mint) => (isMeant(mint) ? { ...mint, forgotten: undefined } : mint)),
      })),
    token,
  );
}
