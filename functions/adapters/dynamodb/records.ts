import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { Token } from '../../core/token/token.ts';
import { SHARDS, shardOf, tokenIdIn, tokenPk } from './keys.ts';
import { MOST_KEYS, getItems, parseEntry, queryPages, type Item, type Key, type Table } from './table.ts';

const INDEX = 'records';

const RecordKey = z.object({ pk: z.string(), sk: z.string() });

/**
 * The attribute that puts a record into the index `records`: it never changes, so the index costs one write a
 * token.
 */
export function recordKeyOf(token: Pick<Token, 'id'>): Item {
  return { recordShard: String(shardOf(token.id)) };
}

/**
 * The records of all tokens, by way of an index, so that no reader needs the whole table. A record that
 * cannot be read must not hide the others: it is reported after them. `read` makes a record of an item, or
 * throws.
 */
export async function* allRecords(
  table: Table,
  read: (item: Item, tokenId: string) => Loaded,
  after?: string,
): AsyncIterable<Loaded> {
  const faults: unknown[] = [];
  for (let shard = after === undefined ? 0 : shardOf(after); shard < SHARDS; shard++) {
    for await (const keys of keysIn(
      table,
      shard,
      after !== undefined && shard === shardOf(after) ? after : undefined,
    )) {
      const found = new Map((await getItems(table, keys)).map((item) => [String(item['pk']), item]));
      for (const { pk } of keys) {
        const item = found.get(pk);
        const loaded = item && readable(() => read(item, tokenIdIn(pk)), faults);
        if (loaded) yield loaded;
      }
    }
  }
  if (faults.length > 0) throw faults[0];
}

async function* keysIn(table: Table, shard: number, after: string | undefined): AsyncGenerator<Key[]> {
  const query = {
    IndexName: INDEX,
    Limit: MOST_KEYS,
    KeyConditionExpression:
      after === undefined ? 'recordShard = :shard' : 'recordShard = :shard AND pk > :after',
    ExpressionAttributeValues: marshall({
      ':shard': String(shard),
      ...(after !== undefined && { ':after': tokenPk(after) }),
    }),
  };
  for await (const page of queryPages(table, query))
    yield page.map((item) => parseEntry(RecordKey, item, `the index ${INDEX}`));
}

function readable(read: () => Loaded, faults: unknown[]): Loaded | undefined {
  try {
    return read();
  } catch (error) {
    faults.push(error);
    return undefined;
  }
}
