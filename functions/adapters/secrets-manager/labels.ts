import { UpdateSecretVersionStageCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { SUBMITTED_LABEL } from '../../core/basics/names.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import { holderOf } from '../../core/token/staging-labels.ts';
import { awsFailure, hasCode, isAmbiguous } from '../aws-errors.ts';
import type { SecretReader } from './reads.ts';

/**
 * Moves staging labels, each move a compare-and-swap: Secrets Manager refuses when the label is not on the
 * version it is said to be on.
 */
export function labelMover(
  client: SecretsManagerClient,
  reader: SecretReader,
): Pick<SecretStore, 'moveLabel'> {
  return {
    async moveLabel(secretId, label, { from, to }) {
      const input = {
        SecretId: secretId,
        VersionStage: label,
        RemoveFromVersionId: from,
        MoveToVersionId: to,
      };
      try {
        await client.send(new UpdateSecretVersionStageCommand(input));
      } catch (error) {
        // Errors of several kinds share these codes, and their texts are no contract: where the label is now
        // tells them apart.
        const { versions, submitted } = await reader.describe(secretId);
        const holder = label === SUBMITTED_LABEL ? submitted : holderOf(versions, label);
        if (isAmbiguous(error) && holder === to) return;
        const refused = hasCode(
          error,
          'InvalidParameterException',
          'InvalidRequestException',
          'ResourceNotFoundException',
        );
        if (refused && holder !== from)
          throw new KeyturnError(
            'conflict',
            `The label ${label} of ${secretId} is not on ${from ?? 'no version'} any more.`,
          );
        throw awsFailure('secretsmanager:UpdateSecretVersionStage', error);
      }
    },
  };
}
