import type { Access } from '../core/detection/access.ts';
import { noting, unnoted } from '../core/noted.ts';
import { silenceOf, trailShowed, watchingTrail } from '../core/trail.ts';
import { changeEstate, type EstatePorts } from './estate.ts';
import { reasonOf } from './store.ts';

/** Notes which reads the trail has shown. That it could not be noted is told again by the next events. */
export async function noteShown(accesses: readonly Access[], ports: EstatePorts): Promise<void> {
  const reads = accesses.filter(({ deed, isDenied }) => deed === 'read' && !isDenied).map(({ at }) => at);
  if (reads.length === 0) return;
  try {
    await changeEstate(ports, (estate) => trailShowed(estate, Math.max(...reads)));
  } catch (error) {
    ports.log.warn('what the trail showed could not be noted', { reason: reasonOf(error) });
  }
}

/** Says when the trail has fallen silent, if one is watched, and takes it back when it shows reads again. */
export async function tellSilence(isOn: boolean, ports: EstatePorts): Promise<void> {
  await changeEstate(ports, (estate) => {
    const watching = watchingTrail(estate, isOn);
    const silence = silenceOf(watching, ports.now());
    return silence ? noting(watching, silence, { now: ports.now() }) : unnoted(watching, 'trail-silent');
  });
}
