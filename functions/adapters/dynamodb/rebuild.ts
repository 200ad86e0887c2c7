import * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import { PARTITIONS } from '../../core/inventory/partitions.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { getItem, parseItem, putItem, type Condition, type Table } from './table.ts';

const KEY = { pk: `${PARTITIONS.rebuild}installation`, sk: 'REBUILD' };
const PASS = { pk: `${PARTITIONS.rebuild}installation`, sk: 'PASS' };

const PassItem = z.object({ tableId: z.string(), index: z.number(), startedAt: z.number() });

const RebuildItem = z.object({
  tableId: z.string(),
  startedAt: z.number(),
  complete: z.boolean(),
});
type RebuildItem = z.output<typeof RebuildItem>;

function stillAt({ tableId, startedAt }: RebuildItem): Condition {
  return {
    expression: 'tableId = :tableId AND startedAt = :startedAt',
    values: { ':tableId': tableId, ':startedAt': startedAt },
  };
}

/**
 * Whether the table knows every token. The mark names the table it was set in, so that in a table which is
 * new, emptied, restored or replaced it is absent or another's. The id is asked for each time: a warm
 * function may outlive its table.
 */
export function rebuildRecord(
  table: Table,
  tableId: () => Promise<string>,
): Pick<Inventory, 'isComplete' | 'beginRebuild' | 'completeRebuild' | 'lastPass' | 'notePass'> {
  /** The mark, where it is this table's own. */
  async function mark(): Promise<RebuildItem | undefined> {
    const item = await getItem(table, KEY);
    if (!item) return undefined;
    const found = parseItem(RebuildItem, item, 'the last rebuild');
    return found.tableId === (await tableId()) ? found : undefined;
  }

  return {
    async lastPass() {
      const item = await getItem(table, PASS);
      if (!item) return undefined;
      const { tableId: of, index, startedAt } = parseItem(PassItem, item, 'the last pass of reconcile');
      return of === (await tableId()) ? { index, startedAt } : undefined;
    },
    async notePass({ index, startedAt }) {
      await putItem(table, PASS, { tableId: await tableId(), index, startedAt });
    },
    async isComplete() {
      return (await mark())?.complete ?? false;
    },
    async beginRebuild(now) {
      const found = await mark();
      if (found && !found.complete) return found.startedAt;
      await putItem(table, KEY, { tableId: await tableId(), startedAt: now, complete: false });
      return now;
    },
    async completeRebuild() {
      const found = await mark();
      if (
        found &&
        (await putItem(
          table,
          KEY,
          { tableId: found.tableId, startedAt: found.startedAt, complete: true },
          stillAt(found),
        ))
      )
        return;
      throw new KeyturnError(
        'conflict',
        'No rebuild of this table is under way, or another run began a new one.',
      );
    },
  };
}
