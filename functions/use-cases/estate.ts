import { KeyturnError } from '../core/errors.ts';
import { assessedEstate, type Estate } from '../core/estate.ts';
import type { LoadedEstate, Ports } from '../core/ports.ts';
import { publishFacts, reasonOf, type StorePorts } from './store.ts';

export type EstatePorts = StorePorts & Pick<Ports, 'installation'>;

const TRIES = 8;

/**
 * Changes the installation's own record: applies a pure change and saves it under the version check, again from a fresh read if somebody was faster; then tells what it has to tell.
 * Resolves to the record as saved. Errors: `conflict` after several tries; whatever the change throws.
 */
export async function changeEstate(ports: EstatePorts, apply: (estate: Estate) => Estate): Promise<Estate> {
  for (let tried = 1; ; tried++) {
    const { estate, revision } = await ports.inventory.loadEstate();
    const next = assessedEstate(apply(estate), ports.installation.name, ports.now());
    if (isUnchanged(estate, next)) return estate;
    try {
      return await tell({ estate: next, revision: await ports.inventory.saveEstate(next, revision) }, ports);
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}

/** Brings findings up to date that are over by time, and tells what could not be told before. */
export async function tendEstate(ports: EstatePorts): Promise<void> {
  await changeEstate(ports, (same) => same);
}

/** Times at which a finding was last seen are no news. */
function isUnchanged(before: Estate, after: Estate): boolean {
  return after.outbox.length === 0 && text(before) === text(after);
}

function text(estate: Estate): string {
  return JSON.stringify({ ...estate, findings: estate.findings.map((one) => ({ ...one, seenAt: 0 })) });
}

async function tell({ estate, revision }: LoadedEstate, ports: EstatePorts): Promise<Estate> {
  if (estate.outbox.length === 0) return estate;
  try {
    await publishFacts(estate.outbox, ports);
    const told = { ...estate, outbox: [] };
    await ports.inventory.saveEstate(told, revision);
    return told;
  } catch (error) {
    ports.log.warn('facts about the installation wait in the outbox', { reason: reasonOf(error) });
    return estate;
  }
}
