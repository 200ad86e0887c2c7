import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** As long as one of a 2,048-bit key. */
const NO_SIGNATURE = Buffer.alloc(256);

/** What a JWT says, and the key that signs it. */
export interface Unsigned {
  /** Beside `alg` and `typ`. */
  readonly head?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Where a text is no key, zeros stand for the signature: it then counts as a wrong one. */
  readonly key: KeyObject | undefined;
}

/** A JWT with the signature that fits the key: RS256, or that of its curve (RFC 7515, RFC 7518 §3). */
export function signedJwt({ head = {}, claims, key }: Unsigned): string {
  const { alg, hash } = algorithmOf(key);
  const text = [{ alg, typ: 'JWT', ...head }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = key ? sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }) : NO_SIGNATURE;
  return `${text}.${signature.toString('base64url')}`;
}

const RS256 = { alg: 'RS256', hash: 'sha256' };
/** Source: RFC 7518 §3.4. */
const CURVES: ReadonlyMap<string | undefined, typeof RS256> = new Map([
  ['prime256v1', { alg: 'ES256', hash: 'sha256' }],
  ['secp384r1', { alg: 'ES384', hash: 'sha384' }],
  ['secp521r1', { alg: 'ES512', hash: 'sha512' }],
]);

function algorithmOf(key: KeyObject | undefined): typeof RS256 {
  return CURVES.get(key?.asymmetricKeyDetails?.namedCurve) ?? RS256;
}

/** The RSA key of a PEM block. */
export function rsaKeyIn(pem: string): KeyObject | undefined {
  return keyIn(pem, ['rsa']);
}

/** The key of a PEM block, if it is of one of these types. The error is kept from everybody: it may quote. */
export function keyIn(pem: string, types: readonly string[]): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return types.includes(key.asymmetricKeyType ?? '') ? key : undefined;
  } catch {
    return undefined;
  }
}
