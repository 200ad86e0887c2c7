import { InstallationRecord, NEW_INSTALLATION_RECORD } from '../../core/inventory/installation.ts';
import { PARTITIONS } from '../../core/inventory/partitions.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import { revisedItem, saveRevision } from './revisions.ts';
import { getItem, parseItem, type Table } from './table.ts';

const KEY = { pk: `${PARTITIONS.installationRecord}installation`, sk: 'ESTATE' };
const InstallationRecordItem = revisedItem(InstallationRecord);

/** The installation's own record. */
export function installationItem(
  table: Table,
  uuid: () => string,
): Pick<Inventory, 'loadInstallationRecord' | 'saveInstallationRecord'> {
  return {
    async loadInstallationRecord() {
      const item = await getItem(table, KEY);
      if (!item) return { installationRecord: NEW_INSTALLATION_RECORD, revision: 0 };
      const { body, revision } = parseItem(InstallationRecordItem, item, 'the installation');
      return { installationRecord: body, revision };
    },
    saveInstallationRecord: (installationRecord, revision) =>
      saveRevision(table, KEY, {
        body: installationRecord,
        read: revision,
        writer: uuid(),
        what: 'The record of the installation',
      }),
  };
}
