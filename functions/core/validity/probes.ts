import type { Credential } from '../token/credential.ts';
import { MINUTE, type Instant, type Millis } from '../basics/time.ts';

/** An issuer tells only the latest use, so older questions of ours are of no use. */
const MOST_PROBES = 12;
/** Questions that follow one another within this are one use: no issuer tells uses finer. */
const ONE_BURST: Millis = MINUTE;

/** Notes that Keyturn itself used a credential to ask whether it works. */
export function withProbe(one: Credential, at: Instant): Credential {
  const probes = one.probes ?? [];
  const last = probes.at(-1);
  return last !== undefined && at >= last && at - last < ONE_BURST
    ? one
    : { ...one, probes: [...probes, at].slice(-MOST_PROBES) };
}

/**
 * Whether a last use that an issuer tells may be a question of ours. `every` is how finely it tells uses: one
 * that falls so close to another is not told, and the one that is told may be up to twice that away, by the
 * clocks of both.
 */
export function isOwnUse(usedAt: Instant, probes: readonly Instant[], every: Millis): boolean {
  return probes.some((at) => usedAt > at - every && usedAt < at + 2 * every);
}
