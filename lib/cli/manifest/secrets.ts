import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { aws, awsFailure, hasCode } from '../../../functions/adapters/aws-errors.ts';
import { secretsManagerStore } from '../../../functions/adapters/secrets-manager/store.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { SecretDescription, SecretStore } from '../../../functions/core/ports/secret-store.ts';
import type { Tags } from '../../../functions/core/policy/tags.ts';
import { obstacleOf } from '../../../functions/use-cases/inventory/registration.ts';

/** The rotation settings that Keyturn gives a secret. */
export interface RotationSettings {
  readonly functionArn: string;
  readonly everyDays: number;
}

/** What is to be known of a secret before it is changed; never its value. */
export interface FoundSecret {
  readonly arn: string;
  readonly tags: Tags;
  /** Why no function can rotate it, in one sentence. */
  readonly obstacle: string | undefined;
  /** The version that is labelled AWSPENDING and is not current: a rotation is under way, or one left it. */
  readonly pending: string | undefined;
  readonly rotation:
    | {
        readonly functionArn: string | undefined;
        readonly everyDays: number | undefined;
        readonly schedule: string | undefined;
      }
    | undefined;
}

/**
 * Secrets as the command needs them: it makes, tags and points them at a function, and schedules the deletion
 * of one that a person retired; it can neither read a value nor write one.
 */
export interface ManagedSecrets {
  /** The ARN of a secret, by name or ARN; undefined when there is none, or the caller may not see it. */
  arnOf(name: string): Promise<string | undefined>;
  find(name: string): Promise<FoundSecret | undefined>;
  /** Makes a secret without a value. */
  create(name: string, tags: Tags): Promise<void>;
  setTags(name: string, tags: Tags): Promise<void>;
  dropTags(name: string, keys: readonly string[]): Promise<void>;
  /** Sets function and schedule; the value is only tested, not replaced. */
  attachRotation(name: string, rotation: RotationSettings): Promise<void>;
  /**
   * Nobody can read the secret from then on; it can be restored for so many days. Whether the caller may is
   * decided by IAM alone.
   */
  scheduleDeletion(name: string, days: number): Promise<void>;
  /** The ARN a function of this account and Region has. */
  functionArn(name: string): Promise<string>;
}

/** Where functions are: partition, Region, account. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/**
 * Secrets of AWS Secrets Manager. Errors: `aws-failed`, `bad-request` for a secret that is in the middle of a
 * rotation.
 */
export function managedSecrets(client: SecretsManagerClient, home: () => Promise<Home>): ManagedSecrets {
  const store = secretsManagerStore(client);
  return {
    arnOf: async (name) => (await seen(() => described(store, name)))?.arn,
    async find(name) {
      const secret = await described(store, name);
      return (
        secret && {
          arn: secret.arn,
          tags: secret.tags,
          obstacle: obstacleOf(secret),
          pending: pendingOf(secret),
          rotation: await rotationOf(client, name),
        }
      );
    },
    async create(name, tags) {
      await aws('secretsmanager:CreateSecret', () =>
        client.send(new CreateSecretCommand({ Name: name, Tags: tagList(tags) })),
      );
    },
    async setTags(name, tags) {
      await aws('secretsmanager:TagResource', () =>
        client.send(new TagResourceCommand({ SecretId: name, Tags: tagList(tags) })),
      );
    },
    async dropTags(name, keys) {
      await aws('secretsmanager:UntagResource', () =>
        client.send(new UntagResourceCommand({ SecretId: name, TagKeys: [...keys] })),
      );
    },
    attachRotation: (name, rotation) => attach(client, name, rotation),
    async scheduleDeletion(name, days) {
      await aws('secretsmanager:DeleteSecret', () =>
        client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: days })),
      );
    },
    async functionArn(name) {
      const { partition, region, account } = await home();
      return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
    },
  };
}

function tagList(tags: Tags): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function pendingOf({ versions }: SecretDescription): string | undefined {
  return [...versions].find(
    ([, labels]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'),
  )?.[0];
}

async function described(store: SecretStore, name: string): Promise<SecretDescription | undefined> {
  try {
    return await store.describe(name);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/**
 * A look that only saves time must not fail for want of a permission, nor for a text that cannot be a
 * secret's name.
 */
async function seen<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof KeyturnError && error.cause instanceof Error && PASSED_OVER.has(error.cause.name))
      return undefined;
    throw error;
  }
}

const PASSED_OVER: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidParameterException',
  'ValidationException',
]);

async function rotationOf(client: SecretsManagerClient, name: string): Promise<FoundSecret['rotation']> {
  const answer = await aws('secretsmanager:DescribeSecret', () =>
    client.send(new DescribeSecretCommand({ SecretId: name })),
  );
  if (answer.RotationEnabled !== true) return undefined;
  const { AutomaticallyAfterDays: everyDays, ScheduleExpression: schedule } = answer.RotationRules ?? {};
  return { functionArn: answer.RotationLambdaARN, everyDays, schedule };
}

async function attach(client: SecretsManagerClient, name: string, rotation: RotationSettings): Promise<void> {
  const input = {
    SecretId: name,
    RotationLambdaARN: rotation.functionArn,
    RotationRules: { AutomaticallyAfterDays: rotation.everyDays },
    RotateImmediately: false,
  };
  try {
    await client.send(new RotateSecretCommand(input));
  } catch (error) {
    if (hasCode(error, 'InvalidRequestException'))
      throw new KeyturnError(
        'bad-request',
        `Secrets Manager did not take the rotation settings of ${name}: a rotation of it may be under ` +
          'way, so apply again when that has ended.',
      );
    throw awsFailure('secretsmanager:RotateSecret', error);
  }
}
