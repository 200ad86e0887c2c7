import {
  paginateListSecrets,
  type SecretListEntry,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { ListedSecret, SecretSurvey } from '../../core/inventory/unregistered-secrets.ts';
import { aws } from '../aws-errors.ts';

/**
 * Every secret of the account and Region that is not on its way out. LastAccessedDate has no time of the day
 * (API reference, "SecretListEntry").
 */
export function secretSurvey(client: SecretsManagerClient, region: string): SecretSurvey {
  return {
    async *listed() {
      const pages = paginateListSecrets({ client }, { MaxResults: 100 })[Symbol.asyncIterator]();
      for (;;) {
        const page = await aws('secretsmanager:ListSecrets', () => pages.next());
        if (page.done) return;
        for (const entry of page.value.SecretList ?? [])
          if (entry.Name) yield listedFrom(entry, entry.Name, region);
      }
    },
  };
}

function listedFrom(entry: SecretListEntry, name: string, region: string): ListedSecret {
  return {
    name,
    description: entry.Description ?? '',
    tags: new Map(
      (entry.Tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])),
    ),
    isForeign:
      entry.OwningService !== undefined ||
      entry.Type !== undefined ||
      (entry.PrimaryRegion !== undefined && entry.PrimaryRegion !== region),
    createdAt: entry.CreatedDate?.getTime(),
    accessedAt: entry.LastAccessedDate?.getTime(),
  };
}
