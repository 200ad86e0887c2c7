import { Baseline } from '../../core/detection/baseline.ts';
import { readingsOf } from '../../core/detection/readers.ts';
import { PARTITIONS } from '../../core/inventory/partitions.ts';
import type { LoadedBaseline } from '../../core/ports/baselines.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Key, type Table } from './table.ts';

const BaselineItem = revisedItem(Baseline);

function keyOf(tokenId: string): Key {
  return { pk: PARTITIONS.baseline + tokenId, sk: 'BASELINE' };
}

/** How tokens are read: one item for each. */
export function baselineRecords(table: Table): Pick<Inventory, 'loadBaseline' | 'saveBaseline' | 'readers'> {
  async function loadBaseline(tokenId: string): Promise<LoadedBaseline | undefined> {
    const item = await getItem(table, keyOf(tokenId));
    if (!item) return undefined;
    const { body, revision } = parseItem(BaselineItem, item, `the habits of ${tokenId}`);
    return { baseline: body, revision };
  }

  return {
    loadBaseline,
    // A write that the SDK repeats may meet its own first try; the caller then judges the same events again,
    // and finds them judged.
    saveBaseline: (baseline, revision) =>
      saveRevision(table, keyOf(baseline.tokenId), {
        body: baseline,
        read: revision,
        what: `The baseline of ${baseline.tokenId}`,
      }),
    async readers(tokenId) {
      const loaded = await loadBaseline(tokenId);
      return loaded ? readingsOf(loaded.baseline) : [];
    },
  };
}
