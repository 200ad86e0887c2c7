import * as z from 'zod';
import { boundedText } from '../core/basics/bounded-body.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { parseJson } from '../core/basics/json.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import { SECOND, formatInstant, type Millis } from '../core/basics/time.ts';
import { STANDARD_DIALECT, type Dialect } from './dialect.ts';
import { nameOf, requestOf, urlOf, type HttpRequest } from './request.ts';
import { reasonIn, type SafeReason } from './safe-reasons.ts';

export { VERSION, basic, bearer, pathOf, type HttpRequest } from './request.ts';

export interface HttpOptions {
  /** The only place that requests go to: an origin such as `https://gitlab.example.com`, with a base path or without; from `IssuerUrl` or `IssuerRoot`. */
  readonly origin: string;
  readonly tools: ProviderTools;
  readonly dialect?: Dialect;
  /** What the credential is called in errors; `admin credential` unless told. */
  readonly credential?: string;
  /** The longest one try may take, its body included. */
  readonly timeout?: Millis;
  /** How often a request that may be repeated is sent in all. */
  readonly tries?: number;
  /** A longer wait than this, if the issuer asks for it, is an error at once: a function's time is short. */
  readonly longestWait?: Millis;
  /** The issuer's own sentences that may stand in errors; all else of an answer stays out of them. */
  readonly safe?: readonly SafeReason[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Who answered what to which request, for sentences: host, status, method and path. */
  readonly about: string;
  /** The issuer's reason, where it is among the sentences that are safe to repeat. */
  readonly reason: string | undefined;
  /** The body as the schema says; undefined when it is otherwise. */
  read<T>(schema: z.ZodType<T>): T | undefined;
  /** The body as the schema says. Error: `issuer-response-invalid`, naming the field and never its content. */
  json<T>(schema: z.ZodType<T>): T;
}

export interface HttpClient {
  /**
   * Errors: `issuer-unreachable` (network, time-out, 5xx; at once when the host was silent a moment ago), `issuer-throttled` (429), `admin-credential-rejected` (401, 403), `issuer-refused` (other).
   * A body never reaches an error, nor does the error of the runtime that may quote one.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

const FIRST_BACKOFF: Millis = SECOND / 2;

/** The one way from a provider to its issuer. */
export function httpClient(options: HttpOptions): HttpClient {
  const { tools, tries = 4 } = options;
  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const url = urlOf(options.origin, request);
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(url, request, options);
      const isResting = tools.hosts?.restsUntil(url.host, tools.now()) !== undefined;
      const wait =
        isResting || request.ends === true ? undefined : waitAfter(outcome, request, attempt, options);
      if (wait === undefined || attempt >= tries) return settle(outcome, request, url, options);
      await tools.sleep(wait);
    }
  }
  return { send };
}

async function once(url: URL, request: HttpRequest, options: HttpOptions): Promise<Outcome> {
  const { tools } = options;
  const restsUntil = tools.hosts?.restsUntil(url.host, tools.now());
  if (restsUntil !== undefined)
    throw new KeyturnError(
      'issuer-unreachable',
      `${url.host} did not answer a moment ago and is not asked again before ${formatInstant(restsUntil)}.`,
    );
  const outcome = await answerTo(requestOf(url, request, options.timeout ?? 10 * SECOND), tools);
  if (outcome.kind === 'failed') tools.hosts?.failed(url.host, tools.now());
  else tools.hosts?.answered(url.host);
  return outcome;
}

async function answerTo(outgoing: Request, tools: ProviderTools): Promise<Outcome> {
  try {
    const response = await tools.fetch(outgoing);
    if (response.redirected || response.type === 'opaqueredirect')
      return { kind: 'answered', status: 302, headers: new Headers(), text: '' };
    return {
      kind: 'answered',
      status: response.status,
      headers: response.headers,
      text: await boundedText(response, MOST_BYTES),
    };
  } catch (error) {
    if (error instanceof KeyturnError) throw error;
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** More than any list of an issuer fills; whoever sends more wants the function's memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A code of the operating system or the name of the error, never its message: that may quote what was sent or received. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code =
    error.cause instanceof Error && 'code' in error.cause
      ? error.cause.code
      : 'code' in error
        ? error.code
        : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code)) return code;
  return error.name === 'TimeoutError' ? 'timed out' : 'failed';
}

function waitAfter(
  outcome: Outcome,
  request: HttpRequest,
  attempt: number,
  options: HttpOptions,
): Millis | undefined {
  const backoff = FIRST_BACKOFF * 2 ** (attempt - 1);
  const repeatable = request.repeatable ?? (request.method !== 'POST' && request.method !== 'PATCH');
  if (outcome.kind === 'failed') return repeatable ? backoff : undefined;
  const dialect = options.dialect ?? STANDARD_DIALECT;
  // A throttled request was not processed, so even one that mints may be sent again.
  if (dialect.isThrottled(outcome.status, outcome.headers)) {
    const wait = dialect.retryAfter(outcome.headers, options.tools.now()) ?? backoff;
    return wait <= (options.longestWait ?? 30 * SECOND) ? wait : undefined;
  }
  return outcome.status >= 500 && repeatable ? backoff : undefined;
}

function settle(
  outcome: Outcome,
  request: HttpRequest,
  url: URL,
  { dialect = STANDARD_DIALECT, credential = 'admin credential', safe = [] }: HttpOptions,
): HttpAnswer {
  const what = nameOf(request);
  if (outcome.kind === 'failed')
    throw new KeyturnError(
      'issuer-unreachable',
      `${url.host} could not be reached for ${what}: ${outcome.reason}.`,
    );
  const { status, headers, text } = outcome;
  const about = `${url.host} answered ${status} to ${what}`;
  if (dialect.isThrottled(status, headers))
    throw new KeyturnError('issuer-throttled', `${about}: it asks for fewer requests.`);
  const reason = status >= 400 ? reasonIn(status, text, safe) : undefined;
  if (!isGood(status, request)) throw refusal(status, about, { credential, reason });
  const read = <T>(schema: z.ZodType<T>): T | undefined => schema.safeParse(parseJson(text)).data;
  return {
    status,
    headers,
    about,
    reason,
    read,
    json: (schema) => parseAnswer(text, schema, `${url.host} answered ${what}`),
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

function parseAnswer<T>(text: string, schema: z.ZodType<T>, sentence: string): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.');
  throw new KeyturnError(
    'issuer-response-invalid',
    field
      ? `${sentence} with a field "${field}" that is not as documented.`
      : `${sentence} with something that is not as documented.`,
  );
}
