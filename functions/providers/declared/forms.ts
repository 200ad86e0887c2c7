import * as z from 'zod';
import { parseJson } from '../../core/basics/json.ts';
import { Secret } from '../../core/basics/secret.ts';
import type { Instant } from '../../core/basics/time.ts';
import { basic, bearer } from '../request.ts';
import type { Headers } from './calls.ts';

/** `Authorization: Bearer …` (RFC 6750 §2.1). */
export function asBearer(value: Secret): Headers {
  return { authorization: bearer(value) };
}

/** `Authorization` with another word before the value, such as `token`. */
export function asWord(word: string): (value: Secret) => Headers {
  return (value) => ({ authorization: new Secret(`${word} ${value.reveal()}`) });
}

/** The value alone in a header of the issuer's own. */
export function asHeader(name: string): (value: Secret) => Headers {
  return (value) => ({ [name]: value });
}

/** `Authorization: Basic …` (RFC 7617). */
export function asUser(user: string, password: Secret): Headers {
  return { authorization: basic(user, password) };
}

/**
 * The same of a value that holds both, as many write them: a user without a colon, a colon and the password.
 */
export function asPair(value: Secret): Headers {
  const [user = '', ...rest] = value.reveal().split(':');
  return asUser(user, new Secret(rest.join(':')));
}

/** A date and time with its zone. */
export const IsoInstant = z.iso.datetime({ offset: true }).transform((text): Instant => Date.parse(text));

/**
 * An instant as Rails writes it: `2026-10-12 09:00:00 UTC`, or with an offset in place of the zone. Undefined
 * for any other text.
 */
export function railsInstant(text: string): Instant | undefined {
  const [, date, time, zone = ''] =
    /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (UTC|[+-]\d{4})$/.exec(text.trim()) ?? [];
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/(\d{2})$/, ':$1');
  const at = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(at) ? undefined : at;
}

/** Milliseconds since 1970. */
export const EpochMillis = z.int().nonnegative();

/** A value in an answer: a {@link Secret} the moment it is read; undefined where there is none. */
export const Value = z
  .string()
  .min(1)
  .transform((text) => new Secret(text))
  .optional()
  .catch(undefined);

/** What a login answers: a bearer token that ends by itself (RFC 6749 §5.1). */
export const BearerToken = z
  .object({
    access_token: z
      .string()
      .min(1)
      .transform((text) => new Secret(text)),
    token_type: z.literal('Bearer'),
    expires_in: z.int().positive(),
  })
  .transform(({ access_token: token }) => token);

/** What a JWT says of itself, which nothing here proves (RFC 7519 §3); undefined for any other text. */
export function claimsIn(value: Secret): unknown {
  const parts = value.reveal().split('.');
  const [, payload] = parts;
  if (parts.length !== 3 || payload === undefined) return undefined;
  return parseJson(Buffer.from(payload, 'base64url').toString());
}

/** A UUID in lower case (RFC 9562 §4). */
export const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Whether a text is a {@link UUID} and no more. */
export function isUuid(text: string): boolean {
  return new RegExp(`^${UUID.source}$`).test(text);
}

/** The same in a field that a person writes. */
export function uuidOf(what: string) {
  return z.string().refine(isUuid, `must be the id of ${what}`);
}

/** A new credential of which the answer tells the id, and no more beside the value. */
export const IdAlone = z
  .object({ id: z.string().min(1) })
  .transform(({ id }) => ({ id, state: 'active' as const }));

/** A number as the text of an id. */
export const NumberId = z.number().int().positive().transform(String);

/** An instant as most issuers take it: RFC 3339 in whole seconds, UTC. */
export function isoSeconds(at: Instant): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
