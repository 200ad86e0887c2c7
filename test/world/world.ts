import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  SecretsManagerClient,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import type { Command, DeliverCommand } from '../../functions/core/commands/commands.ts';
import type { Courier } from '../../functions/core/delivery/courier.ts';
import type { Fact } from '../../functions/core/findings/events.ts';
import type { Reader } from '../../functions/core/delivery/signs.ts';
import { isRetryable } from '../../functions/core/basics/errors.ts';
import type { Log } from '../../functions/core/ports/log.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { cloudwatchAlarms } from '../../functions/adapters/cloudwatch-alarms.ts';
import { secretsManagerStore } from '../../functions/adapters/secrets-manager/store.ts';
import { issuers } from '../../functions/adapters/issuers.ts';
import { hostGuard, trustedFetch } from '../../functions/handlers/trusted-fetch.ts';
import { HOSTS_OF, confirmedHosts } from '../../functions/core/inventory/confirmed-hosts.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import { worker } from '../../functions/use-cases/worker/index.ts';
import { examineAdmins } from '../../functions/use-cases/schedules/admin-credentials.ts';
import {
  heed,
  type HealthEvent,
  type HealthPorts,
} from '../../functions/use-cases/inventory/health-signals.ts';
import { deliver } from '../../functions/use-cases/delivery/deliver.ts';
import { noticeSecret } from '../../functions/use-cases/schedules/notice-secret.ts';
import { reconcile } from '../../functions/use-cases/schedules/reconcile.ts';
import { rotate } from '../../functions/use-cases/replacement/index.ts';
import type { RotationEvent } from '../../functions/use-cases/rotation/index.ts';
import { sweep } from '../../functions/use-cases/schedules/sweep.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { allowService } from '../../lib/sandbox/aws/lambda.ts';
import { createAws } from '../../lib/sandbox/aws/create-aws.ts';
import type { Aws } from '../../lib/sandbox/aws/aws.ts';
import type { Invocation as Invoked } from '../../lib/sandbox/aws/types.ts';
import type { RotationOptions } from '../../lib/sandbox/aws/secrets-manager/rotation.ts';
import type { StaleReads } from '../../lib/sandbox/aws/secrets-manager/past.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { pemOf, rsaKeysFor } from '../../lib/sandbox/issuers/rsa-keys.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { FaultLine, Invocation, issuerCall, type Disturbance, type FaultPlan } from './faults.ts';
import { wired } from './ports.ts';
import { CommandLine, type QueueOptions } from './queue.ts';

export const START = Date.UTC(2026, 0, 5, 8);
const SWEEP_EVERY = 15 * MINUTE;
const RECONCILE_EVERY = HOUR;

interface Place {
  readonly host: string;
  fetch(request: Request): Promise<Response>;
}

/** What couriers of a world are made with. */
export interface CourierTools {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => number;
  readonly sleep: (length: number) => Promise<void>;
  readonly uuid: () => string;
  readonly read: (secretName: string) => Promise<Secret>;
}

export interface WorldOptions {
  readonly issuer: (clock: VirtualClock) => Issuer;
  readonly plan?: readonly FaultPlan[];
  readonly queue?: QueueOptions;
  /** What AWS leaves undocumented about rotation, `pendingLabel` among it. */
  readonly rotation?: Partial<RotationOptions>;
  /** How far reads of Secrets Manager lag behind; not at all unless set. */
  readonly staleReads?: StaleReads;
  /** Decides which call meets which fault, in place of `plan`. */
  readonly line?: (clock: VirtualClock) => FaultLine;
  /** Who brings new values to consumers; none by default. The tools are on the fault line. */
  readonly couriers?: (tools: CourierTools) => readonly Courier[];
  /** Hosts beside the issuer that answer in this world. */
  readonly places?: readonly Place[];
  /** The operator's list of hosts; that of the issuer unless told. */
  readonly allowedHosts?: readonly string[];
  readonly installation?: string;
  readonly account?: string;
  /**
   * A client in place of the SDK's own, and records that are not held against their schema when they are
   * saved: for soaks, which make millions of calls.
   */
  readonly quick?: (aws: () => Aws) => SecretsManagerClient;
  /** Puts something between the use cases and their ports. */
  readonly wrap?: (ports: Ports, invocation: Invocation) => Ports;
  readonly inventory?: MemoryInventory;
  readonly clock?: VirtualClock;
  /** Another world whose AWS this one shares. */
  readonly beside?: World;
  /** Carries out what a person or a second rotation does in the middle of things. */
  readonly disturb?: (world: World, disturbance: Disturbance) => Promise<void>;
}

