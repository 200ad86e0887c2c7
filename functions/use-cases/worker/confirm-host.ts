import type { Command } from '../../core/commands/commands.ts';
import { HOSTS_OF, confirming } from '../../core/inventory/confirmed-hosts.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { changePermits } from '../revocation/permits.ts';

/**
 * An operator vouches for the host of an issuer: from then on values and admin credentials of that provider
 * may be sent there.
 */
export async function confirmHost(
  { provider, host }: Extract<Command, { kind: 'confirm-host' }>,
  by: string,
  ports: Pick<Ports, 'inventory' | 'issuers' | 'log' | 'now'>,
): Promise<void> {
  ports.issuers.provider(provider);
  await changePermits(HOSTS_OF, ports, (permits) =>
    confirming(permits, { provider, host }, { by, at: ports.now() }),
  );
  ports.log.info('a host is confirmed', { provider, host, by });
}
