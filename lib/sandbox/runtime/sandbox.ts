import { createHash, randomUUID } from 'node:crypto';
import { MINUTE, type Millis } from '../../../functions/core/basics/time.ts';
import { createAws } from '../aws/create-aws.ts';
import type { Aws } from '../aws/aws.ts';
import type { Invocation } from '../aws/types.ts';
import { VirtualClock } from '../clock.ts';
import { startDestinations, type Destination } from '../destinations/index.ts';
import { IssuerFaults } from '../issuers/faults.ts';
import { startIssuers } from '../issuers/index.ts';
import type { Issuer } from '../issuers/simulator.ts';
import { AdminSecrets } from './admin-secrets.ts';
import type { Access, FunctionRun, Sandbox } from './api.ts';
import { synthesise, type Assembly } from './assembly.ts';
import { answerControl } from './control.ts';
import { deploy, roleOf } from './deploy.ts';
import { SandboxFolder, refuseTakenFolder } from './folder.ts';
import { FunctionPool } from './function-pool.ts';
import { functionUrls } from './function-urls.ts';
import { Gateway } from './gateway.ts';
import { Outbox, type Mail, type PagerEvent } from './outbox.ts';
import { credentialsFor, operatorOf } from './principals.ts';
import { Roles } from './roles.ts';
import {
  ACCOUNT,
  DEFAULT_FOLDER,
  PAGER_HOST,
  PAGER_SECRET,
  REGION,
  SANDBOX_SETTINGS,
  type SandboxOptions,
} from './settings.ts';
import { Template } from './template.ts';
import { TimeKeeper } from './time-keeper.ts';

const OPERATOR = 'operator';
/** The routing key that the simulated PagerDuty knows: 32 characters, as real ones have. */
const ROUTING_KEY = createHash('md5').update('keyturn sandbox').digest('hex');

/** The machine that the stack is deployed to: clock, port, threads, AWS. */
interface Machine {
  readonly clock: VirtualClock;
  readonly folder: SandboxFolder;
  readonly gateway: Gateway;
  readonly outbox: Outbox;
  readonly runs: FunctionRun[];
  readonly pool: FunctionPool;
  readonly aws: Aws;
}

