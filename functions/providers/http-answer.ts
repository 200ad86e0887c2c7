/** Reads an issuer's answer: what it says by its schema, or the error that its status stands for. */
import type * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import { parseJson } from '../core/basics/json.ts';
import { STANDARD_DIALECT } from './dialect.ts';
import { nameOf, type HttpRequest } from './request.ts';
import { reasonIn } from './safe-reasons.ts';
import type { HttpOptions } from './http-options.ts';

/** An answer that the caller accepts. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /**
   * Who answered what to which request, for sentences: host, status, method and path, with the issuer's
   * reason where it is among the sentences that are safe to repeat.
   */
  readonly about: string;
  /** The body as the schema says; undefined when it is otherwise. */
  read<T>(schema: z.ZodType<T>): T | undefined;
  /**
   * The body as the schema says. Error: `issuer-response-invalid`, naming the field and never its content.
   */
  json<T>(schema: z.ZodType<T>): T;
}

/** What came of one try. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** The answer to a request, or the error that its outcome stands for. */
export function settle(
  outcome: Outcome,
  request: HttpRequest,
  url: URL,
  { dialect = STANDARD_DIALECT, credential = 'admin credential', safe = [], parse = parseJson }: HttpOptions,
): HttpAnswer {
  const what = nameOf(request);
  if (outcome.kind === 'failed')
    throw new KeyturnError(
      'issuer-unreachable',
      `${url.host} could not be reached for ${what}: ${outcome.reason}.`,
    );
  const { status, headers, text } = outcome;
  const about = `${url.host} answered ${status} to ${what}`;
  if (dialect.isThrottled(status, headers, text))
    throw new KeyturnError('issuer-throttled', `${about}: it asks for fewer requests.`);
  const reason = status >= 400 ? reasonIn(status, text, safe) : undefined;
  if (!isGood(status, request)) throw refusal(status, about, { credential, reason });
  const read = <T>(schema: z.ZodType<T>): T | undefined => schema.safeParse(parse(text)).data;
  return {
    status,
    headers,
    about: reason === undefined ? about : `${url.host} answered ${status} (${reason}) to ${what}`,
    read,
    json: (schema) => asDocumented(schema.safeParse(parse(text)), `${url.host} answered ${what}`),
  };
}

function isGood(status: number, { accept = [] }: HttpRequest): boolean {
  if (status >= 200 && status < 300) return true;
  return accept === 'any' ? status >= 400 && status < 500 : accept.includes(status);
}

function refusal(
  status: number,
  sentence: string,
  { credential, reason }: { credential: string; reason: string | undefined },
): KeyturnError {
  if (reason !== undefined)
    return new KeyturnError(
      status === 401 || status === 403 ? 'admin-credential-rejected' : 'issuer-refused',
      `${sentence}: ${reason}.`,
    );
  if (status >= 300 && status < 400)
    return new KeyturnError(
      'issuer-refused',
      `${sentence}: Keyturn follows no redirects, so name the final address in the secret that it came from.`,
    );
  if (status === 401)
    return new KeyturnError(
      'admin-credential-rejected',
      `${sentence}: it does not accept the ${credential}.`,
    );
  if (status === 403)
    return new KeyturnError('admin-credential-rejected', `${sentence}: the ${credential} may not do this.`);
  if (status >= 500) return new KeyturnError('issuer-unreachable', `${sentence}.`);
  return new KeyturnError('issuer-refused', `${sentence}.`);
}

function asDocumented<T>(parsed: z.ZodSafeParseResult<T>, sentence: string): T {
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.');
  throw new KeyturnError(
    'issuer-response-invalid',
    field
      ? `${sentence} with a field "${field}" that is not as documented.`
      : `${sentence} with something that is not as documented.`,
  );
}
