import type * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import { parseJson } from '../core/basics/json.ts';

/** A message by its schema. Error: `bad-request` names what it should have been, never what it holds. */
export function parseMessage<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new KeyturnError(
    'bad-request',
    `A message is no ${what}, at "${parsed.error.issues[0]?.path.join('.') ?? ''}".`,
  );
}
