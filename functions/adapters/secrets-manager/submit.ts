import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { SUBMITTED_LABEL } from '../../core/basics/names.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { awsFailure, hasCode } from '../aws-errors.ts';
import { secretReader } from './reads.ts';

/**
 * Stores a value that a person created, in a version of its own under {@link SUBMITTED_LABEL}, from where the
 * next rotation takes it up. Not under AWSPENDING, which would keep RotateSecret from starting (API
 * Reference, "RotateSecret"). The first version of a secret would become AWSCURRENT by itself (API Reference,
 * "PutSecretValue"): it is refused. Errors: `not-found`, `bad-request`, `aws-failed`.
 */
export async function submitValue(
  client: SecretsManagerClient,
  secretId: string,
  made: { readonly versionId: string; readonly value: Secret },
): Promise<void> {
  const { name, versions } = await secretReader(client).describe(secretId);
  if (![...versions.values()].some((labels) => labels.includes('AWSCURRENT')))
    throw new KeyturnError(
      'bad-request',
      `The secret ${name} has no value yet, and the first one becomes current by itself: store {} in it ` +
        `with \`aws secretsmanager put-secret-value --secret-id ${name} --secret-string '{}'\`, then submit.`,
    );
  try {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        ClientRequestToken: made.versionId,
        VersionStages: [SUBMITTED_LABEL],
        SecretString: made.value.reveal(),
      }),
    );
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException'))
      throw new KeyturnError('not-found', `There is no secret ${secretId}.`);
    throw awsFailure('secretsmanager:PutSecretValue', error);
  }
}
