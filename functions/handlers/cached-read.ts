import type { Instant, Millis } from '../core/basics/time.ts';

/**
 * Keeps what a read came to for some time, a failure too, so that whoever can start it makes the function pay
 * for it once in that time and no more. `pause` is how long a failure is kept.
 */
export function kept<T>(
  read: () => Promise<T>,
  { length, pause, now }: { length: Millis; pause: Millis; now: () => Instant },
): () => Promise<T> {
  let last: { readonly outcome: Promise<T>; until: Instant } | undefined;
  return () => {
    if (last && now() < last.until) return last.outcome;
    const one = { outcome: read(), until: now() + length };
    last = one;
    one.outcome.catch(() => {
      one.until = Math.min(one.until, now() + pause);
    });
    return one.outcome;
  };
}
