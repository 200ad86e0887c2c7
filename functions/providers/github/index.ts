import type * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { asBearer, railsInstant } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import type { Dialect } from '../dialect.ts';
import { epochDialect } from '../dialect.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { canonicalScopes } from '../scopes.ts';
import { descriptor } from './descriptor.ts';
import { Account, BadCredentials, Grant, RateLimit, User } from './schema.ts';

/** Source: docs.github.com, "Getting started with the REST API", and "API versions". */
const COMMON = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

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

/** Personal access tokens of GitHub: people create them, and each is asked about and revoked by its value. */
export const github = declaredSubmitted({
  descriptor,
  origin: 'https://api.github.com',
  place: Account,
  grant: Grant,
  account: ({ userId }: z.infer<typeof Account>) => `users/${userId}`,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  dialect: DIALECT,
  // A 403 for single sign-on, an IP allow list or a limit says nothing of the value.
  ask: {
    request: (value) => ({ method: 'GET', path: '/user', headers: { ...COMMON, ...asBearer(value) } }),
    told,
    refused: { status: 401, body: BadCredentials, source: 'docs.github.com, "Troubleshooting the REST API"' },
  },
  // Without a credential: GitHub refuses one that comes with the request. It answers 202 for a value that it
  // does not know, too. Source: github/rest-api-description, POST /credentials/revoke.
  revoke: {
    request: (value) => ({
      method: 'POST',
      path: '/credentials/revoke',
      headers: COMMON,
      body: { json: { credentials: [value.reveal()] } },
    }),
    done: 202,
  },
  // It counts against no limit.
  examine: {
    request: { method: 'GET', path: '/rate_limit', headers: COMMON },
    verdicts: [
      {
        outcome: 'active',
        status: 200,
        body: RateLimit.transform(() => ({})),
        source: 'github/rest-api-description, GET /rate_limit',
      },
    ],
  },
});

function told(answer: HttpAnswer): Told | undefined {
  const user = answer.read(User);
  const ends = expiryIn(answer.headers);
  if (user === undefined || ends === 'not understood') return undefined;
  const scopes = scopesIn(answer.headers);
  return {
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
 * Without the header it never expires. Source: google/go-github, TestParseTokenExpiration, with its issue
 * 2649.
 */
function expiryIn(headers: Headers): Instant | undefined | 'not understood' {
  const text = headers.get('github-authentication-token-expiration');
  return text === null ? undefined : (railsInstant(text) ?? 'not understood');
}
