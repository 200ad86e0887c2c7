import * as z from 'zod';
import { operation } from '../operation.ts';
import type { Operation } from '../types.ts';
import { arnOf, secretCheck, writableSecret, type SecretsContext } from './context.ts';
import { SecretId } from './schemas.ts';
import { invalidParameter } from './state.ts';

const Regions = z.array(z.strictObject({ Region: z.string(), KmsKeyId: z.string().optional() })).min(1);

/** Replicas are in step at once; no other Region is simulated (API Reference, "ReplicateSecretToRegions"). */
export function replicateOperation(ctx: SecretsContext): [string, Operation] {
  return operation(
    'ReplicateSecretToRegions',
    z.strictObject({
      SecretId,
      AddReplicaRegions: Regions,
      ForceOverwriteReplicaSecret: z.boolean().optional(),
    }),
    (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'ReplicateSecretToRegions')],
      run: () => {
        const secret = writableSecret(ctx, input.SecretId);
        const added = input.AddReplicaRegions.map(({ Region }) => Region);
        if (added.includes(ctx.world.region))
          throw invalidParameter('Invalid replica region: the secret is in it already.');
        const kept = secret.replicas.filter(({ Region }) => !added.includes(Region));
        secret.replicas = [...kept, ...added.map((Region) => ({ Region, Status: 'InSync' as const }))];
        return { ARN: secret.arn, ReplicationStatus: secret.replicas };
      },
    }),
  );
}
