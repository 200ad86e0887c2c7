import { KeyturnError } from '../core/basics/errors.ts';
import { Secret } from '../core/basics/secret.ts';
import type { Millis } from '../core/basics/time.ts';

/** The version in package.json; a test holds the two together. */
export const VERSION = '0.1.0';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the issuer's root; what is inserted into it is encoded by {@link pathOf}. Shown in errors. */
  readonly path: string;
  /** What errors call it instead, where the path itself lets in whoever knows it. */
  readonly called?: string;
  /** Never shown in errors. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | Secret>>;
  readonly body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string | Secret>> };
  /**
   * Statuses beside 2xx that the caller reads itself; `any`: all that come from a server that works and does
   * not redirect.
   */
  readonly accept?: readonly number[] | 'any';
  /** Whether a second sending does no harm; by default all methods but POST and PATCH. */
  readonly repeatable?: boolean;
  /**
   * It ends a credential: sent once whatever comes back, since between two tries the world may change and
   * only the revocation guard may look again.
   */
  readonly ends?: boolean;
}

/**
 * Where a request goes: `root` is an https origin, with a base path or without. Error: `bad-request` when a
 * part of its path could lead elsewhere.
 */
export function urlOf(root: string, request: HttpRequest): URL {
  const url = new URL(root);
  const basePath = url.pathname === '/' ? '' : url.pathname;
  if (url.protocol !== 'https:' || root !== url.origin + basePath || basePath.endsWith('/'))
    throw new KeyturnError(
      'bad-request',
      'The address of an issuer is an https origin, with a base path at most.',
    );
  const path = basePath + request.path;
  url.pathname = path;
  // The parser folds "..": what comes out differently could leave the resource it was meant for.
  if (!request.path.startsWith('/') || url.pathname !== path)
    throw new KeyturnError('bad-request', 'A part of the path of a request to the issuer was not encoded.');
  url.search = new URLSearchParams(request.query).toString();
  return url;
}

/** The request as it is sent. Error: `bad-request` when HTTP cannot carry what it is given. */
export function requestOf(url: URL, request: HttpRequest, timeout: Millis): Request {
  try {
    const headers = new Headers({ accept: 'application/json', 'user-agent': `keyturn/${VERSION}` });
    for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, plain(value));
    const body = bodyOf(request, headers);
    return new Request(url, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      ...(body !== undefined && { body }),
    });
  } catch {
    // The runtime's own error would quote the header, credential and all.
    throw new KeyturnError(
      'bad-request',
      `A credential or another value for ${nameOf(request)} ${faultOf(request)}.`,
    );
  }
}

/**
 * What of a header's value HTTP cannot carry: `fetch` takes bytes of ISO-8859-1 without NUL and line breaks
 * (Fetch Standard, "header value"; RFC 9110 §5.5). Says what kind, never which.
 */
function faultOf({ headers = {} }: HttpRequest): string {
  const values = Object.values(headers).map(plain);
  if (values.some((value) => /[^\0-\xff]/.test(value)))
    return (
      'has characters outside of ISO-8859-1, such as typographic quotes or dashes, letters of other ' +
      'scripts, or marks that do not show: store it again as its issuer wrote it'
    );
  if (values.some((value) => /[\r\n]/.test(value)))
    return 'has a line break in it: store it again without line breaks';
  return 'has characters that HTTP does not allow: store it again as its issuer wrote it';
}

/** A request as errors name it. */
export function nameOf({ method, path, called }: HttpRequest): string {
  return `${method} ${called ?? path}`;
}

function bodyOf(request: HttpRequest, headers: Headers): string | undefined {
  if (request.body === undefined) return undefined;
  if ('form' in request.body) {
    headers.set('content-type', 'application/x-www-form-urlencoded');
    return formText(request.body.form);
  }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return JSON.stringify(request.body.json);
}

/** The fields of a form as they are sent. */
export function formText(fields: Readonly<Record<string, string | Secret>>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, plain(value));
  return form.toString();
}

function plain(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

/** A path with its parts encoded: pathOf`/projects/${id}/access_tokens`. */
export function pathOf(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1] ?? '') + part);
}

/** The header value `Bearer …` for a token. */
export function bearer(token: Secret): Secret {
  return new Secret(`Bearer ${token.reveal()}`);
}

/** The header value `Basic …` for a user and a password. */
export function basic(user: string, password: Secret): Secret {
  return new Secret(`Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`);
}
