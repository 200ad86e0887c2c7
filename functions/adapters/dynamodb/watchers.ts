import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { WATCH_KEPT } from '../../core/rotation/health-signals.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { SECOND } from '../../core/basics/time.ts';
import { parseItem, putItem, queryItems, type Table } from './table.ts';

const WatcherItem = z.object({
  tokenId: z.string(),
  provider: z.string(),
  credentialId: z.string(),
  from: z.number(),
  until: z.number(),
});

/**
 * Which tokens a health signal concerns: one item a token and signal, which DynamoDB drops some time after
 * the watch.
 */
export function watcherRecords(table: Table): Pick<Inventory, 'watch' | 'watchers'> {
  return {
    async watch(signal, watcher) {
      await putItem(
        table,
        { pk: `W#${signal}`, sk: `T#${watcher.tokenId}` },
        { ...watcher, ttl: Math.ceil((watcher.until + WATCH_KEPT) / SECOND) },
      );
    },
    async watchers(signal, now) {
      const items = await queryItems(table, {
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: '#until >= :since',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: marshall({ ':pk': `W#${signal}`, ':since': now - WATCH_KEPT }),
        ConsistentRead: true,
      });
      return items.map((item) => parseItem(WatcherItem, item, `the signal ${signal}`));
    },
  };
}
