import type { Randomness } from '../../functions/core/basics/randomness.ts';
import { pemOf, rsaKeysFor } from '../../lib/sandbox/issuers/rsa-keys.ts';

/** Random bytes, and keys that are others within one randomness alone: making one takes long. */
export function testRandomness(): Randomness {
  const next = rsaKeysFor('a test');
  return { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), rsaKey: () => pemOf(next()) };
}
