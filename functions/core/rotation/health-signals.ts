import { unfitFor } from '../token/intents.ts';
import { wasSetAside } from '../token/kept-versions.ts';
import { HOUR, type Instant } from '../basics/time.ts';
import { attemptOf, currentOf, credentialOf, isUnderWay, openAttempt } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';

/**
 * Names in a policy's `healthSignals` that begin so are custom signals on Keyturn's bus; all others are
 * CloudWatch alarms.
 */
export const CUSTOM_SIGNAL = 'event:';

/** Events may come late: what was watched is known for so long after the watch. */
export const WATCH_KEPT = 6 * HOUR;

/** A token in the time after a promotion in which a signal brings its previous credential back. */
export interface Watcher {
  readonly tokenId: string;
  readonly provider: string;
  /** The credential that was promoted. */
  readonly credentialId: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** Something is wrong since `firedAt`, says the signal that a policy names. */
export interface Firing {
  readonly credentialId: string;
  readonly signal: string;
  readonly firedAt: Instant;
}

/** What a signal means for a token as its record stands. */
export type Withdrawal =
  /**
   * Nothing: another credential is current, the signal is not watched, or it did not fire within the watch.
   */
  | { readonly kind: 'none'; readonly why: string }
  /** The promotion is not on record yet, or the next rotation has begun: to be asked again. */
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'back'; readonly to: Credential }
  /** No earlier credential is active that could become current again. */
  | { readonly kind: 'stuck' };

/**
 * Decides what follows from a signal. Pure; a signal that comes twice, late or out of order finds what it
 * changed, or no watch.
 */
export function withdrawalOf(token: Token, firing: Firing): Withdrawal {
  const attempt = attemptOf(token, firing.credentialId);
  if (attempt && isUnderWay(attempt)) return { kind: 'later', why: 'its promotion is not on record yet' };
  const bad = credentialOf(token, firing.credentialId);
  if (bad?.state !== 'current') return { kind: 'none', why: 'another credential is current' };
  if (!token.policy.healthSignals.includes(firing.signal))
    return { kind: 'none', why: 'its policy does not name this signal' };
  const from = bad.promotedAt ?? Infinity;
  if (firing.firedAt < from || firing.firedAt > from + token.policy.bakeTime)
    return { kind: 'none', why: 'it did not fire within the watch' };
  if (openAttempt(token)) return { kind: 'later', why: 'another rotation is under way' };
  const to = lastBefore(token, bad);
  return to ? { kind: 'back', to } : { kind: 'stuck' };
}

/** The credential that the bad one took the place of, while it may be used. */
function lastBefore(token: Token, bad: Credential): Credential | undefined {
  const claimed = token.credentials.find((one) => one.state === 'rolling-back');
  if (claimed) return claimed;
  const fit = token.credentials.filter(
    (one) =>
      one.id !== bad.id &&
      one.state === 'previous' &&
      one.versionId !== undefined &&
      !wasSetAside(one) &&
      unfitFor(token, one) === undefined,
  );
  return fit.reduce<Credential | undefined>(
    (best, one) => ((one.supersededAt ?? 0) >= (best?.supersededAt ?? 0) ? one : best),
    undefined,
  );
}

/** True while the credential that a signal spoke against is the current one all the same. */
export function isWithdrawalStuck(token: Token): boolean {
  const isUnderway = token.credentials.some((one) => one.state === 'rolling-back');
  return (
    token.withdrawn !== undefined && !isUnderway && currentOf(token)?.id === token.withdrawn.credentialId
  );
}
