import { HOUR, type Instant, type Millis } from '../basics/time.ts';

/** A record is held against Secrets Manager and its issuer this often, where its issuer bears it. */
export const INSPECT_EVERY = 6 * HOUR;
/** A revocation that takes longer than this is reported. */
export const REVOKE_WITHIN = 6 * HOUR;
/** The longest wait between two failed rotations. */
export const LONGEST_BACKOFF = 6 * HOUR;

/**
 * When a credential is replaced for its expiry. One that lasts shorter than the lead time is replaced at half
 * its lifetime, not over and over.
 */
export function beforeExpiry(since: Instant, expiresAt: Instant, lead: Millis): Instant {
  return Math.max(expiresAt - lead, since + Math.max(0, expiresAt - since) / 2);
}