/** The product's use cases with the real adapters, an AWS and an issuer, all in this process on one clock. */
export class World {
  readonly clock: VirtualClock;
  readonly aws: Aws;
  readonly issuer: Issuer;
  readonly line: FaultLine;
  readonly queue: CommandLine;
  readonly facts: Fact[] = [];
  readonly logged: string[] = [];
  readonly errors: string[] = [];
  /** What a trail would show of who read which secret, by token id. */
  readonly readers = new Map<string, Reader[]>();
  readonly installation: string;
  readonly account: string;
  readonly provider: string;
  readonly client: SecretsManagerClient;
  inventory: MemoryInventory;
  /** Functions in this set answer nothing, as if their deployment were broken. */
  readonly stopped = new Set<string>();
  readonly startedAt: number;
  readonly #wrap: (ports: Ports, invocation: Invocation) => Ports;
  readonly #places: readonly Place[];
  readonly #allowedHosts: readonly string[];
  readonly #couriers: (tools: CourierTools) => readonly Courier[];
  #cloudwatchClient: CloudWatchClient | undefined;
  readonly #rsaKeys: ReturnType<typeof rsaKeysFor>;
  #serial = 0;
  #eventsSeen = 0;

  constructor(options: WorldOptions) {
    this.clock = options.beside?.clock ?? options.clock ?? new VirtualClock(START);
    this.startedAt = this.clock.now();
    this.installation = options.installation ?? 'main';
    this.account = options.account ?? options.beside?.account ?? '111122223333';
    this.#rsaKeys = rsaKeysFor(`${this.account}/${this.installation}`);
    this.#places = options.places ?? [];
    this.#couriers = options.couriers ?? (() => []);
    this.#wrap = options.wrap ?? ((ports) => ports);
    this.issuer = options.beside?.issuer ?? options.issuer(this.clock);
    this.provider = this.issuer.provider;
    this.#allowedHosts = options.allowedHosts ?? [this.issuer.host, ...(this.issuer.otherHosts ?? [])];
    this.line =
      options.line?.(this.clock) ??
      new FaultLine(
        options.plan ?? [],
        options.disturb
          ? (disturbance) => options.disturb?.(this, disturbance) ?? Promise.resolve()
          : async () => undefined,
      );
    this.inventory = options.inventory ?? new MemoryInventory({ isTrusting: options.quick !== undefined });
    this.queue = new CommandLine(this.clock, (_provider, command) => this.#worker(command), options.queue);
    this.aws =
      options.beside?.aws ??
      createAws({
        ...(options.rotation && { rotation: options.rotation }),
        ...(options.staleReads && { staleReads: options.staleReads }),
        clock: this.clock,
        account: this.account,
        region: 'eu-central-1',
        uuid: () => this.#uuid(),
        invoke: (name, payload) =>
          worlds(this.clock).get(`${this.account}/${name}`)?.invoke(payload) ?? missing(name),
        onCall: (call) => (call.phase === 'after' ? this.#passOnEvents() : undefined),
      });
    worlds(this.clock).set(`${this.account}/${this.rotationFunction}`, {
      invoke: (payload) => this.#rotate(payload),
    });
    this.aws.lambda.add({
      name: this.rotationFunction,
      policy: allowService('secretsmanager.amazonaws.com', this.account),
    });
    this.client =
      options.quick?.(() => this.aws) ??
      new SecretsManagerClient({ ...this.aws.clientConfig({ kind: 'root' }), maxAttempts: 1 });
  }

  get rotationFunction(): string {
    return `keyturn-${this.installation}-rotate-${this.provider}`;
  }

  #uuid(): string {
    const hex = createHash('sha256')
      .update(`${this.account}/${this.installation}/${this.#serial++}`)
      .digest('hex');
    const middle = `${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}`;
    return `${hex.slice(0, 8)}-${middle}-${hex.slice(20, 32)}`;
  }

  /** Ports of one invocation, every outgoing call on the fault line. */
  ports(invocation: Invocation): Ports & HealthPorts {
    const wire = { line: this.line, invocation, clock: this.clock };
    const secrets = wired(secretsManagerStore(this.client), 'secrets', wire);
    const inventory = wired(this.inventory, 'inventory', wire);
    const seals = {
      of: async (text: Secret) =>
        createHmac('sha256', `hmac-key-of-${this.account}/${this.installation}`)
          .update(text.reveal())
          .digest('hex'),
    };
    const confirmed = async (): Promise<readonly string[]> =>
      confirmedHosts((await inventory.loadPermits(HOSTS_OF)).permits, this.provider);
    const guard = hostGuard({
      issuer: { id: this.provider, ...PROVIDERS.get(this.provider)?.descriptor },
      allowed: this.#allowedHosts,
      confirmed,
      now: () => this.clock.now(),
    });
    const tools = {
      now: () => this.clock.now(),
      sleep: (length: number) => this.clock.sleep(length),
      uuid: () => this.#uuid(),
      fetch: trustedFetch(guard, (request: Request) => this.#fetch(request, invocation)),
    };
    const made: Ports = {
      installation: { account: this.account, region: 'eu-central-1', name: this.installation },
      policyDefaults: {},
      secrets,
      inventory,
      seals: wired(seals, 'seals', wire),
      issuers: issuers({
        providers: [...PROVIDERS.values()],
        secrets,
        adminPrefix: `keyturn/admin/${this.provider}`,
        tools,
        guard,
      }),
      descriptor: (id) => PROVIDERS.get(id)?.descriptor,
      commands: wired(
        {
          send: (provider: string, commands: readonly Command[], delay?: number) =>
            this.queue.send(provider, commands, delay),
        },
        'commands',
        wire,
      ),
      deliveries: {
        takes: (kind) => this.#couriers(this.#courierTools(invocation)).some((one) => one.kind === kind),
        send: wired(
          {
            send: async (commands: readonly DeliverCommand[]) =>
              commands.forEach((one) => this.#deliverLater(one)),
          },
          'deliveries',
          wire,
        ).send,
      },
      readers: wired({ of: async ({ id }: { id: string }) => this.readers.get(id) ?? [] }, 'readers', wire),
      bus: wired({ publish: async (facts: readonly Fact[]) => void this.facts.push(...facts) }, 'bus', wire),
      log: this.#log(),
      now: tools.now,
      sleep: tools.sleep,
      timeLeft: () => invocation.timeLeft(),
      uuid: tools.uuid,
      random: {
        bytes: (length) =>
          createHash('sha512')
            .update(`random/${this.account}/${this.installation}/${this.#serial++}`)
            .digest()
            .subarray(0, length),
        rsaKey: () => pemOf(this.#rsaKeys()),
      },
    };
    return {
      ...this.#wrap(made, invocation),
      alarms: wired(cloudwatchAlarms(this.#cloudwatch()), 'alarms', wire),
    };
  }

  async #fetch(request: Request, invocation: Invocation): Promise<Response> {
    const fault = invocation.hasStopped
      ? undefined
      : await this.line.next(invocation, 'issuer', `${request.method} ${new URL(request.url).pathname}`);
    return issuerCall(
      { invocation, fault, clock: this.clock, throttle: () => throttled(this.provider, this.clock.now()) },
      () =>
        (this.#places.find((one) => one.host === new URL(request.url).host) ?? this.issuer).fetch(request),
    );
  }

  #courierTools(invocation: Invocation): CourierTools {
    const secrets = wired(secretsManagerStore(this.client), 'secrets', {
      line: this.line,
      invocation,
      clock: this.clock,
    });
    return {
      fetch: (request) => this.#fetch(request, invocation),
      now: () => this.clock.now(),
      sleep: (length) => this.clock.sleep(length),
      uuid: () => this.#uuid(),
      read: (name) => secrets.readAdmin(name),
    };
  }

  /** Its queue delivers at least once, and again after the visibility time-out. */
  #deliverLater(command: DeliverCommand, receive = 1): void {
    this.clock.after(receive === 1 ? 1_000 : 6 * MINUTE, () => {
      void this.clock.activity(async () => {
        if ((await this.deliver(command)) !== undefined && receive < 5)
          this.#deliverLater(command, receive + 1);
      });
    });
  }

  /** One run of the deliver function; resolves to why it failed. */
  deliver(command: DeliverCommand): Promise<string | undefined> {
    return this.run('deliver', 5 * MINUTE, (ports, invocation) => {
      const couriers = this.#couriers(this.#courierTools(invocation)).map((one) =>
        wired(one, `courier ${one.kind}`, { line: this.line, invocation, clock: this.clock }),
      );
      return deliver(command, { ...ports, couriers: new Map(couriers.map((one) => [one.kind, one])) });
    });
  }

  /** The stack's rule on native label events: the secret they name is inspected. */
  #passOnEvents(): void {
    const events = this.aws.events.slice(this.#eventsSeen);
    this.#eventsSeen = this.aws.events.length;
    for (const event of events) {
      const alarm = event.detail as { alarmName?: string; state?: { value?: string } };
      if (event.source === 'aws.cloudwatch' && alarm.state?.value === 'ALARM')
        this.signal({ kind: 'alarm', name: alarm.alarmName ?? '' });
      const detail = event.detail as { labelUpdated?: string };
      const arn = event.resources[0];
      if (
        event.detailType !== 'Secret Label Updated' ||
        detail.labelUpdated !== 'AWSCURRENT' ||
        arn === undefined
      )
        continue;
      this.clock.after(
        2_000,
        () =>
          void this.clock.activity(
            async () => void (await this.run('reconcile event', MINUTE, (ports) => noticeSecret(arn, ports))),
          ),
      );
    }
  }

  /** A health signal on its way through its queue, which repeats it when the function fails. */
  signal(event: HealthEvent, tries = 3): void {
    const again = async (): Promise<void> => {
      const failed = await this.run('health', MINUTE, (ports) => heed(event, ports));
      if (failed !== undefined && tries > 1)
        this.clock.after(6 * MINUTE, () => this.signal(event, tries - 1));
    };
    this.clock.after(2_000, () => void this.clock.activity(again));
  }

  #cloudwatch(): CloudWatchClient {
    this.#cloudwatchClient ??= new CloudWatchClient({
      ...this.aws.clientConfig({ kind: 'root' }),
      maxAttempts: 1,
    });
    return this.#cloudwatchClient;
  }

