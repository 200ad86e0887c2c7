import type { SeenClock } from './issuer-clock.ts';
import { MINUTE, type Instant, type Millis } from '../basics/time.ts';

/** The clocks of an issuer and ours may differ by so much and nothing be known of it. */
export const CLOCK_SKEW: Millis = 15 * MINUTE;
/**
 * A creation takes effect while its function runs, or not at all: rotation functions run ten minutes at most.
 */
export const MINT_TIME: Millis = 10 * MINUTE;

/**
 * Whether an issuer's date of a creation may be that of a creation which began at `at` by our clock. What is
 * known of the issuer's clock widens the side on which it is off, and that alone: with more on the other
 * side, more of what others make would look like ours. A clock that was corrected since the creation is met
 * too.
 */
export function isOfMintAt(createdAt: Instant, at: Instant, clock: SeenClock | undefined): boolean {
  return (
    createdAt >= at - CLOCK_SKEW + behind(clock) && createdAt <= at + MINT_TIME + CLOCK_SKEW + ahead(clock)
  );
}

/** Whether an issuer's date of a creation lies after a moment of ours for certain. */
export function isMadeAfter(createdAt: Instant, at: Instant, clock: SeenClock | undefined): boolean {
  return createdAt > at + CLOCK_SKEW + ahead(clock);
}

/** By how much its dates may be later than ours. */
function ahead(clock: SeenClock | undefined): Millis {
  return Math.max(0, clock?.most ?? 0);
}

/** By how much they may be earlier, below zero. */
function behind(clock: SeenClock | undefined): Millis {
  return Math.min(0, clock?.least ?? 0);
}
