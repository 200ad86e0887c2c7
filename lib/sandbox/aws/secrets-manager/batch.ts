import * as z from 'zod';
import { AwsError, notImplemented } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Check, Operation, Principal } from '../types.ts';
import type { SecretsContext } from './context.ts';
import { SecretId } from './schemas.ts';

const Batch = z.strictObject({
  SecretIdList: z.array(SecretId).min(1).max(20).optional(),
  Filters: z.unknown().optional(),
});

/** How one secret of a batch is read. */
export interface SingleRead {
  checks(secretId: string): readonly Check[];
  read(secretId: string): unknown;
}

/**
 * Reads up to twenty secrets by name or ARN. One that may not be read is an error beside the others; each
 * that was read is told to CloudTrail as a read of its own (Secrets Manager API Reference,
 * "BatchGetSecretValue"). Filters are not implemented.
 */
export function batchOperation(ctx: SecretsContext, single: SingleRead): [string, Operation] {
  return operation('BatchGetSecretValue', Batch, ({ SecretIdList, Filters }, principal) => {
    if (SecretIdList === undefined || Filters !== undefined)
      throw notImplemented('Filters of BatchGetSecretValue');
    const action = 'secretsmanager:BatchGetSecretValue';
    return {
      resource: '*',
      checks: [{ action, resource: '*' }],
      run: () => readAll(ctx, SecretIdList, principal, single),
    };
  });
}

function readAll(
  ctx: SecretsContext,
  ids: readonly string[],
  principal: Principal,
  single: SingleRead,
): unknown {
  const SecretValues: unknown[] = [];
  const Errors: unknown[] = [];
  for (const id of ids) {
    try {
      for (const check of single.checks(id)) ctx.world.authorize(principal, check);
      SecretValues.push(single.read(id));
      ctx.world.trail({
        service: 'secretsmanager',
        operation: 'GetSecretValue',
        principal,
        input: { SecretId: id },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors };
}
