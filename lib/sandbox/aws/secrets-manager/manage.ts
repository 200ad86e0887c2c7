import { createHash } from 'node:crypto';
import * as z from 'zod';
import { DAY } from '../../../../functions/core/basics/time.ts';
import { parsePolicy } from '../iam.ts';
import { operation } from '../operation.ts';
import type { Operation } from '../types.ts';
import { anySecret, arnOf, liveSecret, secretCheck, writableSecret, type SecretsContext } from './context.ts';
import { emitServiceEvent } from './events.ts';
import { checkNotPublic, checkTags } from './limits.ts';
import { replicateOperation } from './replicate.ts';
import { SecretId, Tags, compact, seconds } from './schemas.ts';
import { invalidParameter, invalidRequest, notFound, type SecretRecord } from './state.ts';
import { stopFlight } from './versions.ts';

const Delete = z.strictObject({
  SecretId,
  RecoveryWindowInDays: z.number().int().optional(),
  ForceDeleteWithoutRecovery: z.boolean().optional(),
});
const Random = z.strictObject({
  PasswordLength: z.number().int().min(1).max(4096).optional(),
  ExcludePunctuation: z.boolean().optional(),
  ExcludeCharacters: z.string().max(4096).optional(),
});

function purge(ctx: SecretsContext, secret: SecretRecord): void {
  stopFlight(secret);
  secret.rotation?.cancelTimer();
  ctx.shelf.remove(secret);
  ctx.past.note(secret.arn);
  emitServiceEvent(ctx.world, secret, 'EndSecretVersionDelete');
}

function remove(ctx: SecretsContext, input: z.infer<typeof Delete>): unknown {
  const force = input.ForceDeleteWithoutRecovery === true;
  if (force && input.RecoveryWindowInDays !== undefined)
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  const days = input.RecoveryWindowInDays ?? 30;
  if (days < 7 || days > 30)
    throw invalidParameter('RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const now = ctx.world.clock.now();
  const secret = ctx.shelf.find(input.SecretId);
  if (!secret) {
    if (force) return { ARN: arnOf(ctx, input.SecretId), Name: input.SecretId, DeletionDate: seconds(now) };
    throw notFound();
  }
  if (secret.replicas.length > 0)
    throw invalidRequest("You can't delete secret that still has replica regions.");
  if (secret.deletedAt !== undefined && !force)
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    );
  stopFlight(secret);
  secret.cancelDeletion();
  secret.deletedAt = force ? now : now + days * DAY;
  ctx.rotator.schedule(secret);
  emitServiceEvent(ctx.world, secret, 'StartSecretVersionDelete');
  if (force) purge(ctx, secret);
  else secret.cancelDeletion = ctx.world.clock.after(days * DAY, () => purge(ctx, secret));
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(secret.deletedAt) };
}

function restore(ctx: SecretsContext, secretId: string): unknown {
  const secret = anySecret(ctx, secretId);
  secret.cancelDeletion();
  secret.deletedAt = undefined;
  ctx.rotator.schedule(secret);
  emitServiceEvent(ctx.world, secret, 'CancelSecretVersionDelete');
  return { ARN: secret.arn, Name: secret.name };
}

/** Characters drawn from the ids that the sandbox is given, so that runs repeat; not for real passwords. */
function randomPassword(ctx: SecretsContext, input: z.infer<typeof Random>): unknown {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const all = input.ExcludePunctuation === true ? letters : `${letters}!#$%&()*+,-./:;<=>?@[]^_{|}~`;
  const allowed = all.split('').filter((letter) => !(input.ExcludeCharacters ?? '').includes(letter));
  if (allowed.length === 0)
    throw invalidParameter(
      'The password length is too long based on the required types: no character is left.',
    );
  const length = input.PasswordLength ?? 32;
  let bytes = Buffer.alloc(0);
  while (bytes.length < length)
    bytes = Buffer.concat([bytes, createHash('sha512').update(ctx.world.uuid()).digest()]);
  return {
    RandomPassword: [...bytes.subarray(0, length)].map((byte) => allowed[byte % allowed.length]).join(''),
  };
}

