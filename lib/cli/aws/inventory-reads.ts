import { randomUUID } from 'node:crypto';
import { installationItem } from '../../../functions/adapters/dynamodb/installation-record.ts';
import { rebuildRecord } from '../../../functions/adapters/dynamodb/rebuild.ts';
import { tableIdOf, type Table } from '../../../functions/adapters/dynamodb/table.ts';
import { tokenRecords } from '../../../functions/adapters/dynamodb/tokens.ts';
import type { CliPorts } from '../command-line/command.ts';

/**
 * The inventory as the command reads it: it writes nothing there. What one command alone reads is loaded when
 * it asks.
 */
export function inventoryReads(table: Table): CliPorts['inventory'] {
  const { load, all } = tokenRecords(table, randomUUID);
  const { isComplete, lastPass } = rebuildRecord(table, () => tableIdOf(table));
  const { loadInstallationRecord } = installationItem(table, randomUUID);
  return {
    load,
    all,
    isComplete,
    lastPass,
    loadInstallationRecord,
    async history(...about) {
      const { historyRecords } = await import('../../../functions/adapters/dynamodb/history.ts');
      return historyRecords(table).history(...about);
    },
    async readers(...about) {
      const { baselineRecords } = await import('../../../functions/adapters/dynamodb/baselines.ts');
      return baselineRecords(table).readers(...about);
    },
  };
}
