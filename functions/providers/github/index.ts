import type * as z from 'zod';
import type { Instant } from '../../core/basics/time.ts';
import { asBearer, railsInstant } from '../declared/forms.ts';
import { declaredSubmitted, type Told } from '../declared/submitted.ts';
import { GITHUB_ANSWERS, GITHUB_DIALECT, GITHUB_HEADERS } from '../github-api.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { canonicalScopes } from '../scopes.ts';
import { descriptor } from './descriptor.ts';
import { Account, BadCredentials, Grant, User } from './schema.ts';

/** Personal access tokens of GitHub: people create them, and each is asked about and revoked by its value. */
export const github = declaredSubmitted({
  descriptor,
  origin: 'https://api.github.com',
  place: Account,
  grant: Grant,
  account: ({ userId }: z.infer<typeof Account>) => `users/${userId}`,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  dialect: GITHUB_DIALECT,
  // A 403 for single sign-on, an IP allow list or a limit says nothing of the value.
  ask: {
    request: (value) => ({
      method: 'GET',
      path: '/user',
      headers: { ...GITHUB_HEADERS, ...asBearer(value) },
    }),
    told,
    refused: { status: 401, body: BadCredentials, source: 'docs.github.com, "Troubleshooting the REST API"' },
  },
  // Without a credential: GitHub refuses one that comes with the request. It answers 202 for a value that it
  // does not know, too. Source: github/rest-api-description, POST /credentials/revoke.
  revoke: {
    request: (value) => ({
      method: 'POST',
      path: '/credentials/revoke',
      headers: GITHUB_HEADERS,
      body: { json: { credentials: [value.reveal()] } },
    }),
    done: 202,
  },
  examine: GITHUB_ANSWERS,
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