  /** What CloudWatch says of an alarm from now on. */
  async setAlarm(AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
    const client = this.#cloudwatch();
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
      }),
    );
    await client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
  }

  #log(): Log {
    const write = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      void this.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
    return { info: write, warn: write, error: write };
  }

  /** Runs one invocation; resolves to why it failed, undefined when it did not. */
  async run(
    name: string,
    timeout: number,
    use: (ports: Ports & HealthPorts, invocation: Invocation) => Promise<unknown>,
  ): Promise<string | undefined> {
    if (this.stopped.has(name.split(' ')[0] ?? '')) return 'stopped';
    const invocation = new Invocation(name, this.clock, timeout);
    const done = use(this.ports(invocation), invocation).then(
      () => undefined,
      (error: unknown) => this.#failed(error),
    );
    return Promise.race([done, invocation.stopped]);
  }

  #failed(error: unknown): string {
    const text = error instanceof Error ? `${error.message} ${inspect(error.cause)}` : inspect(error);
    this.errors.push(text);
    return error instanceof Error ? error.message : 'failed';
  }

  async #rotate(payload: unknown): Promise<Invoked> {
    const event = payload as {
      Step: RotationEvent['step'];
      SecretId: string;
      ClientRequestToken: string;
      RotationToken?: string;
    };
    const input = {
      step: event.Step,
      secretArn: event.SecretId,
      requestToken: event.ClientRequestToken,
      ...(event.RotationToken ? { rotationToken: new Secret(event.RotationToken) } : {}),
    };
    const failure = await this.run(`rotate ${event.Step}`, 10 * MINUTE, (ports) =>
      rotate(input, this.provider, ports),
    );
    return failure === undefined ? { payload: null } : { functionError: 'Unhandled', errorMessage: failure };
  }

  async #worker(command: Command): Promise<boolean> {
    let isFinal = false;
    const failure = await this.run(`worker ${command.kind}`, 5 * MINUTE, async (ports) => {
      try {
        await worker(command, 'keyturn', ports);
      } catch (error) {
        isFinal = !isRetryable(error);
        throw error;
      }
    });
    return failure === undefined || isFinal;
  }

  sweepNow(): Promise<string | undefined> {
    return this.run('sweep', 5 * MINUTE, (ports) =>
      sweep({ inAll: 100, perIssuer: () => 20, inspectionsPerMinute: () => 600 }, ports),
    );
  }

  reconcileNow(): Promise<string | undefined> {
    return this.run('reconcile', 5 * MINUTE, (ports) =>
      reconcile({ every: 0, inspectionsPerMinute: () => 600 }, ports),
    );
  }

  /** The part of the stack's reconcile that looks after admin secrets. */
  examineAdminsNow(): Promise<string | undefined> {
    return this.run('reconcile', 5 * MINUTE, (ports) => examineAdmins(ports));
  }

  /** Starts the two schedules of the stack. */
  startSchedules(): void {
    this.#every(SWEEP_EVERY, () => this.sweepNow());
    this.#every(RECONCILE_EVERY, () => this.reconcileNow());
  }

  #every(length: number, run: () => Promise<unknown>): void {
    const tick = (): void => {
      void this.clock.activity(async () => {
        await run();
      });
      this.clock.after(length, tick);
    };
    this.clock.after(MINUTE, tick);
  }

  /** What an operator sends with the command line. */
  command(command: Command): Promise<boolean> {
    return this.#worker(command);
  }

  async createAdminSecret(secretNames: readonly string[]): Promise<void> {
    await this.client.send(
      new CreateSecretCommand({
        Name: `keyturn/admin/${this.provider}`,
        SecretString: this.issuer.adminSecret(secretNames),
      }),
    );
  }

  /** An operator edits the admin secret: grants for these secrets alone, and the rest as it stands. */
  async grantOnly(secretNames: readonly string[]): Promise<void> {
    const SecretId = `keyturn/admin/${this.provider}`;
    const stored = JSON.parse(await this.read(SecretId)) as object;
    const { grants } = JSON.parse(this.issuer.adminSecret(secretNames)) as { grants: unknown };
    await this.client.send(
      new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...stored, grants }) }),
    );
  }

  /** Creates a registered secret with its rotation function attached. Resolves to its ARN. */
  async createToken(
    name: string,
    given: { tags?: Record<string, string>; value?: string | undefined } = {},
  ): Promise<string> {
    const tags = {
      [TAGS.installation]: this.installation,
      [TAGS.issuer]: this.provider,
      [TAGS.owner]: 'team-test',
      ...given.tags,
    };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const made = await this.client.send(
      new CreateSecretCommand({
        Name: name,
        Tags,
        ...(given.value === undefined ? {} : { SecretString: given.value }),
      }),
    );
    const arn = made.ARN ?? '';
    await this.attachRotation(arn);
    return arn;
  }

  /** Switches the rotation of a secret on, with the function of this installation, for some later time. */
  async attachRotation(arn: string): Promise<void> {
    const rules = {
      RotationLambdaARN: this.aws.lambda.arnOf(this.rotationFunction),
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    };
    await this.client.send(new RotateSecretCommand({ SecretId: arn, ...rules }));
  }

  /** Registers the admin secret as a token of its own. Resolves to its ARN. */
  async registerAdmin(tags: Record<string, string>): Promise<string> {
    const arn = this.aws.secretsManager.find(`keyturn/admin/${this.provider}`)?.arn ?? '';
    await this.tag(arn, {
      [TAGS.installation]: this.installation,
      [TAGS.issuer]: this.provider,
      [TAGS.owner]: 'team-platform',
      ...tags,
    });
    await this.attachRotation(arn);
    return arn;
  }

  async tag(arn: string, tags: Record<string, string>): Promise<void> {
    await this.client.send(
      new TagResourceCommand({
        SecretId: arn,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  }

  /** Staging labels by version id, as Secrets Manager has them. */
  async labels(arn: string): Promise<Map<string, string[]>> {
    const described = await this.client.send(new DescribeSecretCommand({ SecretId: arn }));
    return new Map(Object.entries(described.VersionIdsToStages ?? {}));
  }

  /** The text a consumer reads now. */
  async read(arn: string): Promise<string> {
    const got = await this.client.send(new GetSecretValueCommand({ SecretId: arn }));
    return got.SecretString ?? '';
  }

  /** The same without a call, for consumers that read all the time. */
  peek(arn: string): string {
    const versions = this.aws.secretsManager.find(arn)?.versions.values() ?? [];
    return [...versions].find((version) => version.stages.has('AWSCURRENT'))?.value?.SecretString ?? '';
  }

  async record(arn: string): Promise<Token | undefined> {
    return (await this.inventory.load(tokenIdOf(arn)))?.token;
  }
}

interface Running {
  invoke(payload: unknown): Promise<Invoked>;
}

/** The functions that run on a clock's AWS, by name: two installations may share one. */
const RUNNING = new WeakMap<VirtualClock, Map<string, Running>>();

function worlds(clock: VirtualClock): Map<string, Running> {
  const known = RUNNING.get(clock) ?? new Map<string, Running>();
  RUNNING.set(clock, known);
  return known;
}

async function missing(name: string): Promise<Invoked> {
  return { functionError: 'ResourceNotFoundException', errorMessage: `no function ${name}` };
}

/** Too many requests, in the dialect of each vendor. */
export function throttled(provider: string, now: number): Response {
  const until = Math.ceil(now / 1000) + 3;
  if (provider === 'okta')
    return new Response('{"errorCode":"E0000047"}', {
      status: 429,
      headers: { 'x-rate-limit-reset': String(until), 'content-type': 'application/json' },
    });
  return new Response('Retry later\n', {
    status: 429,
    headers: { 'retry-after': '3', 'content-type': 'text/plain' },
  });
}
