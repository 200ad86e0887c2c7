import * as z from 'zod';
import { DAY, type Instant, type Millis } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/** What was seen counts half after this long: habits of last quarter weigh an eighth of today's. */
export const HALF_LIFE = 30 * DAY;
/**
 * What was not seen for so long is forgotten. Twice a quarter and some days, so that a quarterly job stays
 * known.
 */
export const FORGET_AFTER = 200 * DAY;

/** Something that recurs in the reads of a token: a principal, a network, a Region, a program. */
export const DecayingCount = kept({
  id: z.string(),
  /** How often it was seen, aged by {@link HALF_LIFE} to `lastAt`. */
  weight: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  /** Seen while learning, or accepted; false as long as it stands out. */
  known: z.boolean(),
});
export type DecayingCount = z.infer<typeof DecayingCount>;

/** What is left of a count after a time. */
export function aged(count: number, length: Millis, halfLife: Millis = HALF_LIFE): number {
  return length <= 0 ? count : count * 2 ** (-length / halfLife);
}

/** Short enough for a record, exact enough for a comparison. */
export function rounded(count: number): number {
  return Math.round(count * 1_000) / 1_000;
}

/** A trait seen once more; reads that come late count as of when they happened, so order does not matter. */
export function seenAgain<T extends DecayingCount>(decayingCount: T, at: Instant, halfLife?: Millis): T {
  const lastAt = Math.max(decayingCount.lastAt, at);
  const weight =
    aged(decayingCount.weight, lastAt - decayingCount.lastAt, halfLife) + aged(1, lastAt - at, halfLife);
  return { ...decayingCount, weight: rounded(weight), firstAt: Math.min(decayingCount.firstAt, at), lastAt };
}

export function firstSeen(id: string, at: Instant, known: boolean): DecayingCount {
  return { id, weight: 1, firstAt: at, lastAt: at, known };
}

/** Replaces the trait of the same id, or adds it. */
export function withDecayingCount<T extends DecayingCount>(
  decayingCounts: readonly T[],
  decayingCount: T,
): T[] {
  const others = decayingCounts.filter((one) => one.id !== decayingCount.id);
  return [...others, decayingCount];
}

/**
 * Drops what is forgotten, then, beyond the bound, what was not seen for longest: first what is not known, so
 * that a flood of strangers pushes no habit out.
 */
export function bounded<T extends DecayingCount>(
  decayingCounts: readonly T[],
  most: number,
  now: Instant,
): T[] {
  const remembered = decayingCounts.filter((one) => now - one.lastAt < FORGET_AFTER);
  if (remembered.length <= most)
    return remembered.length === decayingCounts.length ? [...decayingCounts] : remembered;
  return remembered
    .sort((a, b) => Number(b.known) - Number(a.known) || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1))
    .slice(0, most);
}
