import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import type { Inventory, Loaded } from '../core/ports.ts';
import type { Instant } from '../core/time.ts';
import { Token } from '../core/token.ts';
import { ABSENT, SCHEMA, getItem, parseItem, putItem, queryItems, scanItems, type Condition, type Item, type Key, type Table } from './dynamodb-table.ts';

/** How many partitions the index of due tokens is spread over: one partition bears 1,000 writes a second. */
const SHARDS = 4;
const DUE_INDEX = 'due';
const RECORD = 'META';
const PREFIX = 'T#';

const TokenItem = z.object({ schema: z.literal(SCHEMA), revision: z.number().int().positive(), body: Token });
const Written = z.object({ writer: z.string() });
const DueKey = z.object({ pk: z.string().startsWith(PREFIX), dueAt: z.number() });

export function tokenPk(tokenId: string): string {
  return PREFIX + tokenId;
}

function keyOf(tokenId: string): Key {
  return { pk: tokenPk(tokenId), sk: RECORD };
}

function shardOf(tokenId: string): string {
  return String(createHash('sha256').update(tokenId).digest().readUInt8(0) % SHARDS);
}

function loadedFrom(item: Item, record: string): Loaded {
  const { body, revision } = parseItem(TokenItem, item, record);
  return { token: body, revision };
}

function unchangedSince(revision: number): Condition {
  return { expression: 'revision = :revision', values: { ':revision': revision } };
}

/** The records of tokens, and the sparse index of those that are due. */
export function tokenRecords(table: Table, uuid: () => string): Pick<Inventory, 'load' | 'save' | 'due' | 'all'> {
  async function load(tokenId: string): Promise<Loaded | undefined> {
    const item = await getItem(table, keyOf(tokenId));
    return item && loadedFrom(item, tokenId);
  }

  /** The SDK repeats a write whose answer was lost, and the repetition meets its own first try. */
  async function isOurs(tokenId: string, writer: string): Promise<boolean> {
    return Written.safeParse(await getItem(table, keyOf(tokenId))).data?.writer === writer;
  }

  async function save(token: Token, revision: number): Promise<number> {
    const next = revision + 1;
    const writer = uuid();
    const due = token.dueAt === undefined ? {} : { dueShard: shardOf(token.id), dueAt: token.dueAt };
    const condition = revision === 0 ? ABSENT : unchangedSince(revision);
    const saved = await putItem(table, keyOf(token.id), { body: token, revision: next, writer, ...due }, condition);
    if (saved || (await isOurs(token.id, writer))) return next;
    throw new KeyturnError('conflict', `The record of ${token.id} was changed by another run.`);
  }

  async function dueIn(shard: string, now: Instant, limit: number): Promise<z.output<typeof DueKey>[]> {
    const items = await queryItems(
      table,
      {
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
        ExpressionAttributeValues: marshall({ ':shard': shard, ':now': now }),
      },
      limit,
    );
    return items.map((item) => parseItem(DueKey, item, `the index ${DUE_INDEX}`));
  }

  async function due(now: Instant, limit: number): Promise<string[]> {
    const shards = Array.from({ length: SHARDS }, (_, shard) => dueIn(String(shard), now, limit));
    const found = (await Promise.all(shards)).flat().sort((a, b) => a.dueAt - b.dueAt);
    return found.slice(0, limit).map(({ pk }) => pk.slice(PREFIX.length));
  }

  function readable(item: Item, faults: unknown[]): Loaded | undefined {
    try {
      return loadedFrom(item, String(item['pk']).slice(PREFIX.length));
    } catch (error) {
      faults.push(error);
      return undefined;
    }
  }

  /** One record that cannot be read must not hide the others: it is reported after them. */
  async function* all(): AsyncIterable<Loaded> {
    const faults: unknown[] = [];
    const records = scanItems(table, { FilterExpression: 'sk = :record', ExpressionAttributeValues: marshall({ ':record': RECORD }) });
    for await (const item of records) {
      const loaded = readable(item, faults);
      if (loaded) yield loaded;
    }
    if (faults.length > 0) throw faults[0];
  }

  return { load, save, due, all };
}
