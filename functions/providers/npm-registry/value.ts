import type { Secret } from '../../core/basics/secret.ts';
import { SECOND, type Instant } from '../../core/basics/time.ts';
import type { Entry } from '../declared/calls.ts';
import { claimsIn } from '../declared/forms.ts';
import { TokenClaims } from './schema.ts';

/**
 * What a token tells of itself. Only a registry set to sign JWTs makes such tokens; nothing here proves the
 * signature.
 */
interface Claims {
  readonly key?: string;
  readonly expiresAt?: Instant;
}

/** Reads the claims of a JWT; none for Verdaccio's older tokens, which are encrypted. */
export function claimsOf(value: Secret): Claims {
  const { data } = TokenClaims.safeParse(claimsIn(value));
  return {
    ...(data?.token && { key: data.token.key }),
    ...(data?.exp !== undefined && { expiresAt: data.exp * SECOND }),
  };
}

/** The registry keeps the first and last five characters of a token (Verdaccio, `cryptoUtils.mask`). */
function maskOf(value: Secret): string {
  const text = value.reveal();
  return `${text.slice(0, 5)}...${text.slice(-5)}`;
}

/**
 * The one listed token that a value can be: its mask fits, and the key that a JWT names. Of an older token
 * the mask leaves about 24 random bits, so that two of one user may fit both; then it is none.
 */
export function matchOf(value: Secret, listed: readonly Entry[]): Entry | undefined {
  const mask = maskOf(value);
  const { key } = claimsOf(value);
  const [match, second] = listed.filter(
    (entry) => entry.mask === mask && (key === undefined || key === entry.id),
  );
  return second ? undefined : match;
}

/** When a token ends that says so itself. */
export function expiryOf(value: Secret): { expiresAt?: Instant } {
  const { expiresAt } = claimsOf(value);
  return expiresAt === undefined ? {} : { expiresAt };
}
