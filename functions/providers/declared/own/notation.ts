// How fields of an issuer's file are written. Each wrong one is told with what to write instead.
import * as z from 'zod';
import { DAY, parseDuration } from '../../../core/basics/time.ts';

/** A text of a form; `fix` says what to write. */
export function text(pattern: RegExp, fix: string) {
  return z.string({ error: fix }).regex(pattern, { error: fix });
}

/** Words for people, in one line. */
export function words(fix: string, most = 300) {
  return text(new RegExp(`^[^\\p{C}]{1,${most}}$`, 'u'), fix);
}

/** Fields of a closed set. */
export function fields<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'invalid_type' ? 'write fields and values, one a line' : undefined),
  });
}

/** One of a closed list. */
export function one<const T extends readonly [string, ...string[]]>(...of: T) {
  return z.enum(of, { error: `write ${of.length === 1 ? '' : 'one of '}${of.join(', ')}` });
}

export function whole(min: number, max: number) {
  const fix = `write a whole number from ${min} to ${max}`;
  return z.int({ error: fix }).min(min, { error: fix }).max(max, { error: fix });
}

const LENGTH = 'write a length of time like 0s, 30s or 5m, of a day at most';

/** A length of time, a day at most. */
export const Length = text(/^\d{1,6}[smhd]$/, LENGTH).refine(
  (written) => (parseDuration(written) ?? Infinity) <= DAY,
  { error: LENGTH },
);

/** A place in an answer (RFC 6901). The empty text is the whole answer. */
export const Pointer = text(/^(\/([^~/\p{C}]|~0|~1){0,100}){0,8}$/u, 'write a JSON Pointer like /data/id');

/** A value in an answer that is compared word for word. */
export const Literal = z.union([z.string().max(300), z.number(), z.boolean(), z.null()], {
  error: 'write a text, a number, true, false or null',
});

/** What an answer has to hold: literals, or a field of the account, by the places at which they stand. */
export const Where = z
  .record(Pointer, Literal, { error: 'write JSON Pointers with the value of each, like /kind: user' })
  .refine((where) => Object.keys(where).length > 0, {
    error:
      'is empty: name a JSON Pointer and the value that stands there, since a status alone proves nothing',
  });
export type Where = z.output<typeof Where>;
