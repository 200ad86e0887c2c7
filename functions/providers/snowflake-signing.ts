import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Secret } from '../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../core/basics/time.ts';
import type { Headers } from './declared/calls.ts';
import { asBearer } from './declared/forms.ts';
import { keyIn, signedJwt } from './signed-jwt.ts';

/** An hour is the longest. */
const LIFE = 5 * MINUTE;

interface Signer {
  readonly account: string;
  readonly user: string;
  /** Undefined for a text that is no key: zeros stand for its signature. */
  readonly key: KeyObject | undefined;
}

/**
 * The headers of a user who signs with a key pair; the key is not sent itself. Source: docs.snowflake.com,
 * "Authenticating to the server", using key-pair authentication.
 */
export function asKeyPair({ account, user, key }: Signer, now: Instant): Headers {
  const issuedAt = Math.floor(now / SECOND);
  const subject = `${account}.${user}`;
  const token = signedJwt({
    claims: {
      iss: `${subject}.${key ? `SHA256:${fingerprintOf(key).toString('base64')}` : ''}`,
      sub: subject,
      iat: issuedAt,
      exp: issuedAt + LIFE / SECOND,
    },
    key,
  });
  return {
    ...asBearer(new Secret(token)),
    'x-snowflake-authorization-token-type': 'KEYPAIR_JWT',
  };
}

/** The private key in a value, of a kind that Snowflake takes; undefined for any other text. */
export function keyPairIn(value: Secret): KeyObject | undefined {
  return keyIn(value.reveal(), ['rsa', 'ec']);
}

/** The public half of a private key, as statements bring it: one line without delimiters. */
export function publicTextOf(key: KeyObject): string {
  return encoded(key).toString('base64');
}

/** The SHA-256 of the public half. Source: docs.snowflake.com, "Key-pair authentication", fingerprint. */
export function fingerprintOf(key: KeyObject): Buffer {
  return createHash('sha256').update(encoded(key)).digest();
}

function encoded(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
