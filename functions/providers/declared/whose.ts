import type * as z from 'zod';
import type { Verdict } from '../verdicts.ts';

/**
 * What an answer says of a value that tells whose it is: active where it is this account's own, and unknown
 * where it is another's, since that one may end it at any time. `another`: the reason, as a sentence.
 */
export function whose<T>(
  self: z.ZodType<T>,
  isOwn: (self: T) => boolean,
  { another, source }: { readonly another: string; readonly source: string },
): readonly [Verdict, Verdict] {
  return [
    { outcome: 'active', status: 200, body: self.refine(isOwn).transform(() => ({})), source },
    { outcome: 'unknown', status: 200, body: self.transform(() => another), source },
  ];
}