/**
 * Runs the synthesised stack on this machine, with issuers to rotate against.
 * Errors: one sentence when the port or the folder is taken, the stack cannot be synthesised, or it has something that the sandbox does not know.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = { ...SANDBOX_SETTINGS, ...options.settings };
  const machine = await startMachine(options);
  const issuers: Issuer[] = [];
  try {
    const making = options.assembly
      ? Promise.resolve(options.assembly)
      : synthesise(settings, options.signal);
    const starting = (options.issuers ?? startIssuers)({
      clock: machine.clock,
      folder: machine.folder.part('issuers'),
    }).then((started) => void issuers.push(...started));
    // Both end before anything is taken away again.
    await Promise.allSettled([making, starting]);
    await starting;
    const assembly = await making;
    options.signal?.throwIfAborted();
    const sandbox = await deployTo(machine, issuers, assembly, options);
    machine.folder.describe({
      ...sandbox.operate(),
      installation: sandbox.installation,
      settings,
      issuers: issuers.map(({ provider, host }) => ({ provider, host })),
    });
    return sandbox;
  } catch (error) {
    await closeAll(machine, issuers, options.removeOnClose ?? false);
    throw error;
  }
}

async function startMachine(options: SandboxOptions): Promise<Machine> {
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
    ...options.aws,
    ...(options.onCall && { onCall: options.onCall }),
  });
  return { clock, folder, gateway, outbox, runs, pool, aws };
}

async function deployTo(
  machine: Machine,
  issuers: readonly Issuer[],
  assembly: Assembly,
  options: SandboxOptions,
): Promise<Sandbox> {
  const { aws, pool, gateway } = machine;
  const faults = new IssuerFaults();
  for (const issuer of issuers)
    gateway.hosts.set(
      issuer.host,
      async (request) => faults.answer(issuer.provider) ?? issuer.fetch(request),
    );
  for (const [host, answer] of options.hosts ?? []) gateway.hosts.set(host, answer);
  const place = { account: ACCOUNT, region: REGION, stackName: assembly.stackName, queueUrl: aws.sqs.urlOf };
  const template = new Template(assembly.template, place);
  const destinations = startDestinations(machine.clock).filter(({ kind }) =>
    options.settings?.delivery?.kinds?.some((one) => one === kind),
  );
  for (const one of destinations) gateway.hosts.set(one.host, (request) => one.fetch(request));
  const roles = new Roles(template);
  const deployment = { aws, pool, template, assets: assembly.assets, roles };
  await deploy(deployment);
  for (const [host, answer] of functionUrls(template, REGION, (arn, event) =>
    pool.invoke(aws.lambda.nameOf(arn), event),
  ))
    gateway.hosts.set(host, answer);
  for (const name of pool.names())
    gateway.register(credentialsFor(name).accessKeyId, roleOf(deployment, name));
  gateway.register(credentialsFor(OPERATOR).accessKeyId, operatorOf(template, roles));
  const admin = new AdminSecrets(aws, issuers, destinations);
  await admin.create(PAGER_SECRET, ROUTING_KEY);
  for (const { provider } of issuers) await admin.grant(provider, options.grants?.[provider] ?? []);
  const sandbox = new RunningSandbox({ machine, issuers, faults, destinations, template, admin, options });
  gateway.connect({
    call: aws.call,
    thread: (id) => pool.thread(id),
    control: (request) => answerControl(sandbox, request),
  });
  return sandbox;
}

async function closeAll(
  { pool, gateway, folder }: Machine,
  issuers: readonly Issuer[],
  remove: boolean,
): Promise<void> {
  await Promise.allSettled([pool.close(), gateway.close(), ...issuers.map((issuer) => issuer.close())]);
  if (remove) folder.remove();
  else folder.settle();
}

interface SandboxParts {
  readonly machine: Machine;
  readonly issuers: readonly Issuer[];
  readonly faults: IssuerFaults;
  readonly destinations: readonly Destination[];
  readonly template: Template;
  readonly admin: AdminSecrets;
  readonly options: SandboxOptions;
}

class RunningSandbox implements Sandbox {
  readonly folder: string;
  readonly endpoint: string;
  readonly installation: string;
  readonly aws: Aws;
  readonly clock: VirtualClock;
  readonly issuers: readonly Issuer[];
  readonly faults: IssuerFaults;
  readonly destinations: readonly Destination[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly functions: readonly string[];
  readonly runs: readonly FunctionRun[];
  readonly mails: readonly Mail[];
  readonly pages: readonly PagerEvent[];
  readonly #parts: SandboxParts;
  readonly #time: TimeKeeper;

  constructor(parts: SandboxParts) {
    const { machine, template, issuers, options } = parts;
    this.#parts = parts;
    this.#time = new TimeKeeper(machine.clock);
    this.folder = machine.folder.path;
    this.endpoint = machine.gateway.url;
    this.installation = options.settings?.installation ?? SANDBOX_SETTINGS.installation;
    this.aws = machine.aws;
    this.clock = machine.clock;
    this.issuers = issuers;
    this.faults = parts.faults;
    this.destinations = parts.destinations;
    this.outputs = template.outputs;
    this.functions = machine.pool.names();
    this.runs = machine.runs;
    this.mails = machine.outbox.mails;
    this.pages = machine.outbox.pages;
  }

  operate(): Access {
    return {
      endpoint: this.endpoint,
      region: REGION,
      account: ACCOUNT,
      credentials: credentialsFor(OPERATOR),
    };
  }

  grant(provider: string, secretNames: readonly string[]): Promise<void> {
    return this.#parts.admin.grant(provider, secretNames);
  }

  invoke(functionName: string, payload: unknown): Promise<Invocation> {
    return this.clock.activity(() => this.#parts.machine.pool.invoke(functionName, payload));
  }

  kill(functionName: string): number {
    return this.#parts.machine.pool.kill(functionName);
  }

  advance(by: Millis): Promise<void> {
    return this.#time.advance(by);
  }

  follow(speed: number | 'fast'): () => Promise<void> {
    return this.#time.follow(speed);
  }

  rest(): Promise<void> {
    return this.#time.advance(0);
  }

  async close(): Promise<void> {
    this.#time.stop();
    const { machine, issuers, options } = this.#parts;
    await closeAll(machine, issuers, options.removeOnClose ?? false);
  }
}
