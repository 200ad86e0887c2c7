import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import type { Inventory, Loaded } from '../core/ports.ts';
import { Token } from '../core/token.ts';
import { dueKeyOf } from './dynamodb-due.ts';
import { tokenIdIn, tokenPk } from './dynamodb-keys.ts';
import { lineKeyOf } from './dynamodb-lines.ts';
import { ABSENT, SCHEMA, getItem, parseItem, putItem, scanItems, type Condition, type Item, type Key, type Table } from './dynamodb-table.ts';

const RECORD = 'META';

const TokenItem = z.object({ schema: z.literal(SCHEMA), revision: z.number().int().positive(), body: Token });
const Written = z.object({ writer: z.string() });

function keyOf(tokenId: string): Key {
  return { pk: tokenPk(tokenId), sk: RECORD };
}

function loadedFrom(item: Item, record: string): Loaded {
  const { body, revision } = parseItem(TokenItem, item, record);
  return { token: body, revision };
}

function unchangedSince(revision: number): Condition {
  return { expression: 'revision = :revision', values: { ':revision': revision } };
}

/** The records of tokens. */
export function tokenRecords(table: Table, uuid: () => string): Pick<Inventory, 'load' | 'save' | 'all'> {
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
    const condition = revision === 0 ? ABSENT : unchangedSince(revision);
    const saved = await putItem(table, keyOf(token.id), { body: token, revision: next, writer, ...dueKeyOf(token), ...lineKeyOf(token) }, condition);
    if (saved || (await isOurs(token.id, writer))) return next;
    throw new KeyturnError('conflict', `The record of ${token.id} was changed by another run.`);
  }

  function readable(item: Item, faults: unknown[]): Loaded | undefined {
    try {
      return loadedFrom(item, tokenIdIn(String(item['pk'])));
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

  return { load, save, all };
}
