import * as z from 'zod';
import type { Instant, Millis } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/** SHA-256 of a credential's value, hexadecimal: what is sent about a leak instead of the value. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A question to the function `leaks`: which of these are credentials of ours? */
export const Whose = z.strictObject({ kind: z.literal('whose'), digests: z.array(Digest).min(1).max(100) });
export type Whose = z.infer<typeof Whose>;

/** A token that has, or had, a credential. Never says more than what every viewer may see. */
export const Owned = z.strictObject({
  tokenId: z.string(),
  name: z.string(),
  provider: z.string(),
  owner: z.string(),
  /** The keyed hash under which the inventory knows the credential. */
  fingerprint: z.string(),
  /**
   * Where it is in its life; `pending` while a rotation is making it, `forgotten` when it ended so long ago
   * that the record has dropped it. `admin`: it stands, or stood, in an admin secret that only people look
   * after.
   */
  state: z.enum([
    'current',
    'pending',
    'previous',
    'rolling-back',
    'revoking',
    'ended',
    'forgotten',
    'admin',
  ]),
  /** Whether an incident about it is on record. */
  isKnown: z.boolean(),
  /** Keyturn has let the token go, so that a person has to revoke it at the issuer. */
  isDetached: z.boolean(),
});
export type Owned = z.infer<typeof Owned>;

/** The answer, one entry a digest, in the order of the question. */
export const WhoseAnswer = z.strictObject({ owned: z.array(z.array(Owned)) });
export type WhoseAnswer = z.infer<typeof WhoseAnswer>;

/** A leak that a machine reported, and whether it was held. */
export const Reported = kept({ at: z.number(), fingerprint: z.string(), held: z.boolean() });
export type Reported = z.infer<typeof Reported>;

export interface RateLimit {
  /** So many incidents may be opened by machines within `per`; those that follow are held. */
  readonly max: number;
  readonly per: Millis;
}

/**
 * Counts a report of a machine, each credential once, and says whether it has to be held because too many
 * came at once.
 */
export function counted(
  reports: readonly Reported[],
  fingerprint: string,
  limit: RateLimit,
  now: Instant,
): { reports: readonly Reported[]; held: boolean; isFlood: boolean } {
  const recent = reports.filter((one) => now - one.at < limit.per);
  const known = recent.find((one) => one.fingerprint === fingerprint);
  const held = known?.held ?? recent.length >= limit.max;
  const isFlood = held || recent.some((one) => one.held);
  return {
    reports: known ? recent : [...recent, { at: now, fingerprint, held }].slice(-MOST_COUNTED),
    held,
    isFlood,
  };
}

/** More of them say nothing that these do not. */
const MOST_COUNTED = 200;
