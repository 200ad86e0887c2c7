import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports/inventory.ts';
import { SECOND } from '../../core/basics/time.ts';
import { parseItem, putItem, queryItems, type Table } from './table.ts';

const PREFIX = 'T#';
const TraceItem = z.object({ tokenId: z.string() });

function partition(fingerprint: string): string {
  return `F#${fingerprint}`;
}

/**
 * From fingerprints to tokens. Read consistently, and made anew with every record that is: nothing is decided
 * by it but where to look.
 */
export function traceRecords(table: Table): Pick<Inventory, 'trace' | 'traced'> {
  return {
    async trace(fingerprint, tokenId, until) {
      const ttl = until === undefined ? undefined : Math.ceil(until / SECOND);
      await putItem(table, { pk: partition(fingerprint), sk: PREFIX + tokenId }, { tokenId, ttl });
    },
    async traced(fingerprint) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': partition(fingerprint) }),
        ConsistentRead: true,
      };
      const items = await queryItems(table, query);
      return items.map((item) => parseItem(TraceItem, item, 'a fingerprint').tokenId);
    },
  };
}
