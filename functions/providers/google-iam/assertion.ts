import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { Secret } from '../../core/basics/secret.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';
import type { Around } from '../declared/declaration.ts';
import type { HttpRequest } from '../request.ts';
import { fileIn } from './schema.ts';

/** An hour is the longest. */
const LIFE = 5 * MINUTE;
/** As long as one of a 2,048-bit key. */
const SIGNATURE_BYTES = 256;

interface Wanted {
  readonly scope: string;
  /** Whose a text is taken for that is no key file. */
  readonly account: string;
}

/**
 * Asks for an access token with a JWT that the key signs; the key is not sent itself. A text that is no key
 * file signs nothing: zeros stand for its signature. Source: developers.google.com, "Using OAuth 2.0 for
 * Server to Server Applications"; RFC 7523.
 */
export function tokenRequest(
  value: Secret,
  { scope, account }: Wanted,
  { origin, now }: Around,
): HttpRequest {
  const file = fileIn(value);
  const key = file && keyIn(file.private_key);
  const issuedAt = Math.floor(now / SECOND);
  const parts = [
    { alg: 'RS256', typ: 'JWT', ...(key && { kid: file.private_key_id }) },
    {
      iss: file?.client_email ?? account,
      scope,
      aud: `${origin}/token`,
      iat: issuedAt,
      exp: issuedAt + LIFE / SECOND,
    },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = key ? sign('sha256', Buffer.from(text), key) : Buffer.alloc(SIGNATURE_BYTES);
  return {
    method: 'POST',
    path: '/token',
    body: {
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: `${text}.${signature.toString('base64url')}`,
      },
    },
    repeatable: true,
  };
}

/** The error is kept from everybody: it may quote the text. */
function keyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Where tokens are given, beside the API for keys. */
export function tokensAt(url: string): string {
  return url.replace(/^https:\/\/iam\./, 'https://oauth2.');
}
