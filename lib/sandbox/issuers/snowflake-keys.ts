/** JWTs that key pairs of users of a simulated Snowflake sign: both ends of it. */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { HOUR, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';

/** How far a client's clock may be ahead: not documented. */
const AHEAD = 60;

export const ACCOUNT = 'ACME-MAIN';
export const ADMIN = 'KEYTURN';
/** The admin's account and user, as a JWT names them. */
const SUBJECT = `${ACCOUNT}.${ADMIN}`;

const Header = z.strictObject({ alg: z.literal('RS256'), typ: z.literal('JWT') });
const Claims = z.strictObject({ iss: z.string(), sub: z.string(), iat: z.int(), exp: z.int() });

/** A JWT that came with a request; what it says is not proven. */
export interface Jwt {
  /** Account and user. */
  readonly subject: string;
  /** Of the key that is said to have signed it. */
  readonly fingerprint: string;
  readonly iat: number;
  readonly exp: number;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Undefined for any other text. */
export function jwtIn(text: string): Jwt | undefined {
  const [head = '', middle = '', signature = ''] = text.split('.');
  const claims = Claims.safeParse(decoded(middle)).data;
  if (!Header.safeParse(decoded(head)).success || !claims?.iss.startsWith(`${claims.sub}.`)) return undefined;
  return {
    subject: claims.sub,
    fingerprint: claims.iss.slice(claims.sub.length + 1),
    iat: claims.iat,
    exp: claims.exp,
    signed: `${head}.${middle}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/**
 * Whether a key signed a JWT that is good now. Source: docs.snowflake.com, "Authenticating to the server",
 * using key-pair authentication: an hour at most.
 */
export function isSignedBy(
  { iat, exp, signed, signature }: Jwt,
  publicKey: KeyObject,
  now: Instant,
): boolean {
  if (iat * SECOND > now + AHEAD * SECOND || exp * SECOND <= now || (exp - iat) * SECOND > HOUR) return false;
  return verify('sha256', Buffer.from(signed), publicKey, signature);
}

/** As Snowflake shows it, of a public key. */
export function fingerprintOf(publicKey: KeyObject): string {
  const encoded = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(encoded).digest('base64')}`;
}

/** What a consumer signs; a text that is no key signs nothing. */
export function signedAs(user: string, pem: string, now: Instant): string {
  const key = keyIn(pem);
  const subject = `${ACCOUNT}.${user}`;
  const iat = Math.floor(now / SECOND);
  const iss = `${subject}.${key ? fingerprintOf(createPublicKey(key)) : ''}`;
  const text = [
    { alg: 'RS256', typ: 'JWT' },
    { iss, sub: subject, iat, exp: iat + 60 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${key ? sign('sha256', Buffer.from(text), key).toString('base64url') : ''}`;
}

/** The private key of a PEM block; undefined for any other text. */
export function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

interface Pair {
  readonly privateText: string;
  readonly publicKey: KeyObject;
  readonly fingerprint: string;
}

/** One pair in a process: reading one at each request takes long. */
let pair: Pair | undefined;
function pairOnce(): Pair {
  pair ??= newPair();
  return pair;
}

function newPair(): Pair {
  const privateKey = rsaKeysFor('snowflake, admin')();
  const publicKey = createPublicKey(privateKey);
  return {
    privateText: Buffer.from(`${pemOf(privateKey)}\n`).toString('base64'),
    publicKey,
    fingerprint: fingerprintOf(publicKey),
  };
}

/** The admin's private key as admin secrets hold it. */
export function adminKey(): string {
  return pairOnce().privateText;
}

/** What stands for the admin's key in a JWT: the fingerprint of its public one. */
export function adminFingerprint(): string {
  return pairOnce().fingerprint;
}

/** The fingerprint that a JWT of the admin names; undefined for any other text. */
export function fingerprintIn(text: string): string | undefined {
  const jwt = jwtIn(text);
  return jwt?.subject === SUBJECT ? jwt.fingerprint : undefined;
}

/** Whether a text is a JWT of the admin's that is good now. */
export function isSignedByAdmin(text: string, now: Instant): boolean {
  const jwt = jwtIn(text);
  if (jwt?.subject !== SUBJECT || jwt.fingerprint !== adminFingerprint()) return false;
  return isSignedBy(jwt, pairOnce().publicKey, now);
}

function decoded(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url').toString());
}
