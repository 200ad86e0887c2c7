import * as z from 'zod';
import { DAY } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Check, Operation } from '../types.ts';
import { batchOperation } from './batch.ts';
import { arnOf, liveSecret, secretCheck, writableSecret, type SecretsContext } from './context.ts';
import { Description, KmsKeyId, Label, SecretId, Token, Value, compact, seconds } from './schemas.ts';
import {
  invalidParameter,
  invalidRequest,
  notFound,
  sameValue,
  versionWith,
  type SecretRecord,
  type SecretVersion,
} from './state.ts';
import { checkValue, storeVersion } from './versions.ts';
import { moveLabel } from './labels.ts';

const Get = z.strictObject({ SecretId, VersionId: Token.optional(), VersionStage: Label.optional() });
const Put = z.strictObject({
  SecretId,
  ClientRequestToken: Token.optional(),
  VersionStages: z.array(Label).min(1).max(20).optional(),
  RotationToken: z
    .string()
    .min(36)
    .max(256)
    .regex(/^[a-zA-Z0-9-]+$/)
    .optional(),
  ...Value,
});
const Update = z.strictObject({
  SecretId,
  ClientRequestToken: Token.optional(),
  Description: Description.optional(),
  KmsKeyId: KmsKeyId.optional(),
  ...Value,
});
const Stage = z.strictObject({
  SecretId,
  VersionStage: Label,
  MoveToVersionId: Token.optional(),
  RemoveFromVersionId: Token.optional(),
});

function chosen(secret: SecretRecord, input: z.infer<typeof Get>): SecretVersion {
  const stage = input.VersionStage ?? (input.VersionId === undefined ? 'AWSCURRENT' : undefined);
  const version =
    input.VersionId === undefined ? versionWith(secret, stage ?? '') : secret.versions.get(input.VersionId);
  const what =
    input.VersionId === undefined ? `staging label: ${stage ?? ''}` : `VersionId: ${input.VersionId}`;
  if (!version?.value) throw notFound(`Secrets Manager can't find the specified secret value for ${what}`);
  if (stage !== undefined && !version.stages.has(stage))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return version;
}

/** The service shows the day of the last access only. */
function accessed(ctx: SecretsContext, arn: string, versionId: string): void {
  const today = Math.floor(ctx.world.clock.now() / DAY) * DAY;
  const secret = ctx.shelf.find(arn);
  const version = secret?.versions.get(versionId);
  if (secret) secret.accessedAt = today;
  if (version) version.accessedAt = today;
}

function get(ctx: SecretsContext, input: z.infer<typeof Get>): unknown {
  const secret = liveSecret(ctx, input.SecretId, input.VersionId === undefined ? 'get' : undefined);
  const version = chosen(secret, input);
  accessed(ctx, secret.arn, version.id);
  const about = {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: seconds(version.createdAt),
  };
  return compact({ ...about, ...version.value });
}

function put(ctx: SecretsContext, input: z.infer<typeof Put>): unknown {
  const secret = writableSecret(ctx, input.SecretId);
  if (input.RotationToken !== undefined && input.RotationToken !== secret.flight?.rotationToken)
    throw invalidParameter('The RotationToken is not that of the rotation under way.');
  const value = { SecretString: input.SecretString, SecretBinary: input.SecretBinary };
  const id = input.ClientRequestToken ?? ctx.world.uuid();
  const version = storeVersion(ctx.world, secret, {
    id,
    value,
    stages: input.VersionStages ?? ['AWSCURRENT'],
  });
  if (version.stages.has('AWSCURRENT') && secret.flight?.token !== id) ctx.rotator.schedule(secret);
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
}

function update(ctx: SecretsContext, input: z.infer<typeof Update>): unknown {
  const secret = writableSecret(ctx, input.SecretId);
  const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
  const id = input.ClientRequestToken ?? ctx.world.uuid();
  const value = { SecretString: input.SecretString, SecretBinary: input.SecretBinary };
  ctx.checkKey(input.KmsKeyId);
  if (hasValue) checkValue(value);
  const existing = secret.versions.get(id);
  // The page says that a known token is an error; the service answers the same value once more as done.
  if (hasValue && existing && !sameValue(existing.value, value))
    throw new AwsError('ResourceExistsException', 'A resource with the ID you requested already exists.');
  secret.description = input.Description ?? secret.description;
  if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId === '' ? undefined : input.KmsKeyId;
  secret.changedAt = ctx.world.clock.now();
  if (hasValue && !existing) {
    storeVersion(ctx.world, secret, { id, value, stages: ['AWSCURRENT'] });
    ctx.rotator.schedule(secret);
  }
  return compact({ ARN: secret.arn, Name: secret.name, VersionId: hasValue ? id : undefined });
}

/** The operations that read and write values and labels. */
export function valueOperations(ctx: SecretsContext): [string, Operation][] {
  const keys = (secretId: string, actions: string[]): ReturnType<SecretsContext['keyChecks']> => {
    const secret = ctx.shelf.find(secretId);
    return secret ? ctx.keyChecks(secret, actions) : [];
  };
  const readChecks = (input: z.infer<typeof Get>): Check[] => {
    const stage = input.VersionStage ?? (input.VersionId === undefined ? 'AWSCURRENT' : undefined);
    const context = {
      ...(stage !== undefined && { 'secretsmanager:VersionStage': stage }),
      ...(input.VersionId !== undefined && { 'secretsmanager:VersionId': input.VersionId }),
    };
    return [
      secretCheck(ctx, input.SecretId, 'GetSecretValue', context),
      ...keys(input.SecretId, ['kms:Decrypt']),
    ];
  };
  return [
    operation('GetSecretValue', Get, (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: readChecks(input),
      run: () => get(ctx, input),
    })),
    batchOperation(ctx, {
      checks: (id) => readChecks({ SecretId: id }),
      read: (id) => get(ctx, { SecretId: id }),
    }),
    operation('PutSecretValue', Put, (input) => {
      const checks = [
        secretCheck(ctx, input.SecretId, 'PutSecretValue'),
        ...keys(input.SecretId, ['kms:GenerateDataKey', 'kms:Decrypt']),
      ];
      return { resource: arnOf(ctx, input.SecretId), checks, run: () => put(ctx, input) };
    }),
    operation('UpdateSecret', Update, (input) => {
      const checks = [
        secretCheck(ctx, input.SecretId, 'UpdateSecret'),
        ...keys(input.SecretId, ['kms:GenerateDataKey', 'kms:Decrypt']),
      ];
      return { resource: arnOf(ctx, input.SecretId), checks, run: () => update(ctx, input) };
    }),
    operation('UpdateSecretVersionStage', Stage, (input) => ({
      resource: arnOf(ctx, input.SecretId),
      checks: [
        secretCheck(ctx, input.SecretId, 'UpdateSecretVersionStage', {
          'secretsmanager:VersionStage': input.VersionStage,
        }),
      ],
      run: () => {
        const secret = writableSecret(ctx, input.SecretId);
        moveLabel(ctx.world, secret, {
          pendingLabel: ctx.options.pendingLabel,
          label: input.VersionStage,
          to: input.MoveToVersionId,
          from: input.RemoveFromVersionId,
        });
        return { ARN: secret.arn, Name: secret.name };
      },
    })),
  ];
}
