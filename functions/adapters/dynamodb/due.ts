import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Inventory } from '../../core/ports/inventory.ts';
import type { Instant } from '../../core/basics/time.ts';
import type { Token } from '../../core/token/token.ts';
import { SHARDS, shardOf, tokenIdIn } from './keys.ts';
import { eachItem, parseEntry, type Item, type Table } from './table.ts';

const INDEX = 'due';

const DueKey = z.object({ pk: z.string(), dueAt: z.number() });
type DueKey = z.output<typeof DueKey>;

/** The attributes that put a record into the sparse index `due`. */
export function dueKeyOf(token: Token): Item {
  return token.dueAt === undefined ? {} : { dueShard: String(shardOf(token.id)), dueAt: token.dueAt };
}

/** What the sparse index of due tokens tells. */
export function dueRecords(table: Table): Pick<Inventory, 'due'> {
  async function* dueIn(shard: string, now: Instant): AsyncGenerator<DueKey> {
    const query = {
      IndexName: INDEX,
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
      ExpressionAttributeValues: marshall({ ':shard': shard, ':now': now }),
    };
    for await (const item of eachItem(table, query)) yield parseEntry(DueKey, item, `the index ${INDEX}`);
  }

  /** Each shard is in order; the earliest of their heads is the next of all. */
  async function* due(now: Instant): AsyncGenerator<string> {
    const shards = Array.from({ length: SHARDS }, (_, shard) => dueIn(String(shard), now));
    const heads = await Promise.all(shards.map((shard) => shard.next()));
    for (;;) {
      const open = heads.flatMap((head, at) => (head.done ? [] : [{ at, key: head.value }]));
      if (open.length === 0) return;
      const first = open.reduce((best, one) => (one.key.dueAt < best.key.dueAt ? one : best));
      yield tokenIdIn(first.key.pk);
      heads[first.at] = (await shards[first.at]?.next()) ?? { done: true, value: undefined };
    }
  }

  return { due };
}
