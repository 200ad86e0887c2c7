import {
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { DELIVERY_LABEL } from '../../core/basics/names.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { awsFailure, hasCode } from '../aws-errors.ts';

/**
 * Stores the next text of a target secret as a version of its own under {@link DELIVERY_LABEL}, which leaves
 * the version that had it: one of Keyturn's lies about at most. The same text under the same id once more
 * changes nothing (API Reference, "PutSecretValue"). Errors: `delivery-invalid` when another text is there;
 * `aws-failed`.
 */
export async function stageText(
  client: SecretsManagerClient,
  secret: { readonly arn: string; readonly name: string },
  made: { readonly versionId: string; readonly text: Secret },
): Promise<void> {
  try {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secret.arn,
        ClientRequestToken: made.versionId,
        VersionStages: [DELIVERY_LABEL],
        SecretString: made.text.reveal(),
      }),
    );
  } catch (error) {
    if (hasCode(error, 'ResourceExistsException'))
      throw new KeyturnError(
        'delivery-invalid',
        `The secret ${secret.name} has a version of this delivery with another text: have it ` +
          'delivered anew with `keyturn consumer deliver`.',
      );
    throw awsFailure('secretsmanager:PutSecretValue', error);
  }
}

/**
 * Takes {@link DELIVERY_LABEL} off a version. One without labels is deleted by the service in time (API
 * Reference, "UpdateSecretVersionStage"). Where the label has moved on meanwhile, or stays, no harm is done.
 */
export async function unstageText(
  client: SecretsManagerClient,
  arn: string,
  versionId: string | undefined,
): Promise<void> {
  if (versionId === undefined) return;
  const input = { SecretId: arn, VersionStage: DELIVERY_LABEL, RemoveFromVersionId: versionId };
  await client.send(new UpdateSecretVersionStageCommand(input)).catch(() => undefined);
}
