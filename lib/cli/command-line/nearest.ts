import { nearest } from '../../../functions/core/basics/nearest.ts';

/** ` Did you mean …?` for the nearest names, or nothing. */
export function suggestion(typed: string, names: Iterable<string>): string {
  const found = nearest(typed, names);
  return found.length === 0 ? '' : ` Did you mean ${found.join(' or ')}?`;
}
