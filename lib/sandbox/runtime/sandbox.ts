import { createHash, randomUUID } from 'node:crypto';
import { MINUTE } from '../../../functions/core/time.ts';
import { createAws, type Aws } from '../aws/index.ts';
import { VirtualClock } from '../clock.ts';
import { startIssuers } from '../issuers/index.ts';
import type { Issuer } from '../issuers/simulator.ts';
import { AdminSecrets } from './admin-secrets.ts';
import type { Access, FunctionRun, Sandbox } from './api.ts';
import { synthesise, type Assembly } from './assembly.ts';
import { answerControl } from './control.ts';
import { deploy } from './deploy.ts';
import { SandboxFolder } from './folder.ts';
import { FunctionPool } from './function-pool.ts';
import { Gateway } from './gateway.ts';
import { Outbox } from './outbox.ts';
import { credentialsFor, operatorOf } from './principals.ts';
import { Roles } from './roles.ts';
import { ACCOUNT, DEFAULT_FOLDER, PAGER_HOST, PAGER_SECRET, REGION, SANDBOX_SETTINGS, type SandboxOptions } from './settings.ts';
import { Template } from './template.ts';
import { TimeKeeper } from './time-keeper.ts';

const OPERATOR = 'operator';

/** The machine below the stack: clock, AWS, threads, port and folder. */
class Machine {
  readonly clock: VirtualClock;
  readonly folder: SandboxFolder;
  readonly outbox: Outbox;
  readonly routingKey = createHash('md5').update('keyturn sandbox pager').digest('hex');
  readonly runs: FunctionRun[] = [];
  readonly pool: FunctionPool;
  readonly gateway: Gateway;
  readonly aws: Aws;
  readonly time: TimeKeeper;
  issuers: readonly Issuer[] = [];
  /** Set when the stack stands. */
  sandbox: Sandbox | undefined;

  private constructor(options: SandboxOptions, parts: { clock: VirtualClock; folder: SandboxFolder; gateway: (machine: () => Machine) => Gateway }) {
    this.clock = parts.clock;
    this.folder = parts.folder;
    this.gateway = parts.gateway(() => this);
    this.time = new TimeKeeper(this.clock);
    this.outbox = new Outbox({ folder: this.folder.path, now: () => this.clock.now(), routingKey: this.routingKey });
    this.gateway.hosts.set(PAGER_HOST, (request) => this.outbox.page(request));
    this.pool = new FunctionPool({
      clock: this.clock,
      region: REGION,
      uuid: randomUUID,
      logFolder: this.folder.part('logs'),
      endpoint: () => this.gateway.url,
      hosts: () => [...this.gateway.hosts.keys()],
      credentials: credentialsFor,
      onRun: (run) => void this.runs.push(run),
    });
    this.aws = createAws({
      clock: this.clock,
      account: ACCOUNT,
      region: REGION,
      uuid: randomUUID,
      queueUrlBase: this.gateway.url,
      invoke: (name, payload) => this.pool.invoke(name, payload),
      mail: (mail) => this.outbox.deliver(mail),
      ...(options.onCall && { onCall: options.onCall }),
    });
  }

  static async start(options: SandboxOptions): Promise<Machine> {
    const clock = new VirtualClock(options.start ?? Math.floor(Date.now() / MINUTE) * MINUTE);
    const late: { machine?: Machine } = {};
    const machine = (): Machine => {
      if (!late.machine) throw new Error('The sandbox is still starting.');
      return late.machine;
    };
    const gateway = await Gateway.listen({
      clock,
      uuid: randomUUID,
      port: options.port ?? 0,
      aws: () => machine().aws,
      thread: (id) => machine().pool.thread(id),
      control: async (request) => {
        const { sandbox } = machine();
        return sandbox ? answerControl(sandbox, request) : Response.json({ message: 'The sandbox is still starting.' }, { status: 503 });
      },
    });
    const made = new Machine(options, { clock, folder: new SandboxFolder(options.folder ?? DEFAULT_FOLDER), gateway: () => gateway });
    late.machine = made;
    return made;
  }
}
