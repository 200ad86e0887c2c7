import type { Command } from '../../../functions/core/commands/commands.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import type { CompletePass } from '../../../functions/core/ports/passes.ts';
import type {
  SecretDescription,
  SecretPage,
  SecretStore,
} from '../../../functions/core/ports/secret-store.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { reconcile, type ReconcileReport } from '../../../functions/use-cases/schedules/reconcile.ts';
import type { ReconcilePorts } from '../../../functions/use-cases/schedules/reconcile-limits.ts';
import { change, create } from '../../../functions/use-cases/inventory/store.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

export const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  promotedAt: T0,
};
const LABELS = { v1: ['AWSCURRENT'] };

export function arnOf(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbC123`;
}

/** A handful of secrets with their records, each as the test makes it, and passes over them. */
export class Few {
  now = T0;
  readonly inventory = new MemoryInventory();
  readonly secrets = new Map<string, Partial<SecretDescription> | Error>();
  readonly sent: Command[] = [];
  readonly passes: CompletePass[] = [];
  readonly log = recordingLog();
  /** Of the invocation, at each question. */
  timeLeft = 5 * MINUTE;
  perMinute = 1_000;
  sending: Error | undefined;
  pageSize = 100;
  readonly listed: number[] = [];
  /** What happens when a page is asked for. */
  onPage: (at: number) => void = () => undefined;
  completed = 0;
  #runs = 0;

  /** With the inventory known to be complete, unless told otherwise. */
  static async create(isComplete = true): Promise<Few> {
    const few = new Few();
    await few.inventory.beginRebuild(T0);
    if (isComplete) await few.inventory.completeRebuild();
    const note = few.inventory.notePass.bind(few.inventory);
    few.inventory.notePass = async (pass) => {
      few.passes.push(pass);
      await note(pass);
    };
    const complete = few.inventory.completeRebuild.bind(few.inventory);
    few.inventory.completeRebuild = async () => {
      few.completed++;
      await complete();
    };
    return few;
  }

  secret(
    name: string,
    change: Partial<SecretDescription> = {},
    tags: Readonly<Record<string, string>> = {},
  ): string {
    const arn = arnOf(name);
    const all = new Map(
      Object.entries({
        [TAGS.installation]: 'main',
        [TAGS.issuer]: 'gitlab',
        [TAGS.owner]: 'team',
        ...tags,
      }),
    );
    this.secrets.set(arn, {
      arn,
      name,
      rotationEnabled: true,
      versions: new Map(Object.entries(LABELS)),
      replicas: [],
      tags: all,
      ...change,
    });
    return arn;
  }

  /** A secret and its record, which shows it as it is. */
  async known(
    name: string,
    record: Partial<Token> = {},
    shown: Partial<SecretDescription> = {},
  ): Promise<string> {
    const arn = this.secret(name, shown);
    await create(
      aToken({
        id: tokenIdOf(arn),
        secretArn: arn,
        name,
        credentials: [CURRENT],
        inspectedAt: this.now,
        readAt: this.now,
        ...record,
      }),
      this.ports(),
    );
    return arn;
  }

  async record(arn: string, how: Partial<Token>): Promise<void> {
    await change(tokenIdOf(arn), this.ports(), (token) => ({ ...token, ...how }));
  }

  ports(): ReconcilePorts {
    return {
      inventory: this.inventory,
      bus: { publish: async () => undefined },
      commands: {
        send: async (_provider, commands) => {
          if (this.sending) throw this.sending;
          this.sent.push(...commands);
        },
      },
      secrets: {
        describe: async (arn: string) => this.#described(arn),
        list: (_installation: string, from?: string) => this.#pages(Number(from ?? 0)),
      } as unknown as SecretStore,
      installation: { account: '111122223333', region: 'eu-west-1', name: 'main' },
      policyDefaults: {},
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      log: this.log,
      now: () => this.now,
      timeLeft: () => this.timeLeft,
      uuid: () => `run-${this.#runs++}`,
    };
  }

  #described(arn: string): Partial<SecretDescription> {
    const found = this.secrets.get(arn) ?? new KeyturnError('not-found', 'There is no such secret.');
    if (found instanceof Error) throw found;
    return found;
  }

  async *#pages(from: number): AsyncIterable<SecretPage> {
    const all = [...this.secrets];
    for (let at = from; ; at += this.pageSize) {
      this.onPage(at);
      this.listed.push(at);
      const next = at + this.pageSize < all.length ? String(at + this.pageSize) : undefined;
      yield {
        secrets: all.slice(at, at + this.pageSize).map(([arn, one]) => ({
          arn,
          versions: one instanceof Error ? new Map() : (one.versions ?? new Map()),
        })),
        next,
      };
      if (next === undefined) return;
    }
  }

  run(): Promise<ReconcileReport | undefined> {
    return reconcile({ every: HOUR, inspectionsPerMinute: () => this.perMinute }, this.ports());
  }

  inspected(): string[] {
    return this.sent.flatMap((one) => (one.kind === 'inspect' ? [one.secretArn] : []));
  }
}
