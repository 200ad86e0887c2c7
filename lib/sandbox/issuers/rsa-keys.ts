import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The private keys of this process, by what they are for: making one takes a tenth of a second. */
const made = new Map<string, KeyObject[]>();

/**
 * Gives one private RSA key after the other, no key twice. Who asks anew gets the same ones from the
 * beginning; those for something else are others.
 */
export function rsaKeysFor(purpose: string): () => KeyObject {
  const keys = made.get(purpose) ?? [];
  made.set(purpose, keys);
  let given = 0;
  return () => {
    const key = keys[given] ?? generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    keys[given++] = key;
    return key;
  };
}

/** A private key as PEM of PKCS#8 (RFC 7468 §10). */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
}
