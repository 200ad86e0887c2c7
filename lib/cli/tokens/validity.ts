import type { KnownValidity } from '../../../functions/core/validity/validity.ts';
import type { Tone } from '../output/screen.ts';

/**
 * Whether the issuer accepts the current credential, in the words that people read (GitHub secret scanning,
 * "validity").
 */
export type Validity = NonNullable<KnownValidity>;

export const VALIDITY_TONES: Readonly<Record<Validity, Tone>> = {
  active: 'good',
  inactive: 'bad',
  unknown: 'warn',
};
