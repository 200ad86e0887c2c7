import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Randomness } from '../core/basics/randomness.ts';

/** What NIST SP 800-57 part 1 asks for until 2030, and the least that Okta and Auth0 take. */
const RSA_BITS = 2_048;

/** The generators of Node: finding primes is no place for code of one's own. */
export const nodeRandomness: Randomness = {
  bytes: randomBytes,
  rsaKey() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
  },
};
