import sodium, { ready } from 'libsodium-wrappers';
import type { Secret } from '../core/basics/secret.ts';

/**
 * A value that only the holder of the private key can read: libsodium's sealed box, which GitHub asks for.
 * Both texts are base64.
 */
export async function sealedFor(publicKey: string, value: Secret): Promise<string> {
  await ready;
  const box = sodium.crypto_box_seal(
    new TextEncoder().encode(value.reveal()),
    Buffer.from(publicKey, 'base64'),
  );
  return Buffer.from(box).toString('base64');
}
