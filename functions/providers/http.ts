/** The one way from a provider to its issuer: sends a request, waits and tries again. */
import { boundedText } from '../core/basics/bounded-body.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import type { ProviderTools } from '../core/issuer/provider.ts';
import { SECOND, formatInstant, type Millis } from '../core/basics/time.ts';
import { STANDARD_DIALECT } from './dialect.ts';
import { requestOf, urlOf, type HttpRequest } from './request.ts';
import { type HttpAnswer, type Outcome, settle } from './http-answer.ts';
import type { HttpOptions } from './http-options.ts';

/** Sends requests to one issuer. */
export interface HttpClient {
  /**
   * Errors: `issuer-unreachable` (network, time-out, 5xx; at once when the host was silent a moment ago),
   * `issuer-throttled` (429), `admin-credential-rejected` (401, 403), `issuer-refused` (other).
   * A body never reaches an error, nor does the error of the runtime that may quote one.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

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

/** More than any list of an issuer fills. A longer answer would take the function's memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A code of the operating system or the name of the error, never its message: that may quote a value. */
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
  // A throttled request was not processed, so even one that creates a credential may be sent again.
  if (dialect.isThrottled(outcome.status, outcome.headers, outcome.text)) {
    const wait = dialect.retryAfter(outcome.headers, options.tools.now()) ?? backoff;
    return wait <= (options.longestWait ?? 30 * SECOND) ? wait : undefined;
  }
  return outcome.status >= 500 && repeatable ? backoff : undefined;
}
