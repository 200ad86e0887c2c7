import * as z from 'zod';
import type { AlertLedger } from '../core/ports.ts';
import { ttlAfter } from './dynamodb-history.ts';
import { SCHEMA, getItem, parseItem, putItem, type Key, type Table } from './dynamodb-table.ts';

const AlertItem = z.object({ schema: z.literal(SCHEMA), sequence: z.number().int().positive() });

function keyOf(dedupKey: string): Key {
  return { pk: `A#${dedupKey}`, sk: 'ALERT' };
}

/** The ledger of alerts, in the inventory's table. */
export function dynamodbAlertLedger(table: Table): AlertLedger {
  return {
    async told(dedupKey) {
      const item = await getItem(table, keyOf(dedupKey));
      return item ? parseItem(AlertItem, item, `the alert ${dedupKey}`).sequence : 0;
    },
    async tell(dedupKey, sequence, now) {
      // A late writer with an older step changes nothing, and that is as it should be.
      await putItem(table, keyOf(dedupKey), { sequence, ttl: ttlAfter(now) }, {
        expression: 'attribute_not_exists(pk) OR #sequence < :sequence',
        names: { '#sequence': 'sequence' },
        values: { ':sequence': sequence },
      });
    },
  };
}
