import type { SeenClock } from '../core/clocks.ts';
import { isOff } from '../core/clocks.ts';
import { withClockNote } from '../core/clock-notes.ts';
import { KeyturnError } from '../core/errors.ts';
import { changeEstate, type EstatePorts } from './estate.ts';

/**
 * Has the installation tell of an issuer's clock that is off, and that it is in step again. `before` is what the token's record knew of it: what was in step and is so still needs no look at the installation's record.
 * Whoever looked at the issuer goes on with that also where the record cannot be changed now: the next look tells the same.
 */
export async function tellClock(
  before: SeenClock | undefined,
  clock: SeenClock | undefined,
  ports: EstatePorts,
): Promise<void> {
  if (!clock || (before === undefined && !isOff(clock))) return;
  try {
    await changeEstate(ports, (estate) => withClockNote(estate, clock, ports.now()));
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'conflict')) throw error;
    ports.log.warn('the clock of an issuer is told of at the next look', {
      host: clock.host,
      reason: error.message,
    });
  }
}
