import type * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';

/**
 * Runs a set-up once per cold start, at the first event: what it throws is then reported like any other
 * failure, and tried again.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Reads a function's environment by its schema. Error: `bad-request` names the variable, never its value. */
export function parseEnv<T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? 'of this function');
  const state = env[name] === undefined ? 'missing' : 'wrong';
  throw new KeyturnError(
    'bad-request',
    `The environment variable ${name} is ${state}: deploy Keyturn again, or correct the setting it ` +
      'comes from.',
  );
}
