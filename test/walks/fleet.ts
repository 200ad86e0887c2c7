import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  formatInstant,
  type Instant,
  type Millis,
} from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import type { IssuedCredential, Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import { LIFE_TAGS } from '../faults/settings.ts';
import { directClient } from '../soak/direct-client.ts';
import type { Fault, Invocation } from '../world/faults.ts';
import { START, World } from '../world/world.ts';
import type { ConsumerKind, Setup } from './moves.ts';
import { Watch, type Ending } from './watch.ts';

/** What a planted fault puts between the use cases and their ports. */
export type Wrap = (ports: Ports, invocation: Invocation) => Ports;
/** A fault of calls that is still to come. */
interface Planned {
  readonly index: number;
  readonly fault: Fault;
}

/** One secret of the fleet, and what people did to it. */
export interface ManagedSecret {
  readonly name: string;
  readonly world: World;
  readonly consumer: ConsumerKind;
  arn: string;
  admin: string;
  /** The secret whose account is its own: another installation may share a project of GitLab's. */
  readonly own: string;
  /** The secret whose account at the issuer its grant names; undefined for no grant. */
  account: string | undefined;
  /** Every account that it ever had a grant for. */
  readonly accounts: Set<string>;
  /** A person ended its token, or let go of it, and has not taken it up again. */
  ended: boolean;
}

const CONSUMER_EVERY = 11 * MINUTE;
const KEEPS: Readonly<Record<ConsumerKind, Millis>> = {
  polls: 0,
  caches: 5 * MINUTE,
  lags: 9 * HOUR,
  boots: 2 * DAY,
};
export const STRANGE_HOST = 'elsewhere.keyturn.test';

/** A world with people in it: installations, their secrets, one issuer, and who uses what. */
export class Fleet {
  readonly setup: Setup;
  readonly clock = new VirtualClock(START);
  readonly world: World;
  /** The installation beside it, if there is one. */
  readonly neighbor: World | undefined;
  readonly issuer: Issuer;
  readonly watch: Watch;
  readonly knobs: IssuerKnobs & { gone: Set<string> } = { gone: new Set() };
  readonly plan: Planned[] = [];
  readonly secrets: ManagedSecret[] = [];
  /** Values that a person asked to be ended, with when. */
  readonly ordered = new Map<string, Instant>();
  /** Values that were reported as leaked, with when, and of which secret. */
  readonly exposed = new Map<string, { at: Instant; arn: string }>();
  /** Handles of credentials that a person kept by a label at some time. */
  readonly everKept = new Set<string>();
  /** Handles that lists leave out. */
  readonly omitted = new Set<string>();
  /** Values that may do less than they should. */
  readonly scoped = new Set<string>();
  /** What went wrong at the moment it happened. */
  readonly seen: string[] = [];
  /** What another installation lost, of the kinds that Limits name. */
  readonly limits: string[] = [];
  readonly story: string[] = [];
  /** While the issuer lies or is not well, and for how long it did so last. */
  illUntil: Instant = 0;
  /** When somebody last changed what the issuer shows. */
  liedAt: Instant = -DAY * 365;
  isStrange = false;
  /** Values that arrived at an unconfirmed host. */
  readonly misdirected: string[] = [];
  #serial = 0;

  constructor(setup: Setup, onEnding: (ending: Ending, fleet: Fleet) => void, wrap?: Wrap) {
    this.setup = setup;
    const simulate = SIMULATORS.get(setup.provider);
    if (!simulate) throw new Error(`There is no issuer ${setup.provider}.`);
    if (setup.reusesIds) this.knobs.reusesIds = true;
    this.knobs.omits = (handle) => this.omitted.has(handle);
    this.issuer = simulate({ clock: this.clock, knobs: this.knobs });
    this.watch = new Watch({
      issuer: this.issuer,
      names: () => this.names(),
      now: () => this.clock.now(),
      onEnding: (ending) => onEnding(ending, this),
    });
    this.world = this.#worldOf('main', wrap);
    this.neighbor = setup.neighbor === 'none' ? undefined : this.#worldOf(setup.neighbor, undefined);
  }

  #worldOf(who: 'main' | 'account' | 'installation', wrap: Wrap | undefined): World {
    const { pendingLabel, stale, disorder } = this.setup;
    const places = [
      this.watch.placeOf(who),
      { host: STRANGE_HOST, fetch: async (request: Request) => this.#answerStrange(request) },
    ];
    const common = {
      issuer: () => this.issuer,
      clock: this.clock,
      places,
      quick: directClient,
      queue: { disorder },
      plan: who === 'main' ? this.plan : [],
      rotation: { pendingLabel },
      ...(stale > 0 && { staleReads: { describe: stale, get: stale, list: Math.max(stale, 5 * SECOND) } }),
      ...(wrap && { wrap }),
    };
    if (who === 'main') return new World(common);
    if (who === 'account') return new World({ ...common, account: '444455556666', installation: 'main' });
    return new World({ ...common, beside: this.world, installation: 'beside' });
  }

  get worlds(): World[] {
    return this.neighbor ? [this.world, this.neighbor] : [this.world];
  }

  installationOf(world: World): string {
    return world === this.world ? 'main' : this.setup.neighbor;
  }

  /** Every secret name that the issuer knows an account for. */
  names(): string[] {
    return [...new Set(this.secrets.map((one) => one.name))];
  }

  managed(at: number): ManagedSecret | undefined {
    const own = this.secrets.filter((one) => one.world === this.world && !this.isPast(one));
    return own[at % Math.max(1, own.length)];
  }

  /** The account that its grant names when all is well: copies and secrets that were replaced have none. */
  ownAccountOf(managed: ManagedSecret): string | undefined {
    return managed.name.includes('copy-') || this.isPast(managed) ? undefined : managed.own;
  }

  /** Whether another secret was made under its name. */
  isPast(managed: ManagedSecret): boolean {
    return this.secrets.some(
      (one) =>
        one.world === managed.world &&
        one.name === managed.name &&
        one !== managed &&
        this.secrets.indexOf(one) < this.secrets.indexOf(managed),
    );
  }

  async open(): Promise<void> {
    for (const [at, given] of this.setup.secrets.entries())
      await this.addSecret({
        name: `prod/app-${at}/token`,
        consumer: given.consumer,
        value: given.value === 'by-hand' ? await this.issuer.createByHand(`prod/app-${at}/token`) : undefined,
      });
    const first = this.secrets[0];
    if (this.neighbor && first)
      await this.addSecret({
        name: first.name,
        consumer: 'polls',
        world: this.neighbor,
        value: await this.issuer.createByHand(
          this.setup.neighbor === 'installation' && this.setup.provider !== 'gitlab'
            ? `beside/${first.name}`
            : first.name,
        ),
      });
    for (const world of this.worlds) world.startSchedules();
  }

  async addSecret(given: {
    name: string;
    consumer: ConsumerKind;
    value: string | undefined;
    world?: World;
    isGranted?: boolean;
    admin?: string;
  }): Promise<ManagedSecret> {
    const { name, consumer, world = this.world, isGranted = true } = given;
    // An installation in the same account has names of its own.
    const isBeside = world !== this.world && this.setup.neighbor === 'installation';
    const stored = isBeside ? `beside/${name}` : name;
    const managed: ManagedSecret = {
      name: stored,
      world,
      consumer,
      arn: '',
      admin: given.admin ?? `keyturn/admin/${this.setup.provider}`,
      own: isBeside && this.setup.provider !== 'gitlab' ? stored : name,
      account: undefined,
      accounts: new Set(),
      ended: false,
    };
    managed.account = isGranted ? managed.own : undefined;
    this.secrets.push(managed);
    await this.writeAdmins();
    managed.arn = await this.createSecret(managed, given.value);
    this.#consume(managed);
    return managed;
  }

  createSecret(managed: ManagedSecret, value: string | undefined): Promise<string> {
    return managed.world.createToken(managed.name, {
      value,
      tags: { ...LIFE_TAGS, [TAGS.admin]: managed.admin },
    });
  }

  nextName(): string {
    return `prod/copy-${this.#serial++}/token`;
  }

  /** Every admin secret is written anew, with the grants and the host as they are. */
  async writeAdmins(): Promise<void> {
    this.#noteAccounts();
    for (const aws of new Set(this.worlds.map((one) => one.aws))) {
      const here = this.secrets.filter((one) => one.world.aws === aws && !this.isPast(one));
      for (const admin of new Set(here.map((one) => one.admin)))
        await this.#writeAdmin(
          admin,
          here.filter((one) => one.admin === admin),
        );
    }
  }

  #noteAccounts(): void {
    for (const one of this.secrets) if (one.account !== undefined) one.accounts.add(one.account);
  }

  async #writeAdmin(Name: string, secrets: readonly ManagedSecret[]): Promise<void> {
    const [managed] = secrets;
    if (!managed) return;
    const made = JSON.parse(this.issuer.adminSecret([])) as Record<string, unknown>;
    const grants = [...new Map(secrets.map((one) => [one.name, one])).values()].flatMap((one) =>
      one.account === undefined ? [] : [{ ...this.#grantOf(one.account), secret: one.name }],
    );
    const SecretString = JSON.stringify({
      ...made,
      ...(this.isStrange && { url: `https://${STRANGE_HOST}` }),
      grants,
    });
    const { client, aws } = managed.world;
    if (aws.secretsManager.find(Name))
      await client.send(new PutSecretValueCommand({ SecretId: Name, SecretString }));
    else await client.send(new CreateSecretCommand({ Name, SecretString }));
  }

  #grantOf(account: string): Record<string, unknown> {
    const made = JSON.parse(this.issuer.adminSecret([account])) as { grants: Record<string, unknown>[] };
    return made.grants[0] ?? {};
  }

  record(managed: ManagedSecret): Promise<Token | undefined> {
    return managed.world.record(managed.arn);
  }

  /** Whether its installation is to look after it: there, with its tags, not let go. */
  isRegistered(managed: ManagedSecret): boolean {
    const secret = managed.world.aws.secretsManager.find(managed.arn);
    return (
      secret !== undefined &&
      secret.deletedAt === undefined &&
      secret.tags.get(TAGS.installation) === managed.world.installation
    );
  }

  /** The credential that AWSCURRENT of a secret holds, of those the issuer ever made. */
  heldBy(managed: ManagedSecret, all: readonly IssuedCredential[]): IssuedCredential | undefined {
    const text = managed.world.peek(managed.arn);
    return text === '' ? undefined : all.find((one) => text.includes(one.value));
  }

  async listedCredentialOf(handle: string | undefined): Promise<IssuedCredential | undefined> {
    const all = await this.watch.all();
    return handle === undefined
      ? undefined
      : (all.find((one) => one.handle === handle && one.live) ??
          all.findLast((one) => one.handle === handle));
  }

  head(managed: ManagedSecret): { tokenId: string; notAfter: number } {
    return { tokenId: tokenIdOf(managed.arn), notAfter: this.clock.now() + HOUR };
  }

  tell(text: string): void {
    this.story.push(`${formatInstant(this.clock.now())}: ${text}`);
  }

  isWell(): boolean {
    return this.clock.now() >= this.illUntil && !this.isStrange;
  }

  #consume(managed: ManagedSecret): void {
    let kept = { text: '', until: 0 };
    const use = (): void => {
      void this.clock.activity(async () => {
        if (kept.until <= this.clock.now())
          kept = { text: managed.world.peek(managed.arn), until: this.clock.now() + KEEPS[managed.consumer] };
        // A text that no client can read is not used.
        const request = kept.text === '' ? undefined : this.#requestOf(kept.text, managed);
        if (request) await this.issuer.fetch(request);
      });
      this.clock.after(CONSUMER_EVERY, use);
    };
    this.clock.after(CONSUMER_EVERY, use);
  }

  #requestOf(text: string, managed: ManagedSecret): Request | undefined {
    try {
      return this.issuer.consume(text, `consumer-of-${managed.name}/1`);
    } catch {
      return undefined;
    }
  }

  async #answerStrange(request: Request): Promise<Response> {
    const carried = `${[...request.headers].flat().join('\n')}\n${await request.text()}`;
    const decoded = carried.replaceAll(/Basic (\S+)/g, (_all, text: string) =>
      Buffer.from(text, 'base64').toString(),
    );
    if ((await this.watch.all()).some((one) => decoded.includes(one.value)))
      this.misdirected.push(`${request.method} ${new URL(request.url).pathname}`);
    return new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } });
  }
}
