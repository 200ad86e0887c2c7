import type { Command } from '../../core/commands.ts';
import { HOSTS_OF, confirming } from '../../core/confirmed-hosts.ts';
import { KeyturnError } from '../../core/errors.ts';
import type { Ports } from '../../core/ports.ts';

const TRIES = 5;

/** An operator vouches for the host of an issuer: from then on values and admin credentials of that provider may be sent there. */
export async function confirmHost({ provider, host }: Extract<Command, { kind: 'confirm-host' }>, by: string, ports: Pick<Ports, 'inventory' | 'issuers' | 'log' | 'now'>): Promise<void> {
  ports.issuers.provider(provider);
  for (let tried = 1; ; tried++) {
    const { permits, revision } = await ports.inventory.loadPermits(HOSTS_OF);
    const next = confirming(permits, { provider, host }, { by, at: ports.now() });
    if (next === permits) return;
    try {
      await ports.inventory.savePermits(next, revision);
      return ports.log.info('a host was confirmed', { provider, host, by });
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}
