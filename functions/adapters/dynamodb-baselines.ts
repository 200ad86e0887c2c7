import * as z from 'zod';
import { Baseline } from '../core/detection/baseline.ts';
import { readingsOf } from '../core/detection/readers.ts';
import { KeyturnError } from '../core/errors.ts';
import type { Inventory, LoadedBaseline } from '../core/ports.ts';
import { ABSENT, SCHEMA, getItem, parseItem, putItem, type Key, type Table } from './dynamodb-table.ts';
import { tokenPk } from './dynamodb-keys.ts';

const BaselineItem = z.object({ schema: z.literal(SCHEMA), revision: z.number().int().positive(), body: Baseline });

function keyOf(tokenId: string): Key {
  return { pk: tokenPk(tokenId), sk: 'BASELINE' };
}

/** How tokens are read: one item for each, beside its record. */
export function baselineRecords(table: Table): Pick<Inventory, 'loadBaseline' | 'saveBaseline' | 'readers'> {
  async function loadBaseline(tokenId: string): Promise<LoadedBaseline | undefined> {
    const item = await getItem(table, keyOf(tokenId));
    if (!item) return undefined;
    const { body, revision } = parseItem(BaselineItem, item, `the habits of ${tokenId}`);
    return { baseline: body, revision };
  }

  return {
    loadBaseline,
    // A write that the SDK repeats may meet its own first try; the caller then judges the same events again, and finds them judged.
    async saveBaseline(baseline, revision) {
      const condition = revision === 0 ? ABSENT : { expression: 'revision = :revision', values: { ':revision': revision } };
      if (await putItem(table, keyOf(baseline.tokenId), { body: baseline, revision: revision + 1 }, condition)) return revision + 1;
      throw new KeyturnError('conflict', `The habits of ${baseline.tokenId} were changed by another run.`);
    },
    async readers(tokenId) {
      const loaded = await loadBaseline(tokenId);
      return loaded ? readingsOf(loaded.baseline) : [];
    },
  };
}
