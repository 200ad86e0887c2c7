import * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import type { Entry } from '../declared/calls.ts';
import { claimsIn } from '../declared/forms.ts';
import { idOf, SecretRef } from './schema.ts';

const Text = z.string().optional().catch(undefined);
const Seconds = z.int().positive().max(8_640_000_000_000).optional().catch(undefined);

/** Each is read by itself: one that is odd takes nothing away from the others. */
const Claims = z.object({
  iss: Text,
  sub: Text,
  aud: z
    .string()
    .transform((one) => [one])
    .or(z.array(z.string()))
    .optional()
    .catch(undefined),
  iat: Seconds,
  exp: Seconds,
  'kubernetes.io': z.object({ secret: SecretRef }).optional().catch(undefined),
});

function claimsOf(value: Secret): Partial<z.infer<typeof Claims>> {
  return Claims.safeParse(claimsIn(value)).data ?? {};
}

/** The listed Secret that a token says it is bound to. */
export function matchOf(value: Secret, listed: readonly Entry[]): Entry | undefined {
  const secret = claimsOf(value)['kubernetes.io']?.secret;
  return secret && listed.find(({ id }) => id === idOf(secret));
}

/** When a token ends, which it says itself. */
export function endOf(value: Secret): { readonly expiresAt?: Instant } {
  const { exp } = claimsOf(value);
  return exp === undefined ? {} : { expiresAt: exp * SECOND };
}

/**
 * What is wrong with the length of a new token, which it says itself: the server may shorten it, and tells
 * another end than the token's where it makes that longer.
 */
export function differenceIn(value: Secret | undefined, seconds: number): string | undefined {
  if (value === undefined) return undefined;
  const { iat, exp } = claimsOf(value);
  if (iat === undefined || exp === undefined) return 'an end that it does not tell';
  if (exp - iat > seconds) return 'a later expiry';
  return exp - iat < seconds ? `a life of ${exp - iat} seconds, since the cluster allows no more` : undefined;
}

/**
 * What an API server usually calls itself as an audience, beside its issuer. Source: kubernetes.io,
 * kube-apiserver, `--api-audiences`; answers of managed clusters.
 */
const USUAL = ['https://kubernetes.default.svc', 'https://kubernetes.default.svc.cluster.local'];

/**
 * Whether a token is for the API server, which refuses those for other audiences as it refuses revoked ones.
 * Keyturn's own token names the audiences that the server has; where it names none, the usual ones count. A
 * token without an audience is for the server (pkg/serviceaccount/jwt.go).
 */
export function isForServer(value: Secret, admin: Secret): boolean {
  const { aud = [], iss } = claimsOf(value);
  const own = claimsOf(admin);
  const isAccount = own.sub?.startsWith('system:serviceaccount:') === true;
  const known = isAccount && own.aud ? own.aud : [...USUAL, iss];
  return aud.length === 0 || aud.some((one) => known.includes(one));
}
