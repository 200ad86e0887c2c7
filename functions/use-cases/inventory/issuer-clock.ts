import type { SeenClock } from '../../core/issuer/issuer-clock.ts';
import { isOff } from '../../core/issuer/issuer-clock.ts';
import { withClockNote } from '../../core/issuer/clock-findings.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from './installation.ts';

/**
 * Has the installation tell of an issuer's clock that is off, and that it is in step again. `before` is what
 * the token's record knew of it: what was in step and is so still needs no look at the installation's record.
 * Whoever looked at the issuer goes on with that also where the record cannot be changed now: the next look
 * tells the same.
 */
export async function tellClock(
  before: SeenClock | undefined,
  clock: SeenClock | undefined,
  ports: InstallationRecordPorts,
): Promise<void> {
  if (!clock || (before === undefined && !isOff(clock))) return;
  try {
    await changeInstallationRecord(ports, (installationRecord) =>
      withClockNote(installationRecord, clock, ports.now()),
    );
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'conflict')) throw error;
    ports.log.warn('the clock of an issuer is reported at the next look', {
      host: clock.host,
      reason: error.message,
    });
  }
}
