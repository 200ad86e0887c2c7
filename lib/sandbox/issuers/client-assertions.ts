/** Clients that authenticate with JWTs which a key of theirs signs (private_key_jwt): both ends of it. */
import { createHash, createPublicKey, createPrivateKey, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';

/** Source: RFC 7523 §2.2. */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * A line of a key, which no other key has and no public one: it stands in texts in which line breaks are
 * escaped, too.
 */
export function lineOf(pem: string): string {
  const lines = pem.split('\n').filter((line) => !line.startsWith('-----'));
  return lines[Math.floor(lines.length / 2)] ?? '';
}

/** The public numbers of an RSA key (RFC 7518 §6.3.1). */
export interface RsaNumbers {
  readonly e: string;
  readonly n: string;
}
export const Rsa = z.object({ kty: z.literal('RSA'), e: z.string(), n: z.string() });

/** Those of a private key, or of a public one; undefined for a text that is neither. */
export function numbersOf(pem: string): RsaNumbers | undefined {
  try {
    return Rsa.safeParse(createPublicKey(pem).export({ format: 'jwk' })).data;
  } catch {
    return undefined;
  }
}

/** Tells keys apart, however their numbers are padded. */
export function modulusOf({ n }: RsaNumbers): string {
  return Buffer.from(n, 'base64url')
    .toString('hex')
    .replace(/^(?:00)+/, '');
}

/** Source: RFC 7638 §3.2. */
export function thumbprint({ e, n }: RsaNumbers): string {
  return createHash('sha256').update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest('base64url');
}

const Header = z.object({ alg: z.string(), kid: z.string().optional() });
const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  exp: z.number(),
  jti: z.string().optional(),
});

/** A JWT that came with a request; what it says is not proven. */
export interface Assertion {
  readonly header: z.infer<typeof Header>;
  readonly claims: z.infer<typeof Claims>;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Undefined where a form brings none, or something else. */
export function assertionIn(form: URLSearchParams): Assertion | undefined {
  const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split('.');
  const read = z.object({ header: Header, claims: Claims }).safeParse({
    header: jsonIn(header),
    claims: jsonIn(claims),
  }).data;
  return read && { ...read, signed: `${header}.${claims}`, signature: Buffer.from(signature, 'base64url') };
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Whether a key signed it, by RS256. */
export function isSignedBy({ header, signed, signature }: Assertion, { e, n }: RsaNumbers): boolean {
  const key = createPublicKey({ key: { kty: 'RSA', e, n }, format: 'jwk' });
  return header.alg === 'RS256' && verify('sha256', Buffer.from(signed), key, signature);
}

/** What a consumer sends to authenticate itself. */
export function consumerAssertion(
  pem: string,
  about: {
    readonly clientId: string;
    readonly aud: string;
    readonly kid?: string | undefined;
    readonly now: Instant;
    readonly jti: string;
  },
): Record<string, string> {
  const { clientId, aud, kid, now, jti } = about;
  const exp = Math.floor(now / SECOND) + 60;
  const text = [
    { alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) },
    { iss: clientId, sub: clientId, aud, exp, jti },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: `${text}.${signatureOf(text, pem)}` };
}

function signatureOf(text: string, pem: string): string {
  try {
    return sign('sha256', Buffer.from(text), createPrivateKey(pem)).toString('base64url');
  } catch {
    return '';
  }
}