function tagOperations(ctx: SecretsContext): [string, Operation][] {
  return [
    operation('TagResource', z.strictObject({ SecretId, Tags }), (input) => {
      const context = {
        'aws:TagKeys': input.Tags.map((tag) => tag.Key),
        ...Object.fromEntries(input.Tags.map((tag) => [`aws:RequestTag/${tag.Key}`, tag.Value])),
      };
      return {
        resource: arnOf(ctx, input.SecretId),
        checks: [secretCheck(ctx, input.SecretId, 'TagResource', context)],
        run: () => {
          const secret = writableSecret(ctx, input.SecretId);
          checkTags(secret.tags.keys(), input.Tags);
          for (const tag of input.Tags) secret.tags.set(tag.Key, tag.Value);
          secret.changedAt = ctx.world.clock.now();
          return {};
        },
      };
    }),
    operation(
      'UntagResource',
      z.strictObject({ SecretId, TagKeys: z.array(z.string().min(1).max(128)) }),
      (input) => ({
        resource: arnOf(ctx, input.SecretId),
        checks: [secretCheck(ctx, input.SecretId, 'UntagResource', { 'aws:TagKeys': input.TagKeys })],
        run: () => {
          const secret = writableSecret(ctx, input.SecretId);
          for (const key of input.TagKeys) secret.tags.delete(key);
          secret.changedAt = ctx.world.clock.now();
          return {};
        },
      }),
    ),
  ];
}

function policyOperations(ctx: SecretsContext): [string, Operation][] {
  const named = (secret: SecretRecord): object => ({ ARN: secret.arn, Name: secret.name });
  const on = (
    action: string,
    input: { SecretId: string },
  ): { resource: string; checks: ReturnType<typeof secretCheck>[] } => ({
    resource: arnOf(ctx, input.SecretId),
    checks: [secretCheck(ctx, input.SecretId, action)],
  });
  return [
    operation(
      'PutResourcePolicy',
      z.strictObject({
        SecretId,
        ResourcePolicy: z.string().min(1).max(20_480),
        BlockPublicPolicy: z.boolean().optional(),
      }),
      (input) => ({
        ...on('PutResourcePolicy', input),
        run: () => {
          const secret = writableSecret(ctx, input.SecretId);
          const policy = parsePolicy(input.ResourcePolicy);
          if (input.BlockPublicPolicy === true) checkNotPublic(policy);
          secret.policy = policy;
          return named(secret);
        },
      }),
    ),
    operation('GetResourcePolicy', z.strictObject({ SecretId }), (input) => ({
      ...on('GetResourcePolicy', input),
      run: () => {
        const secret = liveSecret(ctx, input.SecretId);
        return compact({ ...named(secret), ResourcePolicy: secret.policy && JSON.stringify(secret.policy) });
      },
    })),
    operation('DeleteResourcePolicy', z.strictObject({ SecretId }), (input) => ({
      ...on('DeleteResourcePolicy', input),
      run: () => {
        const secret = writableSecret(ctx, input.SecretId);
        secret.policy = undefined;
        return named(secret);
      },
    })),
  ];
}

/** Tags, resource policies, deletion and random passwords. */
export function manageOperations(ctx: SecretsContext): [string, Operation][] {
  return [
    ...tagOperations(ctx),
    ...policyOperations(ctx),
    replicateOperation(ctx),
    operation('DeleteSecret', Delete, (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'DeleteSecret')],
      run: () => remove(ctx, input),
    })),
    operation('RestoreSecret', z.strictObject({ SecretId }), (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [secretCheck(ctx, input.SecretId, 'RestoreSecret')],
      run: () => restore(ctx, input.SecretId),
    })),
    operation('GetRandomPassword', Random, (input) => ({
      resource: '*',
      checks: [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
      run: () => randomPassword(ctx, input),
    })),
  ];
}
