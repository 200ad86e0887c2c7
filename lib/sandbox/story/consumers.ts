import * as z from 'zod';
import { MINUTE, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import type { Issuer } from '../issuers/simulator.ts';
import type { Sandbox } from '../runtime/api.ts';
import type { Chronicle } from './chronicle.ts';
import { Inbox } from './inbox.ts';
import { repeat, SecretReader, use } from './reader.ts';

/** A consumer by the name under which its issuer logs it. */
export interface Player {
  readonly agent: string;
  /** From one use of its token to the next, on average. */
  readonly usesEvery: Millis;
}

/** The world of a consumer. */
export interface Workplace {
  readonly sandbox: Sandbox;
  readonly issuer: Issuer;
  readonly secret: string;
  readonly chronicle: Chronicle;
  readonly onFault: (error: unknown) => void;
}

/** How often a service uses its token. */
export const USE_EVERY: Millis = 5 * MINUTE;
/** How often CI runs a job, and the time between the two uses of the token in it. */
export const JOB_EVERY: Millis = 30 * MINUTE;
const JOB_TAKES = 4 * MINUTE;

/**
 * Keeps what it read for a while, as most clients do. What counts is not what it sees but what the issuer
 * logs.
 */
export class CachedConsumer {
  readonly #place: Workplace;
  readonly #reader: SecretReader;
  readonly #agent: string;
  readonly #cache: Millis;
  #kept: { readonly text: string; readonly until: Instant } | undefined;

  constructor(
    place: Workplace,
    how: { readonly role: string; readonly agent: string; readonly cache: Millis },
  ) {
    this.#place = place;
    this.#reader = new SecretReader(place.sandbox, how.role, place.secret);
    this.#agent = how.agent;
    this.#cache = how.cache;
  }

  /** Works without a break, first after `phase`, which then decides when its cache runs out. */
  serve(phase: Millis): void {
    repeat(
      this.#place.sandbox.clock,
      { first: phase, every: USE_EVERY },
      () => this.#work(),
      this.#place.onFault,
    );
  }

  /** Runs jobs that use the token at their begin and at their end. */
  runJobs(phase: Millis): void {
    const { sandbox, onFault } = this.#place;
    const job = async (): Promise<void> => {
      await this.#work();
      await sandbox.clock.sleep(JOB_TAKES);
      await this.#work();
    };
    repeat(sandbox.clock, { first: phase, every: JOB_EVERY }, job, onFault);
  }

  async #work(): Promise<void> {
    const now = this.#place.sandbox.clock.now();
    if (!this.#kept || this.#kept.until <= now) {
      const text = await this.#reader.read();
      this.#kept = text === undefined ? undefined : { text, until: now + this.#cache };
    }
    if (this.#kept) await use(this.#place.issuer, this.#kept.text, this.#agent);
  }
}

const LabelUpdated = z.looseObject({ name: z.string() });

/**
 * A service that reads its token when an instance boots, and never again. Its deployer restarts the instances
 * one after
 * the other when Secrets Manager tells of a new current version, which takes longer than the shortest grace
 * period of the token.
 */
export class BootOnlyService {
  readonly #place: Workplace;
  readonly #reader: SecretReader;
  readonly #agents: readonly string[];
  readonly #booted = new Map<string, string>();
  readonly #restartEvery: Millis;
  readonly #events: Inbox;
  readonly #isDeaf: boolean;

  /** `isDeaf`: nothing restarts it by itself. */
  constructor(
    place: Workplace,
    how: {
      readonly role: string;
      readonly agents: readonly string[];
      readonly restartEvery: Millis;
      readonly isDeaf?: boolean;
    },
  ) {
    this.#place = place;
    this.#reader = new SecretReader(place.sandbox, how.role, place.secret);
    this.#agents = how.agents;
    this.#restartEvery = how.restartEvery;
    this.#isDeaf = how.isDeaf === true;
    const pattern = {
      source: ['aws.secretsmanager'],
      'detail-type': ['Secret Label Updated'],
      detail: { name: [place.secret], labelUpdated: ['AWSCURRENT'] },
    };
    this.#events = new Inbox(place.sandbox, { name: `${how.role}-restarts`, pattern });
  }

  async start(): Promise<void> {
    const { sandbox, onFault } = this.#place;
    // What was told before the first boot is in it.
    await this.#events.take();
    for (const agent of this.#agents) {
      await this.#boot(agent);
      repeat(sandbox.clock, { first: 0, every: USE_EVERY }, () => this.#work(agent), onFault);
    }
    if (!this.#isDeaf)
      repeat(sandbox.clock, { first: USE_EVERY, every: USE_EVERY }, () => this.#listen(), onFault);
  }

  /** A person restarts every instance at once. */
  async restartAll(): Promise<void> {
    for (const agent of this.#agents) await this.#boot(agent);
  }

  async #boot(agent: string): Promise<void> {
    const text = await this.#reader.read();
    if (text !== undefined) this.#booted.set(agent, text);
  }

  async #work(agent: string): Promise<void> {
    const text = this.#booted.get(agent);
    if (text !== undefined) await use(this.#place.issuer, text, agent);
  }

  async #listen(): Promise<void> {
    const told = (await this.#events.take()).map((detail) => LabelUpdated.parse(detail));
    if (told.length === 0) return;
    const { sandbox, secret, chronicle, onFault } = this.#place;
    chronicle.add({
      at: sandbox.clock.now(),
      text:
        `${secret}: its service reads it at boot only; the event of the new version starts a rolling ` +
        `restart that takes ${(this.#agents.length * this.#restartEvery) / MINUTE} minutes`,
      routine: { of: secret, kind: 'step' },
    });
    this.#agents.forEach((agent, index) => {
      sandbox.clock.after(
        (index + 1) * this.#restartEvery,
        () => void sandbox.clock.activity(() => this.#restart(agent)).catch(onFault),
      );
    });
  }

  async #restart(agent: string): Promise<void> {
    await this.#boot(agent);
    const { sandbox, secret, chronicle } = this.#place;
    if (agent === this.#agents.at(-1))
      chronicle.add({
        at: sandbox.clock.now(),
        text: `${secret}: the last instance has restarted; from now on the old value is unused`,
        routine: { of: secret, kind: 'step' },
      });
  }
}
