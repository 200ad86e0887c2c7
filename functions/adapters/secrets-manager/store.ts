import {
  ListSecretsCommand,
  paginateListSecrets,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../core/basics/errors.ts';
import { adminPrefixOf } from '../../core/basics/names.ts';
import type { SecretPage, SecretStore } from '../../core/ports/secret-store.ts';
import { TAGS } from '../../core/policy/tags.ts';
import { aws } from '../aws-errors.ts';
import { labelMover } from './labels.ts';
import { labelled, secretReader } from './reads.ts';
import { secretWriter } from './writes.ts';

/**
 * Scheduled deletions are left out: their values cannot be read. The service's filter matches the beginning
 * of names (API reference, "ListSecrets").
 */
async function* listNamed(client: SecretsManagerClient, beginning: string): AsyncIterable<string> {
  const pages = paginateListSecrets({ client }, { Filters: [{ Key: 'name', Values: [beginning] }] })[
    Symbol.asyncIterator
  ]();
  for (;;) {
    const page = await aws('secretsmanager:ListSecrets', () => pages.next());
    if (page.done) return;
    for (const { ARN, Name } of page.value.SecretList ?? [])
      if (ARN && Name?.startsWith(beginning)) yield ARN;
  }
}

/** The service's own filters match prefixes and any tag, so tags are looked at again. */
async function* listTagged(
  client: SecretsManagerClient,
  installation: string,
  from: string | undefined,
): AsyncIterable<SecretPage> {
  const query = {
    IncludePlannedDeletion: true,
    MaxResults: 100,
    Filters: [
      { Key: 'tag-key' as const, Values: [TAGS.installation] },
      { Key: 'tag-value' as const, Values: [installation] },
    ],
  };
  for (let next = from, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const page = await aws('secretsmanager:ListSecrets', () =>
      client.send(new ListSecretsCommand({ ...query, NextToken: next })),
    );
    const tagged = (page.SecretList ?? []).filter(({ Tags }) =>
      Tags?.some(({ Key, Value }) => Key === TAGS.installation && Value === installation),
    );
    next = page.NextToken;
    yield {
      secrets: tagged.flatMap(({ ARN, SecretVersionsToStages }) =>
        ARN ? [{ arn: ARN, versions: labelled(SecretVersionsToStages) }] : [],
      ),
      next,
    };
  }
}

/**
 * AWS Secrets Manager. Errors: `not-found`, `conflict`, `secret-invalid` for a binary value, `aws-failed`.
 */
export function secretsManagerStore(client: SecretsManagerClient): SecretStore {
  const reader = secretReader(client);
  return {
    ...reader,
    ...secretWriter(client, reader),
    ...labelMover(client, reader),
    async readAdmin(name, label = 'AWSCURRENT') {
      const text = await reader.labelled(name, label);
      if (text) return text;
      throw new KeyturnError(
        'admin-missing',
        `The secret ${name} is missing or has no value: create it with the JSON that docs/reference.md ` +
          'shows.',
      );
    },
    admins: () => listNamed(client, adminPrefixOf('')),
    list: (installation, from) => listTagged(client, installation, from),
  };
}
