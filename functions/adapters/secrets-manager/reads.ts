import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type DescribeSecretCommandOutput,
  type GetSecretValueCommandInput,
  type ReplicationStatusType,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { CANARY_LABEL, SUBMITTED_LABEL } from '../../core/basics/names.ts';
import type { SecretDescription, SecretStore } from '../../core/ports/secret-store.ts';
import type { ReplicaState } from '../../core/token/replicas.ts';
import { holderOf } from '../../core/token/staging-labels.ts';
import { Secret } from '../../core/basics/secret.ts';
import { awsFailure, hasCode } from '../aws-errors.ts';

export interface SecretReader extends Pick<SecretStore, 'describe' | 'read'> {
  /**
   * The text of the version with a staging label; undefined when there is no such secret or version, or it
   * has no value.
   */
  labelled(secretId: string, label: string): Promise<Secret | undefined>;
}

/** Labels under which no consumer reads, and which say nothing of a credential that is in use. */
const APART: ReadonlySet<string> = new Set([CANARY_LABEL, SUBMITTED_LABEL]);

/**
 * Version ids with their staging labels; versions without labels are left out, and so are those that only
 * showed that the secret can be written, or hold what a person submitted.
 */
export function labelled(
  stages: Readonly<Record<string, string[]>> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const lasting = Object.entries(stages ?? {}).map(
    ([id, labels]) => [id, labels.filter((label) => !APART.has(label))] as const,
  );
  return new Map(lasting.filter(([, labels]) => labels.length > 0));
}

/** A copy without a status is not known to be in sync. */
function replicaFrom({ Region, Status, StatusMessage }: ReplicationStatusType): ReplicaState {
  return {
    region: Region ?? 'a Region that AWS does not name',
    status: Status ?? 'no status',
    ...(StatusMessage && { message: StatusMessage }),
  };
}

function descriptionFrom(answer: DescribeSecretCommandOutput, secretId: string): SecretDescription {
  const { ARN: arn, Name: name, PrimaryRegion: primary } = answer;
  if (!arn || !name)
    throw new KeyturnError(
      'aws-failed',
      `AWS did not do secretsmanager:DescribeSecret: the answer for ${secretId} has no ARN or name.`,
    );
  const submitted = holderOf(new Map(Object.entries(answer.VersionIdsToStages ?? {})), SUBMITTED_LABEL);
  // A primary secret with replicas names its own Region here.
  const isReplica = primary !== undefined && primary !== arn.split(':')[3];
  return {
    arn,
    name,
    tags: new Map(
      (answer.Tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])),
    ),
    rotationEnabled: answer.RotationEnabled ?? false,
    versions: labelled(answer.VersionIdsToStages),
    replicas: (answer.ReplicationStatus ?? []).map(replicaFrom),
    ...(submitted !== undefined && { submitted }),
    ...(answer.RotationLambdaARN && { rotationFunction: answer.RotationLambdaARN }),
    ...(answer.LastRotatedDate && { rotatedAt: answer.LastRotatedDate.getTime() }),
    ...(answer.DeletedDate && { deletedAt: answer.DeletedDate.getTime() }),
    ...(isReplica && { primaryRegion: primary }),
    ...(answer.OwningService && { owningService: answer.OwningService }),
    ...(answer.Type && { externalType: answer.Type }),
  };
}

/**
 * Codes with which Secrets Manager says that the caller may not read, or that KMS does not decrypt: neither
 * passes by itself (Secrets Manager API Reference, "GetSecretValue" and "Common Errors").
 */
const DENIALS = ['AccessDeniedException', 'DecryptionFailure'] as const;

function unreadable(secretId: string, error: unknown): KeyturnError | undefined {
  const code = DENIALS.find((one) => hasCode(error, one));
  return (
    code &&
    new KeyturnError(
      'secret-unreadable',
      `Keyturn may not read the secret ${secretId} (${code}): if it is under a key of your own, add ` +
        'the key to secretKmsKeyArns; else look at its resource policy.',
      { cause: awsFailure('secretsmanager:read', error).cause },
    )
  );
}

/** What is read of secrets. */
export function secretReader(client: SecretsManagerClient): SecretReader {
  async function describe(secretId: string): Promise<SecretDescription> {
    try {
      return descriptionFrom(await client.send(new DescribeSecretCommand({ SecretId: secretId })), secretId);
    } catch (error) {
      if (error instanceof KeyturnError) throw error;
      if (hasCode(error, 'ResourceNotFoundException'))
        throw new KeyturnError('not-found', `There is no secret ${secretId}.`);
      throw unreadable(secretId, error) ?? awsFailure('secretsmanager:DescribeSecret', error);
    }
  }

  async function text(input: GetSecretValueCommandInput): Promise<Secret | undefined> {
    try {
      const answer = await client.send(new GetSecretValueCommand(input));
      if (answer.SecretString !== undefined) return new Secret(answer.SecretString);
    } catch (error) {
      if (hasCode(error, 'ResourceNotFoundException')) return undefined;
      throw unreadable(input.SecretId ?? '', error) ?? awsFailure('secretsmanager:GetSecretValue', error);
    }
    throw new KeyturnError(
      'secret-invalid',
      `The secret ${input.SecretId} holds binary data: store its value as text.`,
    );
  }

  return {
    describe,
    labelled: (secretId, label) => text({ SecretId: secretId, VersionStage: label }),
    async read(secretId, versionId) {
      const found = await text({ SecretId: secretId, VersionId: versionId });
      // One code says both that the version has no value and that there is no such secret.
      if (!found) await describe(secretId);
      return found;
    },
  };
}
