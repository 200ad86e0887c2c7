import type * as z from 'zod';
import { kmsClient } from '../adapters/aws-clients.ts';
import { issuers } from '../adapters/issuers.ts';
import { kmsSeals } from '../adapters/kms-seals.ts';
import { HOSTS_OF, confirmedHosts } from '../core/inventory/confirmed-hosts.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { witnessesOf } from '../core/detection/readers.ts';
import type { CommandQueue, Deliveries } from '../core/ports/command-queue.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { Readers } from '../core/ports/readers.ts';
import type { Provider, ProviderTools } from '../core/issuer/provider.ts';
import { HostMemory } from '../providers/host-memory.ts';
import { hostGuard, trustedFetch } from './trusted-fetch.ts';
import { commonPorts } from './ports.ts';
import type { ProviderEnv } from './provider.env.ts';

/** Hosts as settings list them. */
export function hostsIn(list: string): string[] {
  return list
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

/** Acts give no commands: what they leave to be done stands in the record, and the sweep finds it there. */
const NO_COMMANDS: CommandQueue = {
  send: () => Promise.reject(new KeyturnError('bad-request', 'This function may not give commands.')),
};

/** The sweep has deliveries done. */
const NO_DELIVERIES: Deliveries = {
  takes: () => false,
  send: () => Promise.reject(new KeyturnError('bad-request', 'This function may not give commands.')),
};

/** Who reads a token, as detection has seen it; empty where no trail is watched. */
function trailReaders({ inventory }: Pick<Ports, 'inventory'>): Readers {
  return { of: async ({ id, secretArn }) => witnessesOf(await inventory.readers(id), secretArn) };
}

/**
 * The ports of `rotate-<provider>` and `worker-<provider>`: they alone open issuers, and of those one.
 * `send`: what carries its requests, where that is not HTTP.
 */
export function providerPorts(
  env: z.output<typeof ProviderEnv>,
  provider: Provider,
  send?: ProviderTools['fetch'],
): Omit<Ports, 'timeLeft'> {
  const common = commonPorts(env);
  const confirmed = async (): Promise<readonly string[]> =>
    confirmedHosts((await common.inventory.loadPermits(HOSTS_OF)).permits, provider.descriptor.id);
  const guard = hostGuard({
    issuer: provider.descriptor,
    allowed: hostsIn(env.ALLOWED_HOSTS),
    confirmed,
    now: common.now,
  });
  const { now, sleep, uuid } = common;
  const tools = { fetch: trustedFetch(guard, send), now, sleep, uuid, hosts: new HostMemory() };
  return {
    ...common,
    commands: NO_COMMANDS,
    deliveries: NO_DELIVERIES,
    readers: trailReaders(common),
    seals: kmsSeals(kmsClient(), env.HMAC_KEY_ID),
    issuers: issuers({
      providers: [provider],
      secrets: common.secrets,
      adminPrefix: env.ADMIN_PREFIX,
      tools,
      guard,
    }),
  };
}
