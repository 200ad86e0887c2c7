import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { Secret } from '../../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../../core/basics/time.ts';
import type { Headers } from '../declared/calls.ts';
import { asBearer } from '../declared/forms.ts';

/** An hour is the longest. */
const LIFE = 5 * MINUTE;
/** As long as one of a 2,048-bit key. */
const SIGNATURE_BYTES = 256;

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
  const key = keyIn(text);
  const issuedAt = Math.floor(now / SECOND);
  const subject = `${account}.${user}`;
  const parts = [
    { alg: 'RS256', typ: 'JWT' },
    {
      iss: `${subject}.${key ? fingerprintOf(key) : ''}`,
      sub: subject,
      iat: issuedAt,
      exp: issuedAt + LIFE / SECOND,
    },
  ];
  const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = key ? sign('sha256', Buffer.from(content), key) : Buffer.alloc(SIGNATURE_BYTES);
  return {
    ...asBearer(new Secret(`${content}.${signature.toString('base64url')}`)),
    'x-snowflake-authorization-token-type': 'KEYPAIR_JWT',
  };
}

/** The headers of a user who brings a programmatic access token. Source: the same page. */
export function asToken(value: Secret): Headers {
  return { ...asBearer(value), 'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN' };
}

/** The error is kept from everybody: it may quote the text. */
function keyIn(text: Secret): KeyObject | undefined {
  try {
    const key = createPrivateKey(Buffer.from(text.reveal(), 'base64').toString());
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

function fingerprintOf(key: KeyObject): string {
  const encoded = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(encoded).digest('base64')}`;
}
