import { DAY, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import type { Made } from './minting-rules.ts';

export const NAMESPACE = 'outside-access';
/** The service account of whoever manages the others. */
export const ADMIN = 'keyturn';
/** Of tokens that are asked for without an audience. Source: kube-apiserver, `--api-audiences`. */
export const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

/** A token for as long as people often ask for one. */
const BY_HAND = 365 * DAY;

export function accountOf(serviceAccount: string, namespace = NAMESPACE): string {
  return `namespaces/${namespace}/serviceaccounts/${serviceAccount}`;
}

/** The name of the service account that an account is. */
export function nameOf(account: string): string {
  return account.split('/')[3] ?? '';
}

export function uidOf(number: number): string {
  return `0b7e5ad0-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** What a token is for: a service account, and the Secret that it is bound to, if any. */
interface Subject {
  readonly account: string;
  readonly secret?: { readonly name: string; readonly uid: string };
  /** Left out for the admin's, which has no end here. */
  readonly life?: { readonly from: Instant; readonly until: Instant };
}

/**
 * A signed token. Source: kubernetes/kubernetes 1.34.4, pkg/serviceaccount/claims.go and jwt.go: an object
 * with its keys in order, as Go writes them.
 */
export function signedFor({ account, secret, life }: Subject, random: (length: number) => string): string {
  const name = nameOf(account);
  const claims = {
    aud: [AUDIENCE],
    ...(life && { exp: Math.floor(life.until / SECOND), iat: Math.floor(life.from / SECOND) }),
    iss: AUDIENCE,
    jti: random(20),
    'kubernetes.io': {
      namespace: NAMESPACE,
      ...(secret && { secret }),
      serviceaccount: { name, uid: uidOf(1) },
    },
    ...(life && { nbf: Math.floor(life.from / SECOND) }),
    sub: `system:serviceaccount:${NAMESPACE}:${name}`,
  };
  const parts = [{ alg: 'RS256', kid: 'sandbox' }, claims];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${random(342)}`;
}

/** The token of a Secret that a person made, or of the admin, which is bound to none. */
export function byHand(
  uid: string,
  random: (length: number) => string,
  account: string | undefined,
  made: Made | undefined,
): string {
  if (!made) return signedFor({ account: accountOf(ADMIN) }, random);
  const { name, createdAt: from, expiresAt: until = from + BY_HAND } = made;
  return signedFor({ account: account ?? '', secret: { name, uid }, life: { from, until } }, random);
}
