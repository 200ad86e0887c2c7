import { PARTITIONS } from '../../core/partitions.ts';
import { Permits, noPermits } from '../../core/permits.ts';
import type { Inventory } from '../../core/ports.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Key, type Table } from './table.ts';

const PermitsItem = revisedItem(Permits);

function keyOf(tokenId: string): Key {
  return { pk: PARTITIONS.permits + tokenId, sk: 'PERMITS' };
}

/** What may end: one item a token, in a partition that only the act functions may write. */
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
