import type { Secret } from '../basics/secret.ts';

/** The keyed hash that says "this is ours" without keeping a value, and signs what must not be forged. */
export interface Seals {
  /** A keyed hash of a text, hexadecimal. */
  of(text: Secret): Promise<string>;
}
