import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { CANARY_LABEL } from '../../core/basics/names.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { awsFailure, hasCode, isAmbiguous } from '../aws-errors.ts';
import type { SecretReader } from './reads.ts';

/** What is written to secrets, labels apart. */
export function secretWriter(
  client: SecretsManagerClient,
  reader: SecretReader,
): Pick<SecretStore, 'putPending' | 'tryStore' | 'startRotation' | 'stopRotation'> {
  async function holds(secretId: string, versionId: string, text: Secret): Promise<boolean> {
    const found = await reader.read(secretId, versionId).catch(() => undefined);
    return found?.equals(text) ?? false;
  }

  async function startFailure(secretId: string, error: unknown): Promise<KeyturnError> {
    if (hasCode(error, 'ResourceNotFoundException'))
      return new KeyturnError('not-found', `There is no secret ${secretId}.`);
    const failure = awsFailure('secretsmanager:RotateSecret', error);
    if (!hasCode(error, 'InvalidRequestException')) return failure;
    const { rotationEnabled, name } = await reader.describe(secretId);
    if (!rotationEnabled)
      return new KeyturnError(
        'rotation-disabled',
        `The secret ${name} has no rotation function, or its rotation is switched off: attach the ` +
          'function of its provider.',
        { cause: failure.cause },
      );
    return new KeyturnError('conflict', `An earlier rotation of ${secretId} is not over.`, {
      cause: failure.cause,
    });
  }

  return {
    async putPending(secretId, versionId, text, rotationToken) {
      const input = {
        SecretId: secretId,
        ClientRequestToken: versionId,
        VersionStages: ['AWSPENDING'],
        SecretString: text.reveal(),
        ...(rotationToken && { RotationToken: rotationToken.reveal() }),
      };
      try {
        await client.send(new PutSecretValueCommand(input));
      } catch (error) {
        if (hasCode(error, 'ResourceExistsException'))
          throw new KeyturnError(
            'conflict',
            `The version ${versionId} of ${secretId} holds another value already.`,
          );
        if (isAmbiguous(error) && (await holds(secretId, versionId, text))) return;
        if (hasCode(error, 'ResourceNotFoundException'))
          throw new KeyturnError('not-found', `There is no secret ${secretId}.`);
        throw awsFailure('secretsmanager:PutSecretValue', error);
      }
    },
    // A label that stands elsewhere moves by itself (API reference, "PutSecretValue"), so that one which was
    // left behind is no more than that. Versions without labels are deleted by the service once there are
    // more than 100; it advises against a new version more often than every ten minutes for long (User Guide,
    // "Create and manage secrets"), which back-off keeps.
    async tryStore(secretId, versionId, length) {
      try {
        await client.send(
          new PutSecretValueCommand({
            SecretId: secretId,
            ClientRequestToken: versionId,
            VersionStages: [CANARY_LABEL],
            SecretString: '-'.repeat(Math.max(1, length)),
          }),
        );
      } catch (error) {
        if (hasCode(error, 'ResourceNotFoundException'))
          throw new KeyturnError('not-found', `There is no secret ${secretId}.`);
        throw awsFailure('secretsmanager:PutSecretValue', error);
      }
      // Left where it is, it stands on a text without a meaning, and moves at the next test.
      await client
        .send(
          new UpdateSecretVersionStageCommand({
            SecretId: secretId,
            VersionStage: CANARY_LABEL,
            RemoveFromVersionId: versionId,
          }),
        )
        .catch(() => undefined);
    },
    async startRotation(secretId, requestToken) {
      try {
        await client.send(
          new RotateSecretCommand({
            SecretId: secretId,
            ClientRequestToken: requestToken,
            RotateImmediately: true,
          }),
        );
      } catch (error) {
        throw await startFailure(secretId, error);
      }
    },
    async stopRotation(secretId) {
      try {
        await client.send(new CancelRotateSecretCommand({ SecretId: secretId }));
      } catch (error) {
        if (hasCode(error, 'ResourceNotFoundException'))
          throw new KeyturnError('not-found', `There is no secret ${secretId}.`);
        // One without a rotation function is refused under this code, and so are others.
        if (hasCode(error, 'InvalidRequestException') && !(await reader.describe(secretId)).rotationEnabled)
          return;
        throw awsFailure('secretsmanager:CancelRotateSecret', error);
      }
    },
  };
}
