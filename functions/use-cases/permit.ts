import { KeyturnError } from '../core/errors.ts';
import { permitting, type NewPermit } from '../core/permits.ts';
import type { Ports } from '../core/ports.ts';

const TRIES = 5;

/** Puts on record that something of a token may end; twice is once. Only the act functions may. Errors: `conflict` after several tries, `aws-failed`. */
export async function permit(tokenId: string, wanted: NewPermit, ports: Pick<Ports, 'inventory'>): Promise<void> {
  for (let tried = 1; ; tried++) {
    const { permits, revision } = await ports.inventory.loadPermits(tokenId);
    const next = permitting(permits, wanted);
    if (next === permits) return;
    try {
      await ports.inventory.savePermits(next, revision);
      return;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}
