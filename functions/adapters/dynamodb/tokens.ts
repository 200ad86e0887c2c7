import type { Inventory } from '../../core/ports/inventory.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { Token } from '../../core/token/token.ts';
import { dueKeyOf } from './due.ts';
import { tokenPk } from './keys.ts';
import { lineKeyOf } from './lines.ts';
import { allRecords, recordKeyOf } from './records.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Item, type Key, type Table } from './table.ts';

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
    return saveRevision(table, keyOf(token.id), {
      body: token,
      read: revision,
      writer: uuid(),
      beside: { ...recordKeyOf(token), ...dueKeyOf(token), ...lineKeyOf(token) },
      what: `The record of ${token.id}`,
    });
  }

  return { load, save, all: (after) => allRecords(table, loadedFrom, after) };
}
