import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports.ts';
import { SCHEMA, deleteItem, parseItem, putItem, queryItems, type Key, type Table } from './table.ts';

const PREFIX = 'T#';
const HolderItem = z.object({ schema: z.literal(SCHEMA), tokenId: z.string(), released: z.boolean() });

function partition(provider: string, handle: string): string {
  return `C#${provider}#${handle}`;
}

function keyOf(provider: string, handle: string, tokenId: string): Key {
  return { pk: partition(provider, handle), sk: PREFIX + tokenId };
}

/** Which tokens hold which credential. */
export function holderRecords(table: Table): Pick<Inventory, 'holders' | 'hold' | 'unhold'> {
  return {
    async holders(provider, handle) {
      const items = await queryItems(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': partition(provider, handle) }),
        ConsistentRead: true,
      });
      return items.map((item) => {
        const { tokenId, released } = parseItem(HolderItem, item, `the credential ${handle}`);
        return { tokenId, released };
      });
    },
    async hold(provider, handle, holder) {
      await putItem(table, keyOf(provider, handle, holder.tokenId), { tokenId: holder.tokenId, released: holder.released });
    },
    async unhold(provider, handle, tokenId) {
      await deleteItem(table, keyOf(provider, handle, tokenId));
    },
  };
}
