import { createHash } from 'node:crypto';
import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Seals } from '../core/ports/seals.ts';
import { aws } from './aws-errors.ts';

/** Seals made by a KMS HMAC key, which never leaves KMS. */
export function kmsSeals(client: KMSClient, keyId: string): Seals {
  return {
    async of(text) {
      // KMS takes at most 4,096 bytes (AWS KMS API Reference, GenerateMac).
      const message = createHash('sha256').update(text.reveal()).digest();
      const command = new GenerateMacCommand({
        KeyId: keyId,
        MacAlgorithm: 'HMAC_SHA_256',
        Message: message,
      });
      const { Mac } = await aws('kms:GenerateMac', () => client.send(command));
      if (!Mac)
        throw new KeyturnError('aws-failed', 'AWS did not do kms:GenerateMac: the answer has no Mac.');
      return Buffer.from(Mac).toString('hex');
    },
  };
}
