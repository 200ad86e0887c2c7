import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports/inventory.ts';
import { placeOf, type UnderWay, type Startable } from '../../core/rotation/rotation-queue.ts';
import type { Token } from '../../core/token/token.ts';
import { tokenIdIn } from './keys.ts';
import { eachItem, type Item, type Table } from './table.ts';

const INDEX = 'rotations';

const Entry = z.object({
  pk: z.string(),
  place: z.object({ provider: z.string(), issuer: z.string(), until: z.number(), isRetry: z.boolean() }),
});

/**
 * The attributes that put a record into the sparse index `rotations`: those that wait by when they may start,
 * those under way by when they should have ended.
 */
export function lineKeyOf(token: Token): Item {
  const found = placeOf(token);
  if (!found) return {};
  const { line, at, ...place } = found;
  return { line, lineAt: at, place };
}

/** What the sparse index of rotations tells. */
export function lineRecords(table: Table): Pick<Inventory, 'startable' | 'underWay'> {
  async function* entries(condition: string, values: Item): AsyncGenerator<Startable> {
    const query = {
      IndexName: INDEX,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
    };
    for await (const item of eachItem(table, query)) {
      // A record that a person damaged holds up no other; the index of due tokens leads to it all the same.
      const entry = Entry.safeParse(item);
      if (entry.success) yield { tokenId: tokenIdIn(entry.data.pk), ...entry.data.place };
    }
  }

  return {
    startable: (now) => entries('line = :line AND lineAt <= :now', { ':line': 'waiting', ':now': now }),
    async underWay(now) {
      const found: UnderWay[] = [];
      for await (const one of entries('line = :line AND lineAt > :now', {
        ':line': 'under-way',
        ':now': now,
      }))
        found.push(one);
      return found;
    },
  };
}
