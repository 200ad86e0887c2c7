import { KeyturnError } from '../../core/basics/errors.ts';
import { assessedInstallationRecord, type InstallationRecord } from '../../core/inventory/installation.ts';
import type { LoadedInstallationRecord } from '../../core/ports/installation-record.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { publishFacts, reasonOf, type StorePorts } from './store.ts';

export type InstallationRecordPorts = StorePorts & Pick<Ports, 'installation'>;

const TRIES = 8;

/**
 * Changes the installation's own record: applies a pure change and saves it under the version check, again
 * from a fresh read if somebody was faster; then tells what it has to tell. A change that changes nothing
 * brings findings up to date that are over by time, and tells what could not be told before. Resolves to the
 * record as saved. Errors: `conflict` after several tries; whatever the change throws.
 */
export async function changeInstallationRecord(
  ports: InstallationRecordPorts,
  apply: (installationRecord: InstallationRecord) => InstallationRecord,
): Promise<InstallationRecord> {
  for (let tried = 1; ; tried++) {
    const { installationRecord, revision } = await ports.inventory.loadInstallationRecord();
    const next = assessedInstallationRecord(apply(installationRecord), ports.installation.name, ports.now());
    if (isUnchanged(installationRecord, next)) return installationRecord;
    try {
      return await tell(
        { installationRecord: next, revision: await ports.inventory.saveInstallationRecord(next, revision) },
        ports,
      );
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}

/** Times at which a finding was last seen are no news. */
function isUnchanged(before: InstallationRecord, after: InstallationRecord): boolean {
  return after.outbox.length === 0 && text(before) === text(after);
}

function text(installationRecord: InstallationRecord): string {
  return JSON.stringify({
    ...installationRecord,
    findings: installationRecord.findings.map((one) => ({ ...one, seenAt: 0 })),
  });
}

async function tell(
  { installationRecord, revision }: LoadedInstallationRecord,
  ports: InstallationRecordPorts,
): Promise<InstallationRecord> {
  if (installationRecord.outbox.length === 0) return installationRecord;
  try {
    await publishFacts(installationRecord.outbox, ports);
    const told = { ...installationRecord, outbox: [] };
    await ports.inventory.saveInstallationRecord(told, revision);
    return told;
  } catch (error) {
    ports.log.warn('facts about the installation wait in the outbox', { reason: reasonOf(error) });
    return installationRecord;
  }
}
