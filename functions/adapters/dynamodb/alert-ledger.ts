import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import { Waiting, revisionOf, type WaitingList } from '../../core/alerts/notices.ts';
import { PARTITIONS } from '../../core/inventory/partitions.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import { ttlAfter } from './history.ts';
import {
  ABSENT,
  deleteItem,
  getItem,
  parseItem,
  putItem,
  queryItems,
  type Condition,
  type Item,
  type Key,
  type Table,
} from './table.ts';

const WaitingItem = z.object({ entry: Waiting });

const AlertItem = z.object({ sequence: z.number().int().positive() });

/** Who tells: each has a partition of its own. */
const TOLD = {
  alert: PARTITIONS.toldByAlert,
  chat: PARTITIONS.toldByChat,
  pager: PARTITIONS.toldByPager,
  github: PARTITIONS.answered,
} as const;
export type Teller = keyof typeof TOLD;

function keyOf(teller: Teller, dedupKey: string): Key {
  return { pk: TOLD[teller] + dedupKey, sk: 'ALERT' };
}

function waitingKey(list: WaitingList, key: string): Key {
  return { pk: PARTITIONS.waiting + list, sk: key };
}

function entryIn(item: Item, list: WaitingList): Waiting {
  return parseItem(
    WaitingItem,
    item,
    `what waits in the list ${list} (pk ${PARTITIONS.waiting}${list}, sk ${String(item['sk'])})`,
  ).entry;
}

function readable(item: Item, list: WaitingList): Waiting | KeyturnError {
  try {
    return entryIn(item, list);
  } catch (error) {
    if (error instanceof KeyturnError) return error;
    throw error;
  }
}

function sorted(all: readonly (Waiting | KeyturnError)[]): Awaited<ReturnType<AlertLedger['allWaiting']>> {
  const entries: Waiting[] = [];
  const damaged: string[] = [];
  for (const one of all)
    if (one instanceof KeyturnError) damaged.push(one.message);
    else entries.push(one);
  return { entries, damaged };
}

/** Holds as long as an entry is as it was read. */
function asRead(read: Waiting): Condition {
  return {
    expression: '#revision = :read',
    names: { '#revision': 'revision' },
    values: { ':read': revisionOf(read) },
  };
}

/**
 * The ledger of one who tells, in the inventory's table. What waits to be told is one list: only `alert` may
 * touch it.
 */
export function dynamodbAlertLedger(table: Table, teller: Teller): AlertLedger {
  return {
    async told(dedupKey) {
      const item = await getItem(table, keyOf(teller, dedupKey));
      return item ? parseItem(AlertItem, item, `the alert ${dedupKey}`).sequence : 0;
    },
    async tell(dedupKey, sequence, now) {
      // A late writer with an older step changes nothing, and that is as it should be.
      await putItem(
        table,
        keyOf(teller, dedupKey),
        { sequence, ttl: ttlAfter(now) },
        {
          expression: 'attribute_not_exists(pk) OR #sequence < :sequence',
          names: { '#sequence': 'sequence' },
          values: { ':sequence': sequence },
        },
      );
    },
    async waiting(list, key) {
      const item = await getItem(table, waitingKey(list, key));
      return item && entryIn(item, list);
    },
    async allWaiting(list) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': PARTITIONS.waiting + list }),
        ConsistentRead: true,
      };
      return sorted((await queryItems(table, query)).map((item) => readable(item, list)));
    },
    async wait(list, entry, read) {
      return putItem(
        table,
        waitingKey(list, entry.key),
        { entry, revision: revisionOf(entry) },
        read ? asRead(read) : ABSENT,
      );
    },
    async unwait(list, read) {
      await deleteItem(table, waitingKey(list, read.key), asRead(read));
    },
  };
}
