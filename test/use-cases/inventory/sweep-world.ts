import type { Command } from '../../../functions/core/commands/commands.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { moveAttempt, withAttempt } from '../../../functions/core/token/transitions.ts';
import { promoted } from '../../../functions/core/token/promotion.ts';
import type { SecretStore } from '../../../functions/core/ports/secret-store.ts';
import { placeOf, type StartLimits } from '../../../functions/core/rotation/rotation-queue.ts';
import { openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { change, create, derived } from '../../../functions/use-cases/inventory/store.ts';
import { sweep, type SweepPorts, type SweepReport } from '../../../functions/use-cases/schedules/sweep.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

export interface Sort {
  readonly provider: string;
  readonly admin?: string | undefined;
  /** How long after its start its rotation ends well; undefined when it never ends. */
  readonly takes?: number | undefined;
  readonly change?: Partial<Token>;
}

interface Start {
  readonly tokenId: string;
  readonly at: number;
}

/** Sweeps over an inventory in memory, with rotations that take their time. */
export class SweepWorld {
  readonly clock = new VirtualClock(T0);
  readonly inventory = new MemoryInventory();
  readonly starts: Start[] = [];
  readonly sent: { readonly provider: string; readonly commands: readonly Command[]; readonly at: number }[] =
    [];
  /** The most that were under way at once, by issuer, and in all under the empty name. */
  readonly most = new Map<string, number>();
  readonly limits: StartLimits;
  inspectionsPerMinute = 120;
  /** Whether inspections are carried out when the queue lets go of them. */
  inspects = false;
  /** Tokens whose record cannot be read. */
  readonly damaged = new Set<string>();
  /** What happens before every save of a sweep, which waits for it. */
  onSave: ((tokenId: string) => Promise<unknown>) | undefined;
  #sorts = new Map<string, Sort>();
  #runs = 0;

  constructor(limits: StartLimits = { inAll: 100, perIssuer: () => 20 }) {
    this.limits = limits;
  }

  /** A token whose interval is over since some minutes, inspected just now. */
  async due(id: string, sort: Sort, since = 10 * MINUTE): Promise<void> {
    const issued = T0 - since - 30 * DAY;
    const secretArn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${id}`;
    const current = {
      id: 'v0',
      versionId: 'v0',
      handle: `h-${id}`,
      origin: 'minted',
      state: 'current',
      issuedAt: issued,
      promotedAt: issued,
    } as const;
    this.#sorts.set(id, sort);
    await create(
      aToken({
        id,
        secretArn,
        name: id,
        provider: sort.provider,
        admin: sort.admin,
        enrolledAt: issued,
        inspectedAt: this.clock.now(),
        credentials: [current],
        ...sort.change,
      }),
      this.#ports(Infinity),
    );
  }

  #ports(length: number): SweepPorts {
    const end = this.clock.now() + length;
    return {
      inventory: new Proxy(this.inventory, {
        get: (target, key) => {
          if (key === 'load')
            return async (id: string) =>
              this.damaged.has(id)
                ? Promise.reject(new KeyturnError('record-invalid', 'It cannot be read.'))
                : target.load(id);
          if (key === 'save')
            return async (token: Token, revision: number) => (
              await this.onSave?.(token.id),
              target.save(token, revision)
            );
          const member: unknown = Reflect.get(target, key, target);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
      bus: { publish: async () => undefined },
      deliveries: { takes: () => false, send: async () => undefined },
      commands: {
        send: async (provider, commands, delay = 0) =>
          this.#send({ provider, commands, at: this.clock.now() + delay }),
      },
      // All else of Secrets Manager a sweep leaves alone.
      secrets: {
        describe: async (id: string) => ({ rotationEnabled: true, arn: id, tags: new Map() }),
        startRotation: (arn: string, attemptId: string) => this.#start(arn, attemptId),
      } as unknown as SecretStore,
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      log: recordingLog(),
      now: () => this.clock.now(),
      sleep: (time) => this.clock.sleep(time),
      timeLeft: () => end - this.clock.now(),
      uuid: () => `run-${this.#runs++}`,
    };
  }

  #send(sent: SweepWorld['sent'][number]): void {
    this.sent.push(sent);
    if (!this.inspects) return;
    const ids = sent.commands.flatMap((command) => (command.kind === 'inspect' ? [command.tokenId] : []));
    const inspect = async (): Promise<void> => {
      for (const id of ids)
        await change(id, this.#ports(Infinity), (token) => ({ ...token, inspectedAt: this.clock.now() }));
    };
    this.clock.after(sent.at - this.clock.now(), () => void this.clock.activity(inspect));
  }

  async #start(arn: string, attemptId: string): Promise<void> {
    const tokenId = arn.split(':').at(-1) ?? '';
    this.starts.push({ tokenId, at: this.clock.now() });
    await this.#count();
    const takes = this.#sorts.get(tokenId)?.takes;
    if (takes !== undefined)
      this.clock.after(takes, () => void this.clock.activity(() => this.#end(tokenId, attemptId)));
  }

  async #end(tokenId: string, attemptId: string): Promise<void> {
    await change(tokenId, this.#ports(Infinity), (token) => {
      const made = withAttempt(token, attemptId, (one) => ({
        ...one,
        testedAt: this.clock.now(),
        mints: [{ at: this.clock.now(), handle: attemptId }],
      }));
      const done = promoted(made, attemptId, { oldVersion: 'v0', now: this.clock.now(), by: 'test' });
      return withAttempt(done, attemptId, (one) => ({ ...one, tidy: true }));
    });
  }

  /** What settling does with attempts whose time is over. */
  async settleOverdue(): Promise<void> {
    for await (const { token } of this.inventory.all()) {
      const attempt = openAttempt(token);
      if (!attempt || attempt.deadline > this.clock.now()) continue;
      await change(token.id, this.#ports(Infinity), (one) => {
        const aborted = moveAttempt(moveAttempt(one, attempt.id, 'claim-abort'), attempt.id, 'abort', {
          endedAt: this.clock.now(),
          tidy: true,
        });
        return { ...aborted, failures: one.failures + 1, failedAt: this.clock.now() };
      });
    }
  }

  async #count(): Promise<void> {
    const now = this.clock.now();
    const counts = new Map<string, number>();
    for await (const { token } of this.inventory.all()) {
      const place = placeOf(token);
      if (place?.line !== 'under-way' || place.at <= now) continue;
      for (const name of ['', place.issuer]) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts) this.most.set(name, Math.max(count, this.most.get(name) ?? 0));
  }

  /** Starts a sweep; the clock has to be moved for it to go on. */
  begin(length = 5 * MINUTE): Promise<SweepReport | undefined> {
    return this.clock.activity(() =>
      sweep({ ...this.limits, inspectionsPerMinute: () => this.inspectionsPerMinute }, this.#ports(length)),
    );
  }

  /** A whole sweep. */
  async sweep(length = 5 * MINUTE): Promise<SweepReport | undefined> {
    const running = this.begin(length);
    await this.clock.advanceBy(length + SECOND);
    return running;
  }

  /** Sweeps every 15 minutes until nothing waits; resolves to how many it took. */
  async sweepUntilNothingWaits(most: number): Promise<number> {
    for (let count = 1; count <= most; count++) {
      const begun = this.clock.now();
      const report = await this.sweep();
      await this.settleOverdue();
      if (report?.waiting === 0 && report.complete) return count;
      await this.clock.advanceTo(begun + 15 * MINUTE);
      await this.settleOverdue();
    }
    throw new Error(`Something still waits after ${most} sweeps.`);
  }

  /** The most starts in any second. */
  burst(): number {
    return Math.max(
      0,
      ...this.starts.map(
        ({ at }) => this.starts.filter((one) => one.at >= at && one.at < at + SECOND).length,
      ),
    );
  }

  async token(id: string): Promise<Token> {
    const loaded = await this.inventory.load(id);
    if (!loaded) throw new Error(`no ${id}`);
    return derived(loaded.token, this.#ports(Infinity));
  }
}
