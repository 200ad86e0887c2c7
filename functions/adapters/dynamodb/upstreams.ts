import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports/inventory.ts';
import { ttlAfter } from './history.ts';
import { parseItem, putItem, queryItems, type Table } from './table.ts';

const UpstreamReportItem = z.object({
  of: z.string(),
  key: z.string(),
  at: z.number(),
  trouble: z.string().optional(),
});

/**
 * What other installations said of their tokens: one item a key, which only something newer replaces, in
 * whatever order it comes.
 */
export function upstreamRecords(table: Table): Pick<Inventory, 'hear' | 'heard'> {
  return {
    async hear(said) {
      await putItem(
        table,
        { pk: `U#${said.of}`, sk: said.key },
        { ...said, ttl: ttlAfter(said.at) },
        {
          expression: 'attribute_not_exists(pk) OR #at < :at',
          names: { '#at': 'at' },
          values: { ':at': said.at },
        },
      );
    },
    async heard(of) {
      const items = await queryItems(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': `U#${of}` }),
        ConsistentRead: true,
      });
      return items.map((item) => parseItem(UpstreamReportItem, item, `the upstream token ${of}`));
    },
  };
}
