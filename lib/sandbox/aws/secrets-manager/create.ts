import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Operation } from '../types.ts';
import { arnOf, type SecretsContext } from './context.ts';
import { checkTags } from './limits.ts';
import { Description, KmsKeyId, Tags, Token, Value, compact } from './schemas.ts';
import { arnSuffix, invalidRequest, type SecretRecord } from './state.ts';
import { checkValue, storeVersion } from './versions.ts';

const Input = z.strictObject({
  Name: z.string().min(1).max(512),
  ClientRequestToken: Token.optional(),
  Description: Description.optional(),
  KmsKeyId: KmsKeyId.optional(),
  Tags: Tags.optional(),
  Type: z.string().max(256).optional(),
  ...Value,
});
type Input = z.infer<typeof Input>;

function newSecret(ctx: SecretsContext, input: Input): SecretRecord {
  const now = ctx.world.clock.now();
  const { account, region } = ctx.world;
  return {
    arn: `arn:aws:secretsmanager:${region}:${account}:secret:${input.Name}-${arnSuffix(ctx.world.uuid())}`,
    name: input.Name,
    createdAt: now,
    tags: new Map(input.Tags?.map((tag) => [tag.Key, tag.Value])),
    versions: new Map(),
    description: input.Description,
    kmsKeyId: input.KmsKeyId === '' ? undefined : input.KmsKeyId,
    policy: undefined,
    changedAt: now,
    accessedAt: undefined,
    rotatedAt: undefined,
    deletedAt: undefined,
    cancelDeletion: () => undefined,
    rotation: undefined,
    flight: undefined,
    primaryRegion: undefined,
    owningService: undefined,
    type: input.Type,
    replicas: [],
  };
}

function create(ctx: SecretsContext, input: Input): unknown {
  const value =
    input.SecretString === undefined && input.SecretBinary === undefined
      ? undefined
      : { SecretString: input.SecretString, SecretBinary: input.SecretBinary };
  const existing = ctx.shelf.find(input.Name);
  if (existing?.deletedAt !== undefined)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const again =
    existing && input.ClientRequestToken !== undefined && existing.versions.has(input.ClientRequestToken);
  if (existing && !again)
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${input.Name} already exists.`,
    );
  if (value) checkValue(value);
  checkTags([], input.Tags ?? []);
  ctx.checkKey(input.KmsKeyId);
  const secret = existing ?? newSecret(ctx, input);
  const version =
    value &&
    storeVersion(ctx.world, secret, {
      id: input.ClientRequestToken ?? ctx.world.uuid(),
      value,
      stages: ['AWSCURRENT'],
    });
  if (!existing) ctx.shelf.add(secret);
  return compact({ ARN: secret.arn, Name: secret.name, VersionId: version?.id });
}

export function createOperations(ctx: SecretsContext): [string, Operation][] {
  return [
    operation('CreateSecret', Input, (input) => {
      const resource = arnOf(ctx, input.Name);
      const tags = input.Tags ?? [];
      const context = {
        'secretsmanager:Name': input.Name,
        ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag.Key}`, tag.Value])),
        ...(tags.length > 0 && { 'aws:TagKeys': tags.map((tag) => tag.Key) }),
      };
      const actions = tags.length > 0 ? ['CreateSecret', 'TagResource'] : ['CreateSecret'];
      return {
        resource,
        checks: actions.map((action) => ({ action: `secretsmanager:${action}`, resource, context })),
        run: () => create(ctx, input),
      };
    }),
  ];
}
