import { PARTITIONS } from '../../core/inventory/partitions.ts';
import { Permits, noPermits } from '../../core/revocation/permits.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Key, type Table } from './table.ts';

const PermitsItem = revisedItem(Permits);

function keyOf(tokenId: string): Key {
  return { pk: PARTITIONS.permits + tokenId, sk: 'PERMITS' };
}

/** What may end: one item a token, in a partition that only the worker functions may write. */
export function permitRecords(
  table: Table,
  uuid: () => string,
): Pick<Inventory, 'loadPermits' | 'savePermits'> {
  return {
    async loadPermits(tokenId) {
      const item = await getItem(table, keyOf(tokenId));
      if (!item) return { permits: noPermits(tokenId), revision: 0 };
      const { body, revision } = parseItem(PermitsItem, item, `what may end of ${tokenId}`);
      return { permits: body, revision };
    },
    savePermits: (permits, revision) =>
      saveRevision(table, keyOf(permits.tokenId), {
        body: permits,
        read: revision,
        writer: uuid(),
        what: `What may end of ${permits.tokenId}`,
      }),
  };
}
