import { Estate, NEW_ESTATE } from '../../core/estate.ts';
import { PARTITIONS } from '../../core/partitions.ts';
import type { Inventory } from '../../core/ports.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Table } from './table.ts';

const KEY = { pk: `${PARTITIONS.estate}installation`, sk: 'ESTATE' };
const EstateItem = revisedItem(Estate);

/** The installation's own record. */
export function estateRecord(table: Table, uuid: () => string): Pick<Inventory, 'loadEstate' | 'saveEstate'> {
  return {
    async loadEstate() {
      const item = await getItem(table, KEY);
      if (!item) return { estate: NEW_ESTATE, revision: 0 };
      const { body, revision } = parseItem(EstateItem, item, 'the installation');
      return { estate: body, revision };
    },
    saveEstate: (estate, revision) =>
      saveRevision(table, KEY, {
        body: estate,
        read: revision,
        writer: uuid(),
        what: 'The record of the installation',
      }),
  };
}
