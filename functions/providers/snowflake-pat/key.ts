import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Secret } from '../../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../../core/basics/time.ts';
import type { Headers } from '../declared/calls.ts';
import { asBearer } from '../declared/forms.ts';
import { rsaKeyIn, signedJwt } from '../signed-jwt.ts';

/** An hour is the longest. */
const LIFE = 5 * MINUTE;

interface Signer {
  readonly account: string;
  readonly user: string;
  readonly private_key_base64: Secret;
}

/**
 * The headers of a user who signs with a key pair; the key is not sent itself. A text that is no key signs
 * nothing: zeros stand for its signature. Source: docs.snowflake.com, "Authenticating to the server", using
 * key-pair authentication.
 */
export function asKeyPair({ account, user, private_key_base64: text }: Signer, now: Instant): Headers {
  const key = rsaKeyIn(Buffer.from(text.reveal(), 'base64').toString());
  const issuedAt = Math.floor(now / SECOND);
  const subject = `${account}.${user}`;
  const token = signedJwt({
    claims: {
      iss: `${subject}.${key ? fingerprintOf(key) : ''}`,
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

/** The headers of a user who brings a programmatic access token. Source: the same page. */
export function asToken(value: Secret): Headers {
  return { ...asBearer(value), 'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN' };
}

function fingerprintOf(key: KeyObject): string {
  const encoded = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(encoded).digest('base64')}`;
}
