import { hasExposedMint, isExposed } from './exposure.ts';
import { standing } from '../findings/reported-findings.ts';
import type { Token } from './token.ts';
import { holderOfCurrent, isUnderWay } from './lookups.ts';
import type { Instant } from '../basics/time.ts';

/** How many ended attempts and ended credentials a record keeps. Older ones stay in the history. */
const KEPT_ENDED = 5;

/**
 * Forgets the oldest ended attempts and ended credentials, and notes whose time is over, so that a record
 * stays small. What leaked is kept as long as its incident is: without it, its validity could not be known.
 */
export function pruned(token: Token, now: Instant): Token {
  const endedAttempts = token.attempts.filter(
    (one) =>
      !isUnderWay(one) &&
      one.tidy === true &&
      !hasExposedMint(token, one) &&
      !one.mints.some((mint) => mint.forgotten !== undefined && mint.fingerprint !== undefined),
  );
  const holder = holderOfCurrent(token);
  const endedCredentials = token.credentials.filter(
    (one) =>
      one.state === 'ended' &&
      one !== holder &&
      one.askAgain === undefined &&
      one.forgotten === undefined &&
      !isExposed(token, one),
  );
  const dropAttempts = new Set(endedAttempts.slice(0, -KEPT_ENDED).map((one) => one.id));
  const dropCredentials = new Set(endedCredentials.slice(0, -KEPT_ENDED).map((one) => one.id));
  const noted = standing(token, now);
  if (dropAttempts.size === 0 && dropCredentials.size === 0 && noted.length === token.noted.length)
    return token;
  return {
    ...token,
    noted,
    attempts: token.attempts.filter((one) => !dropAttempts.has(one.id)),
    credentials: token.credentials.filter((one) => !dropCredentials.has(one.id)),
  };
}
