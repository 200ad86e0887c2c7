import type { Walk } from './moves.ts';

/** The name of the predicate that a violation is of. */
export function predicateOf(violations: readonly string[]): string | undefined {
  return violations[0]?.split(':')[0];
}

/**
 * The same walk without the moves that it does not need to fail by the same predicate: ever smaller runs of
 * moves are left out, until none can be or the time is over. `fails` plays a walk; `isOver` says that the
 * time is over.
 */
export async function shrink(
  walk: Walk,
  fails: (walk: Walk) => Promise<boolean>,
  isOver: () => boolean,
): Promise<Walk> {
  let best = walk;
  for (let size = Math.ceil(walk.moves.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = best.moves.length - size; from > -size; from -= size) {
      if (isOver()) return best;
      const start = Math.max(0, from);
      const shorter = { ...best, moves: [...best.moves.slice(0, start), ...best.moves.slice(from + size)] };
      if (shorter.moves.length < best.moves.length && (await fails(shorter))) best = shorter;
    }
  }
  return best;
}
