import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** As long as one of a 2,048-bit key. */
const SIGNATURE_BYTES = 256;

/** What a JWT says, and the key that signs it. */
export interface Unsigned {
  /** Beside `alg` and `typ`. */
  readonly head?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Where a text is no key, zeros stand for the signature: it then counts as a wrong one. */
  readonly key: KeyObject | undefined;
}

/** A JWT with the signature RS256 (RFC 7515, RFC 7518 §3.3). */
export function signedJwt({ head = {}, claims, key }: Unsigned): string {
  const text = [{ alg: 'RS256', typ: 'JWT', ...head }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = key ? sign('sha256', Buffer.from(text), key) : Buffer.alloc(SIGNATURE_BYTES);
  return `${text}.${signature.toString('base64url')}`;
}

/** The RSA key of a PEM block. The error is kept from everybody: it may quote the text. */
export function rsaKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}
