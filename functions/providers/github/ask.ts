import type { Instant } from '../../core/basics/time.ts';
import type { ProviderTools, Shown } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Dialect } from '../dialect.ts';
import { epochDialect } from '../dialect.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { httpClient, type HttpClient } from '../http.ts';
import { bearer, type HttpRequest } from '../request.ts';
import { canonicalScopes } from '../scopes.ts';
import { probing } from '../verdicts.ts';
import { BadCredentials, User } from './schema.ts';

/** Source: docs.github.com, "Getting started with the REST API", and "API versions". */
const COMMON = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

export function githubRequest(request: Pick<HttpRequest, 'method' | 'path'>): HttpRequest {
  return { ...request, headers: COMMON };
}

const RESETS = epochDialect('x-ratelimit-reset');

/**
 * Status 429, or 403 without requests left or with a time to wait. Source: docs.github.com, "Rate limits for
 * the REST API", exceeding the rate limit.
 */
const DIALECT: Dialect = {
  isThrottled: (status, headers) =>
    status === 429 ||
    (status === 403 && (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after'))),
  retryAfter: (headers, now) => RESETS.retryAfter(headers, now),
};

/**
 * Whose a value is and what it may do, asked with the value alone. Only GitHub's own words say that it is
 * refused: a 403 for single sign-on, an IP allow list or a limit says nothing of it.
 */
export async function askGithub(http: HttpClient, value: Secret): Promise<Shown> {
  const request = githubRequest({ method: 'GET', path: '/user' });
  const headers = { ...request.headers, authorization: bearer(value) };
  return probing(async () => shownBy(await http.send({ ...request, headers, accept: 'any' })));
}

function shownBy(answer: HttpAnswer): Shown {
  if (answer.status === 401 && answer.read(BadCredentials) !== undefined) return { outcome: 'inactive' };
  const user = answer.status === 200 ? answer.read(User) : undefined;
  const ends = expiryIn(answer.headers);
  if (user === undefined || ends === 'not understood')
    return {
      outcome: 'unknown',
      reason: `${answer.about} with something that says neither yes nor no to the value.`,
    };
  const scopes = scopesIn(answer.headers);
  return {
    outcome: 'active',
    account: `users/${user.id}`,
    called: user.login,
    ...(scopes && { scopes }),
    ...(ends !== undefined && { expiresAt: ends }),
  };
}

/**
 * A classic token has them in a header of every answer; a fine-grained one has none in it, or no such header.
 */
function scopesIn(headers: Headers): readonly string[] | undefined {
  const text = headers.get('x-oauth-scopes');
  const scopes = (text ?? '').split(',').flatMap((one) => one.trim() || []);
  return scopes.length === 0 ? undefined : canonicalScopes(scopes);
}

/**
 * `2026-10-12 09:00:00 UTC`, or with an offset in place of the zone. Without the header it never expires.
 * Source: google/go-github, TestParseTokenExpiration, with its issue 2649.
 */
function expiryIn(headers: Headers): Instant | undefined | 'not understood' {
  const text = headers.get('github-authentication-token-expiration');
  if (text === null) return undefined;
  const [, date, time, zone = ''] =
    /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (UTC|[+-]\d{4})$/.exec(text.trim()) ?? [];
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/(\d{2})$/, ':$1');
  const at = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(at) ? 'not understood' : at;
}

/** The client of an address at which GitHub is. */
export function clientOf(origin: string, tools: ProviderTools): HttpClient {
  return httpClient({ origin, tools, dialect: DIALECT });
}
