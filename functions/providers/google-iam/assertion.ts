import type { Secret } from '../../core/basics/secret.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';
import type { Around } from '../declared/declaration.ts';
import type { HttpRequest } from '../request.ts';
import { rsaKeyIn, signedJwt } from '../signed-jwt.ts';
import { fileIn } from './schema.ts';

/** An hour is the longest. */
const LIFE = 5 * MINUTE;

interface Wanted {
  readonly scope: string;
  /** Whose a text is taken for that is no key file. */
  readonly account: string;
}

/**
 * Asks for an access token with a JWT that the key signs; the key is not sent itself. Source:
 * developers.google.com, "Using OAuth 2.0 for Server to Server Applications"; RFC 7523.
 */
export function tokenRequest(
  value: Secret,
  { scope, account }: Wanted,
  { origin, now }: Around,
): HttpRequest {
  const file = fileIn(value);
  const key = file && rsaKeyIn(file.private_key);
  const issuedAt = Math.floor(now / SECOND);
  const assertion = signedJwt({
    ...(file && key && { head: { kid: file.private_key_id } }),
    claims: {
      iss: file?.client_email ?? account,
      scope,
      aud: `${origin}/token`,
      iat: issuedAt,
      exp: issuedAt + LIFE / SECOND,
    },
    key,
  });
  return {
    method: 'POST',
    path: '/token',
    body: { form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion } },
    repeatable: true,
  };
}

/** Where tokens are given, beside the API for keys. */
export function tokensAt(url: string): string {
  return url.replace(/^https:\/\/iam\./, 'https://oauth2.');
}
