import type * as z from 'zod';
import type { Verdict } from '../verdicts.ts';

/**
 * What an answer says of a value that tells whose it is: active where it is this account's own, and unknown
 * where it is another's, since that one may end it at any time. `another`: the reason, as a sentence.
 * `status`: where it is not 200.
 */
export function whose<T>(
  self: z.ZodType<T>,
  isOwn: (self: T) => boolean,
  {
    another,
    source,
    status = 200,
  }: { readonly another: string; readonly source: string; readonly status?: number },
): readonly [Verdict, Verdict] {
  return [
    { outcome: 'active', status, body: self.refine(isOwn).transform(() => ({})), source },
    { outcome: 'unknown', status, body: self.transform(() => another), source },
  ];
}

/** The entry that a value fits; undefined where it fits none, or several: then nobody knows whose it is. */
export function onlyOne<T>(fitting: readonly T[]): T | undefined {
  return fitting.length === 1 ? fitting[0] : undefined;
}
