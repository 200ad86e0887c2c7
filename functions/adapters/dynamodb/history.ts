import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { Fact } from '../../core/findings/events.ts';
import { PARTITIONS } from '../../core/inventory/partitions.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { isBeyond } from '../../core/basics/record.ts';
import { DAY, SECOND } from '../../core/basics/time.ts';
import { ABSENT, parseItem, putItem, queryItems, type Key, type Table } from './table.ts';

/** Long enough to show a year of rotations. */
export const KEPT_FOR = 400 * DAY;

const HistoryItem = z.object({ fact: Fact });

function keyOf(fact: Fact): Key {
  return { pk: PARTITIONS.history + fact.tokenId, sk: `${new Date(fact.at).toISOString()}#${fact.id}` };
}

/** When DynamoDB may drop an item; its TTL counts seconds. */
export function ttlAfter(at: number): number {
  return Math.ceil((at + KEPT_FOR) / SECOND);
}

/** What happened to tokens: written once, never changed. */
export function historyRecords(table: Table): Pick<Inventory, 'appendHistory' | 'history'> {
  return {
    async appendHistory(facts) {
      await Promise.all(
        facts.map((fact) => putItem(table, keyOf(fact), { fact, ttl: ttlAfter(fact.at) }, ABSENT)),
      );
    },
    async history(tokenId, limit) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': PARTITIONS.history + tokenId }),
        ScanIndexForward: false,
        ConsistentRead: true,
      };
      const items = await queryItems(table, query, limit);
      // What a later version wrote in words that this one does not know is passed over.
      return items
        .filter((item) => !isBeyond(Fact, item['fact']))
        .map((item) => parseItem(HistoryItem, item, `the history of ${tokenId}`).fact);
    },
  };
}
