import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { HOUR, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { pemOf, rsaKeysFor } from './rsa-keys.ts';

/** How far a client's clock may be ahead: not documented. */
const AHEAD = 60;

/** The admin's account and user, as a JWT names them. */
export const SUBJECT = 'ACME-MAIN.KEYTURN';

const Header = z.strictObject({ alg: z.literal('RS256'), typ: z.literal('JWT') });
const Claims = z.strictObject({
  iss: z.string(),
  sub: z.literal(SUBJECT),
  iat: z.int(),
  exp: z.int(),
});

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
  const privateKey = rsaKeysFor('snowflake-pat, admin')();
  const publicKey = createPublicKey(privateKey);
  const encoded = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateText: Buffer.from(`${pemOf(privateKey)}\n`).toString('base64'),
    publicKey,
    fingerprint: `SHA256:${createHash('sha256').update(encoded).digest('base64')}`,
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

/** The fingerprint that a JWT names; undefined for any other text. */
export function fingerprintIn(jwt: string): string | undefined {
  const claims = Claims.safeParse(decoded(jwt.split('.')[1] ?? ''));
  return claims.data?.iss.slice(SUBJECT.length + 1);
}

/**
 * Whether a JWT is one of the admin's that is good now. Source: docs.snowflake.com, "Authenticating to the
 * server", using key-pair authentication: an hour at most.
 */
export function isSignedByAdmin(jwt: string, now: Instant): boolean {
  const [head = '', middle = '', signature = ''] = jwt.split('.');
  const claims = Claims.safeParse(decoded(middle));
  if (!Header.safeParse(decoded(head)).success || !claims.success) return false;
  const { iss, iat, exp } = claims.data;
  if (iss !== `${SUBJECT}.${adminFingerprint()}`) return false;
  if (iat * SECOND > now + AHEAD * SECOND || exp * SECOND <= now || (exp - iat) * SECOND > HOUR) return false;
  return verify(
    'sha256',
    Buffer.from(`${head}.${middle}`),
    pairOnce().publicKey,
    Buffer.from(signature, 'base64url'),
  );
}

function decoded(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url').toString());
}
