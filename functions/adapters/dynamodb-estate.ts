import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import { Estate, NEW_ESTATE } from '../core/estate.ts';
import type { Inventory } from '../core/ports.ts';
import { ABSENT, SCHEMA, getItem, parseItem, putItem, type Table } from './dynamodb-table.ts';

const KEY = { pk: 'META', sk: 'ESTATE' };
const EstateItem = z.object({ schema: z.literal(SCHEMA), revision: z.number().int().positive(), body: Estate });
const Written = z.object({ writer: z.string() });

/** The installation's own record. */
export function estateRecord(table: Table, uuid: () => string): Pick<Inventory, 'loadEstate' | 'saveEstate'> {
  return {
    async loadEstate() {
      const item = await getItem(table, KEY);
      if (!item) return { estate: NEW_ESTATE, revision: 0 };
      const { body, revision } = parseItem(EstateItem, item, 'the installation');
      return { estate: body, revision };
    },
    async saveEstate(estate, revision) {
      const next = revision + 1;
      const writer = uuid();
      const condition = revision === 0 ? ABSENT : { expression: 'revision = :revision', values: { ':revision': revision } };
      const saved = await putItem(table, KEY, { body: estate, revision: next, writer }, condition);
      if (saved || Written.safeParse(await getItem(table, KEY)).data?.writer === writer) return next;
      throw new KeyturnError('conflict', 'The record of the installation was changed by another run.');
    },
  };
}
