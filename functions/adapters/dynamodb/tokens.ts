import { marshall } from '@aws-sdk/util-dynamodb';
import type { Inventory, Loaded } from '../../core/ports.ts';
import { Token } from '../../core/token.ts';
import { dueKeyOf } from './due.ts';
import { tokenIdIn, tokenPk } from './keys.ts';
import { lineKeyOf } from './lines.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, scanItems, type Item, type Key, type Table } from './table.ts';

const RECORD = 'META';

const TokenItem = revisedItem(Token);

function keyOf(tokenId: string): Key {
  return { pk: tokenPk(tokenId), sk: RECORD };
}

function loadedFrom(item: Item, record: string): Loaded {
  const { body, revision } = parseItem(TokenItem, item, record);
  return { token: body, revision };
}

/** The records of tokens. */
export function tokenRecords(table: Table, uuid: () => string): Pick<Inventory, 'load' | 'save' | 'all'> {
  async function load(tokenId: string): Promise<Loaded | undefined> {
    const item = await getItem(table, keyOf(tokenId));
    return item && loadedFrom(item, tokenId);
  }

  function save(token: Token, revision: number): Promise<number> {
    return saveRevision(table, keyOf(token.id), { body: token, read: revision, writer: uuid(), beside: { ...dueKeyOf(token), ...lineKeyOf(token) }, what: `The record of ${token.id}` });
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
  async function* all(after?: string): AsyncIterable<Loaded> {
    const faults: unknown[] = [];
    const start = after === undefined ? {} : { ExclusiveStartKey: marshall(keyOf(after)) };
    const records = scanItems(table, { FilterExpression: 'sk = :record', ExpressionAttributeValues: marshall({ ':record': RECORD }), ...start });
    for await (const item of records) {
      const loaded = readable(item, faults);
      if (loaded) yield loaded;
    }
    if (faults.length > 0) throw faults[0];
  }

  return { load, save, all };
}
