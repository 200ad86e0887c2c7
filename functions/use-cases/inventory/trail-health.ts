import type { Access } from '../../core/detection/access.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import { silenceOf, trailShowed, watchingTrail } from '../../core/inventory/trail-health.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from './installation.ts';
import { reasonOf } from './store.ts';

/** Notes which reads the trail has shown. That it could not be noted is told again by the next events. */
export async function noteShown(accesses: readonly Access[], ports: InstallationRecordPorts): Promise<void> {
  const reads = accesses.filter(({ deed, isDenied }) => deed === 'read' && !isDenied).map(({ at }) => at);
  if (reads.length === 0) return;
  try {
    await changeInstallationRecord(ports, (installationRecord) =>
      trailShowed(installationRecord, Math.max(...reads)),
    );
  } catch (error) {
    ports.log.warn('what the trail showed could not be noted', { reason: reasonOf(error) });
  }
}

/** Says when the trail has fallen silent, if one is watched, and takes it back when it shows reads again. */
export async function tellSilence(isOn: boolean, ports: InstallationRecordPorts): Promise<void> {
  await changeInstallationRecord(ports, (installationRecord) => {
    const watching = watchingTrail(installationRecord, isOn);
    const silence = silenceOf(watching, ports.now());
    return silence
      ? noting(watching, silence, { now: ports.now() })
      : unnoted(watching, 'cloudtrail-events-missing');
  });
}
