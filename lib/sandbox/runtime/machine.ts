import { createHash, randomUUID } from 'node:crypto';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { createAws } from '../aws/create-aws.ts';
import type { Aws } from '../aws/aws.ts';
import { VirtualClock } from '../clock.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { FunctionRun } from './api.ts';
import { SandboxFolder, refuseTakenFolder } from './folder.ts';
import { FunctionPool } from './function-pool.ts';
import { Gateway } from './gateway.ts';
import { Outbox } from './outbox.ts';
import { credentialsFor } from './principals.ts';
import { ACCOUNT, DEFAULT_FOLDER, PAGER_HOST, REGION, type SandboxOptions } from './settings.ts';

/** The routing key that the simulated PagerDuty knows: 32 characters, as real ones have. */
export const ROUTING_KEY = createHash('md5').update('keyturn sandbox').digest('hex');

/** The machine that the stack is deployed to: clock, port, threads, AWS. */
export interface Machine {
  readonly clock: VirtualClock;
  readonly folder: SandboxFolder;
  readonly gateway: Gateway;
  readonly outbox: Outbox;
  readonly runs: FunctionRun[];
  readonly pool: FunctionPool;
  readonly aws: Aws;
}

/** Errors: SandboxRefusal when the port or the folder is taken. */
export async function startMachine(options: SandboxOptions): Promise<Machine> {
  const path = options.folder ?? DEFAULT_FOLDER;
  await refuseTakenFolder(path);
  const clock = new VirtualClock(options.start ?? Math.floor(Date.now() / MINUTE) * MINUTE);
  const gateway = await Gateway.listen({ clock, uuid: randomUUID, port: options.port ?? 0 });
  const folder = new SandboxFolder(path);
  const outbox = new Outbox({ folder: folder.path, now: () => clock.now(), routingKey: ROUTING_KEY });
  gateway.hosts.set(PAGER_HOST, (request) => outbox.page(request));
  const runs: FunctionRun[] = [];
  const pool = new FunctionPool({
    clock,
    region: REGION,
    uuid: randomUUID,
    logFolder: folder.part('logs'),
    endpoint: gateway.url,
    hosts: () => [...gateway.hosts.keys()],
    credentials: credentialsFor,
    onRun: (run) => void runs.push(run),
  });
  const aws = createAws({
    clock,
    account: ACCOUNT,
    region: REGION,
    uuid: randomUUID,
    queueUrlBase: gateway.url,
    invoke: (name, payload) => pool.invoke(name, payload),
    mail: (mail) => outbox.deliver(mail),
    logs: (group) => pool.log(group),
    ...options.aws,
    ...(options.onCall && { onCall: options.onCall }),
  });
  return { clock, folder, gateway, outbox, runs, pool, aws };
}

/** Stops all of it, and leaves what people may want to read. */
export async function closeAll(
  { pool, gateway, folder }: Machine,
  issuers: readonly Issuer[],
  remove: boolean,
): Promise<void> {
  await Promise.allSettled([pool.close(), gateway.close(), ...issuers.map((issuer) => issuer.close())]);
  if (remove) folder.remove();
  else folder.settle();
}
