import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports/inventory.ts';
import { deleteItem, parseItem, putItem, queryItems, type Key, type Table } from './table.ts';

const PREFIX = 'T#';
const HolderItem = z.object({ tokenId: z.string() });

function partition(provider: string, handle: string): string {
  return `C#${provider}#${handle}`;
}

function keyOf(provider: string, handle: string, tokenId: string): Key {
  return { pk: partition(provider, handle), sk: PREFIX + tokenId };
}

/** From the handles of credentials to the tokens whose records may name them. */
export function holderRecords(table: Table): Pick<Inventory, 'holders' | 'hold' | 'unhold'> {
  return {
    async holders(provider, handle) {
      const items = await queryItems(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': partition(provider, handle) }),
        ConsistentRead: true,
      });
      return items.map((item) => ({
        tokenId: parseItem(HolderItem, item, `the credential ${handle}`).tokenId,
      }));
    },
    async hold(provider, handle, { tokenId, revision }) {
      await putItem(table, keyOf(provider, handle, tokenId), { tokenId, revision });
    },
    async unhold(provider, handle, { tokenId, revision }) {
      await deleteItem(table, keyOf(provider, handle, tokenId), {
        expression: 'revision <= :revision',
        values: { ':revision': revision },
      });
    },
  };
}
