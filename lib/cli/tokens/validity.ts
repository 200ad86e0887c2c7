import type { Liveness } from '../../../functions/core/validity/validity.ts';
import type { Tone } from '../output/screen.ts';

/**
 * Whether the issuer accepts the current credential, in the words that people read (GitHub secret scanning,
 * "validity").
 */
export type Validity = 'active' | 'inactive' | 'unknown';

export const VALIDITY = {
  alive: 'active',
  refused: 'inactive',
  unknown: 'unknown',
} as const satisfies Record<NonNullable<Liveness>, Validity>;

export const VALIDITY_TONES: Readonly<Record<Validity, Tone>> = {
  active: 'good',
  inactive: 'bad',
  unknown: 'warn',
};

/** The word for what is known; null while there is no credential. */
export function validityOf(liveness: Liveness): Validity | null {
  return liveness === undefined ? null : VALIDITY[liveness];
}
