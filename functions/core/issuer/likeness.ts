import { sameValue } from './identity.ts';
import { SECOND, type Instant, type Millis } from '../basics/time.ts';

/** All that a credential may be known by; never its value. */
export interface Identity {
  /** The issuer's name of it. Some issuers give a name out again once its credential is gone. */
  readonly handle?: string | undefined;
  /** When the issuer made it, by the issuer's own clock: tells apart two credentials that had one name. */
  readonly createdAt?: Instant | undefined;
  readonly fingerprint?: string | undefined;
}

export type Likeness = 'same' | 'different' | 'unknown';

/** An issuer may show one date in seconds here and in milliseconds there. */
const PRECISION: Millis = SECOND;

/**
 * Whether two descriptions are of one credential. What either name or value says is equal counts as one, so
 * that doubt protects.
 */
export function likeness(a: Identity, b: Identity): Likeness {
  if (a.handle !== undefined && a.handle === b.handle) return isOfOneDate(a, b) ? 'same' : 'different';
  if (a.fingerprint !== undefined && a.fingerprint === b.fingerprint) return 'same';
  const areNamed = a.handle !== undefined && b.handle !== undefined;
  return areNamed || sameValue(a.fingerprint, b.fingerprint) === 'different' ? 'different' : 'unknown';
}

function isOfOneDate(a: Identity, b: Identity): boolean {
  return (
    a.createdAt === undefined || b.createdAt === undefined || Math.abs(a.createdAt - b.createdAt) <= PRECISION
  );
}
