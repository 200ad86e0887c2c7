import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { Secret } from '../core/basics/secret.ts';
import { MINUTE, SECOND, type Instant } from '../core/basics/time.ts';
import { keyIn, signedJwt } from './signed-jwt.ts';

/** Short, and longer than clocks are apart. Auth0 takes five minutes at most. */
const LIFE = 2 * MINUTE;

/** A public key as RFC 7517 has it, without a name. */
const PublicJwk = z.union([
  z.object({ kty: z.literal('RSA'), e: z.string(), n: z.string() }),
  z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
]);
export type PublicJwk = z.infer<typeof PublicJwk>;

/** The public half; undefined for a text that is no private key of RSA or of a curve. */
export function publicJwkOf(value: Secret): PublicJwk | undefined {
  const key = privateKeyIn(value);
  return key && PublicJwk.safeParse(createPublicKey(key).export({ format: 'jwk' })).data;
}

/** The public half as PEM (RFC 7468 §13); undefined for a text that is no private key. */
export function publicPemOf(value: Secret): string | undefined {
  const key = privateKeyIn(value);
  return key && createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/** The name that a key has of itself: its thumbprint (RFC 7638 §3.2). Undefined for a text that is no key. */
export function thumbprintOf(value: Secret): string | undefined {
  const jwk = publicJwkOf(value);
  // The members in the order of the alphabet.
  const members = jwk && Object.entries(jwk).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return (
    members &&
    createHash('sha256')
      .update(JSON.stringify(Object.fromEntries(members)))
      .digest('base64url')
  );
}

/** Who asks where, and which of its keys it signs with. */
export interface Assertion {
  readonly clientId: string;
  readonly audience: string;
  /** The issuer's name for the key; undefined where that is not known. */
  readonly kid: string | undefined;
  readonly now: Instant;
  /** The assertion's own: it is good for one use. */
  readonly id: string;
}

/**
 * The fields of a form by which a client authenticates itself with a JWT that its key signs; the key is not
 * sent. A text that is no key signs nothing: zeros stand for its signature. Source: RFC 7523 §2.2 and §3;
 * OpenID Connect Core 1.0 §9, private_key_jwt.
 */
export function assertionFields(
  value: Secret,
  { clientId, audience, kid, now, id }: Assertion,
): Record<string, string> {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signedJwt({
      ...(kid !== undefined && { head: { kid } }),
      claims: {
        iss: clientId,
        sub: clientId,
        aud: audience,
        exp: Math.floor((now + LIFE) / SECOND),
        jti: id,
      },
      key: privateKeyIn(value),
    }),
  };
}

function privateKeyIn(value: Secret): KeyObject | undefined {
  return keyIn(value.reveal(), ['rsa', 'ec']);
}
