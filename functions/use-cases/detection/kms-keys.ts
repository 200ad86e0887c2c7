import type { Access } from '../../core/detection/access.ts';
import { seenFrom } from '../../core/detection/anomaly.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { reasonOf } from '../inventory/store.ts';

/**
 * Notes keys that were disabled, and takes it back when they are enabled again; only those that something of
 * Keyturn's is under. Resolves to whether it could.
 */
export async function noteKeys(
  accesses: readonly Access[],
  keys: readonly string[],
  ports: InstallationRecordPorts,
): Promise<boolean> {
  const moves = accesses.flatMap((access) => {
    const key = access.isDenied
      ? undefined
      : keys.find((arn) => arn === access.target || arn.endsWith(`:key/${access.target}`));
    return key === undefined ? [] : [{ key, access }];
  });
  if (moves.length === 0) return true;
  try {
    await changeInstallationRecord(ports, (installationRecord) =>
      moves.reduce((one, { key, access }) => {
        if (access.deed === 'key-on') return unnoted(one, 'kms-key-unusable', key);
        const detail =
          `${access.principal} disabled the key ${key}, or scheduled its deletion, ${seenFrom(access)}; ` +
          'what is stored under it cannot be read.';
        return noting(
          one,
          { kind: 'kms-key-unusable', subject: key, severity: 'critical', detail },
          { now: ports.now() },
        );
      }, installationRecord),
    );
    return true;
  } catch (error) {
    ports.log.error('a disabled key could not be noted', { reason: reasonOf(error) });
    return false;
  }
}
