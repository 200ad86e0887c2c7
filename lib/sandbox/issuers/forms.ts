import { parseJson } from '../../../functions/core/basics/json.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
}

/** A date and time with milliseconds, in UTC. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** The same in whole seconds. */
export function isoSeconds(at: Instant): string {
  return iso(at).replace(/\.\d{3}Z$/, 'Z');
}

/** The same as Rails writes it: `2026-10-12 09:00:00 UTC`. */
export function railsText(at: Instant): string {
  return isoSeconds(at).replace('T', ' ').replace('Z', ' UTC');
}

/** One page of a list: `number` from 1. */
export function pageOf<T>(items: readonly T[], number: number, size: number): readonly T[] {
  return items.slice((number - 1) * size, number * size);
}

/** The body of a request: JSON, or the fields of a form; undefined where it is neither. */
export async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.clone().text();
  if (request.headers.get('content-type') === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(text));
  return parseJson(text);
}

/** A path without the value that some issuers have in it. */
export function withoutValues(path: string, kept: readonly { readonly value: string }[]): string {
  return kept.reduce((text, { value }) => text.replace(encodeURIComponent(value), '<value>'), path);
}
