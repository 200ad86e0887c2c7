import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../functions/core/commands.ts';
import { KeyturnError } from '../../functions/core/errors.ts';
import { labelsDigest } from '../../functions/core/labels.ts';
import { tokenIdOf } from '../../functions/core/names.ts';
import type { CompletePass, SecretDescription, SecretPage, SecretStore } from '../../functions/core/ports.ts';
import { TAGS } from '../../functions/core/tags.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/time.ts';
import type { Generation, Token } from '../../functions/core/token.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { INDEX_VERSION } from '../../functions/use-cases/credential-index.ts';
import { noticeSecret, reconcile, type ReconcilePorts, type ReconcileReport } from '../../functions/use-cases/reconcile.ts';
import { change, create } from '../../functions/use-cases/store.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { recordingLog } from '../fakes/recorders.ts';
import { T0, aToken } from '../fakes/tokens.ts';

const CURRENT: Generation = { id: 'v1', versionId: 'v1', handle: 'h1', origin: 'minted', state: 'current', promotedAt: T0 };
const LABELS = { v1: ['AWSCURRENT'] };

function arnOf(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbC123`;
}

/** A handful of secrets with their records, each as the test makes it, and passes over them. */
class Few {
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
    return few;
  }

  secret(name: string, change: Partial<SecretDescription> = {}, tags: Readonly<Record<string, string>> = {}): string {
    const arn = arnOf(name);
    const all = new Map(Object.entries({ [TAGS.installation]: 'main', [TAGS.provider]: 'gitlab', [TAGS.owner]: 'team', ...tags }));
    this.secrets.set(arn, { arn, name, rotationEnabled: true, versions: new Map(Object.entries(LABELS)), replicas: [], tags: all, ...change });
    return arn;
  }

  /** A secret and its record, which shows it as it is. */
  async known(name: string, record: Partial<Token> = {}, shown: Partial<SecretDescription> = {}): Promise<string> {
    const arn = this.secret(name, shown);
    await create(aToken({ id: tokenIdOf(arn), secretArn: arn, name, generations: [CURRENT], inspectedAt: this.now, readAt: this.now, ...record }), this.ports());
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
      secrets: { describe: async (arn: string) => this.#described(arn), list: (_installation: string, from?: string) => this.#pages(Number(from ?? 0)) } as unknown as SecretStore,
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
      const next = at + this.pageSize < all.length ? String(at + this.pageSize) : undefined;
      yield { secrets: all.slice(at, at + this.pageSize).map(([arn, one]) => ({ arn, versions: one instanceof Error ? new Map() : one.versions ?? new Map() })), next };
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

/** What one pass does with one secret. */
async function outcomeOf(make: (few: Few) => Promise<string> | string, isComplete = true): Promise<'known' | 'sent' | 'wrong' | 'failed' | 'waiting'> {
  const few = await Few.create(isComplete);
  const arn = await make(few);
  const report = await few.run();
  assert.ok(report);
  assert.equal(report.registered, 1);
  assert.deepEqual(few.inspected(), report.sent === 1 ? [arn] : []);
  const kinds = (['sent', 'wrong', 'failed', 'waiting'] as const).filter((kind) => report[kind] > 0);
  assert.ok(kinds.length <= 1);
  return kinds[0] ?? 'known';
}

describe('a secret that a pass comes upon', () => {
  it('is left alone where its record shows it as it is', async () => {
    assert.equal(await outcomeOf((few) => few.known('a')), 'known');
  });

  for (const [what, record] of [
    ['was let go', { detachedAt: T0 }],
    ['was ended by a person, and rotates again', { detachedAt: T0, ending: { kind: 'retire', askedAt: T0, by: 'ana', endedAt: T0 } }],
    ['cannot be managed as it is', { unusable: 'It is not.' }],
    ['is under another index', { indexed: INDEX_VERSION - 1 }],
    ['has another current version', { generations: [{ ...CURRENT, id: 'v0', versionId: 'v0' }] }],
  ] as const satisfies readonly (readonly [string, Partial<Token>])[])
    it(`is inspected where its record says that it ${what}`, async () => {
      assert.equal(await outcomeOf(async (few) => {
        const arn = await few.known('a');
        await few.inventory.save({ ...aToken({ id: tokenIdOf(arn), secretArn: arn, name: 'a', generations: [CURRENT], inspectedAt: T0, readAt: T0, indexed: INDEX_VERSION, ...record }) }, 1);
        return arn;
      }), 'sent');
    });

  it('is left alone where it differs from its record just as it did when it was inspected last', async () => {
    const other = new Map([['v9', ['AWSCURRENT']]]);
    assert.equal(await outcomeOf((few) => few.known('a', { labels: labelsDigest(other) }, { versions: other })), 'known');
    assert.equal(await outcomeOf((few) => few.known('a', { labels: labelsDigest(new Map()) }, { versions: other })), 'sent');
  });

  it('is left alone where a person ended it, and nobody switched its rotation on again', async () => {
    const ended = { detachedAt: T0, ending: { kind: 'retire', askedAt: T0, by: 'ana', endedAt: T0 } } as const;
    assert.equal(await outcomeOf((few) => few.known('a', ended, { rotationEnabled: false })), 'known');
    assert.equal(await outcomeOf((few) => few.known('a', { ...ended, ending: { ...ended.ending, endedAt: undefined } }, { rotationEnabled: false })), 'sent');
  });

  it('is inspected where nothing is on record, and told of where it is not registered as it should be', async () => {
    assert.equal(await outcomeOf((few) => few.secret('a')), 'sent');
    const few = await Few.create();
    const arn = few.secret('a', {}, { [TAGS.provider]: 'nobody' });
    const report = await few.run();
    assert.deepEqual([report?.wrong, few.inspected()], [1, []]);
    assert.match((await few.inventory.load(tokenIdOf(arn)))?.token.unusable ?? '', /nobody/);
  });

  it('is taken for what its tags say where the provider on record is none', async () => {
    assert.equal(await outcomeOf(async (few) => {
      const arn = await few.known('a', { provider: 'nobody' });
      return arn;
    }), 'sent');
  });

  it('is looked at again later where it could not be looked at; one that is gone is no matter', async () => {
    const few = await Few.create();
    few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.'));
    const report = await few.run();
    assert.deepEqual([report?.failed, few.log.lines.filter((line) => line.includes('Not now.')).length], [1, 1]);
    assert.equal(await outcomeOf((few) => {
      few.secrets.set(arnOf('a'), new KeyturnError('not-found', 'Gone.'));
      return arnOf('a');
    }), 'known');
    assert.equal(await outcomeOf((few) => {
      few.secrets.set(arnOf('a'), new TypeError('a fault'));
      return arnOf('a');
    }), 'failed');
  });

  it('is asked for with a command that ends within the hour', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    assert.deepEqual(few.sent, [{ kind: 'inspect', tokenId: tokenIdOf(arn), secretArn: arn, notAfter: T0 + 50 * MINUTE }]);
  });

  it('counts as one that could not be looked at where its command was lost', async () => {
    const few = await Few.create();
    few.secret('a');
    few.sending = new KeyturnError('aws-failed', 'No queue.');
    const report = await few.run();
    assert.deepEqual({ sent: report?.sent, failed: report?.failed }, { sent: 0, failed: 1 });
  });

  it('is inspected in a rebuild unless it was since that began', async () => {
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: T0 - 1 }), false), 'sent');
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: T0 }), false), 'known');
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: T0, unusable: 'It is not.' }), false), 'known');
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: undefined }), false), 'sent');
  });
});

describe('a pass', () => {
  it('is on record once it went through every secret, and each record was found to be as it shows', async () => {
    const few = await Few.create();
    await few.known('a');
    await few.run();
    assert.deepEqual(few.passes, [{ index: INDEX_VERSION, startedAt: T0 }]);
    few.now += 30 * MINUTE;
    assert.equal(await few.run(), undefined);
    assert.equal(few.passes.length, 1, 'and is noted once');
  });

  it('is not while a secret that differs was not inspected since it began', async () => {
    for (const field of ['readAt', 'inspectedAt'] as const) {
      const few = await Few.create();
      await few.known('a');
      const arn = await few.known('b', { readAt: T0 - HOUR, inspectedAt: T0 - HOUR, unusable: 'It is not.' });
      await few.run();
      few.now += 15 * MINUTE;
      await few.run();
      assert.equal(few.passes.length, 0);
      await few.record(arn, { [field]: T0 - 1 });
      await few.run();
      assert.equal(few.passes.length, 0);
      await few.record(arn, { [field]: T0 });
      await few.run();
      assert.deepEqual(few.passes, [{ index: INDEX_VERSION, startedAt: T0 }]);
    }
  });

  it('is not while one could not be looked at, or had to wait', async () => {
    for (const make of [(few: Few) => few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.')), (few: Few) => void (few.perMinute = 0.01)]) {
      const few = await Few.create();
      few.secret('a');
      few.secret('b');
      make(few);
      await few.run();
      assert.equal(few.passes.length, 0);
    }
  });

  it('is all the same once a day has gone by in which each pass asked for it', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    for (let hour = 0; hour < 24; hour++) {
      await few.run();
      few.now += HOUR;
    }
    assert.equal(few.passes.length, 0);
    assert.equal(few.inspected().filter((one) => one === arn).length, 24);
    await few.run();
    assert.deepEqual(few.passes.map((one) => one.startedAt), [T0 + 23 * HOUR], 'the last one that asked for it');
  });

  it('counts the day from the first pass that missed it in a row', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    few.now += 20 * HOUR;
    few.secret('a', {}, { [TAGS.provider]: 'nobody' });
    await few.run();
    assert.equal(few.passes.length, 1, 'what is registered wrongly is told of, and holds up nothing');
    few.secret('a');
    few.now += HOUR;
    await few.run();
    assert.equal(few.inspected().filter((one) => one === arn).length, 2);
    few.now += 23 * HOUR;
    await few.run();
    assert.equal(few.passes.length, 1);
  });

  it('is not where a record cannot be read', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    await create(aToken({ id: tokenIdOf(arn), secretArn: arn, name: 'a', generations: [CURRENT], inspectedAt: T0, readAt: T0 }), few.ports());
    few.inventory.raise(tokenIdOf(arn), 99);
    few.now += MINUTE;
    await few.run();
    assert.equal(few.passes.length, 0);
    assert.ok(few.log.lines.some((line) => line.includes('a record could not be read')));
  });

  it('begins an interval after the last, a minute early at most, and at once where something had to wait', async () => {
    const due = async (after: number, isWaiting = false): Promise<boolean> => {
      const few = await Few.create();
      if (isWaiting) few.perMinute = 0.01;
      few.secret('a');
      few.secret('b');
      await few.run();
      few.now += after;
      return (await few.run()) !== undefined;
    };
    assert.deepEqual([await due(HOUR - MINUTE - 1), await due(HOUR - MINUTE), await due(MINUTE, true)], [false, true, true]);
  });

  it('stops at the end of a page when half a minute is left, and says that it has not ended', async () => {
    for (const [left, ended] of [[30 * SECOND, true], [30 * SECOND - 1, false]] as const) {
      const few = await Few.create();
      few.pageSize = 1;
      await few.known('a');
      await few.known('b');
      few.timeLeft = left;
      const report = await few.run();
      assert.deepEqual({ ended: report?.ended, registered: report?.registered, complete: report?.complete }, { ended, registered: ended ? 2 : 1, complete: true });
      if (!ended) assert.equal(few.passes.length, 0);
    }
  });

  it('that notes too many open secrets is never complete', async () => {
    const few = await Few.create();
    for (let index = 0; index < 1_001; index++) few.secrets.set(arnOf(`x${index}`), new KeyturnError('aws-failed', 'Not now.'));
    few.pageSize = 2_000;
    await few.run();
    few.now += 2 * DAY;
    for (const arn of few.secrets.keys()) few.secrets.set(arn, new KeyturnError('not-found', 'Gone.'));
    await few.inventory.takeTurn('reconcile', { owner: 'x', now: few.now, until: few.now });
    assert.equal(few.passes.length, 0);
    await few.run();
    assert.deepEqual(few.passes.map((one) => one.startedAt), [few.now], 'the next one is, by itself');
  });
});

describe('a rebuild', () => {
  it('is complete with the first whole pass in which every secret is inspected', async () => {
    const few = await Few.create(false);
    await few.known('a', { inspectedAt: undefined, readAt: undefined });
    assert.equal((await few.run())?.complete, false);
    await few.record(arnOf('a'), { inspectedAt: few.now, readAt: few.now });
    few.now += HOUR;
    assert.deepEqual(await few.run(), { registered: 1, sent: 0, wrong: 0, failed: 0, waiting: 0, ended: true, complete: true });
    assert.ok(await few.inventory.isComplete());
  });

  it('is not while one fails, and is after a day of asking', async () => {
    const few = await Few.create(false);
    few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.'));
    await few.run();
    few.now += DAY - 1;
    assert.equal((await few.run())?.complete, false);
    few.now = T0 + DAY + HOUR;
    assert.equal((await few.run())?.complete, true);
  });
});

describe('a leak of an admin credential', () => {
  const LEAKED = { name: 'keyturn/admin/gitlab', provider: 'gitlab', since: T0 };

  it('is forgotten once every token that it could have made is replaced, and not before', async () => {
    const few = await Few.create();
    const { estate, revision } = await few.inventory.loadEstate();
    await few.inventory.saveEstate({ ...estate, leakedAdmins: [LEAKED] as never }, revision);
    const arn = await few.known('a');
    await few.known('b', { generations: [{ ...CURRENT, promotedAt: T0 + 1 }] });
    await few.run();
    assert.equal((await few.inventory.loadEstate()).estate.leakedAdmins?.length, 1);
    assert.equal((await few.inventory.load(tokenIdOf(arn)))?.token.adminLeakedAt, T0, 'the token is replaced for it');
    await few.record(arn, { generations: [{ ...CURRENT, promotedAt: T0 + 1 }], adminLeakedAt: undefined });
    few.now += HOUR;
    await few.run();
    assert.equal((await few.inventory.loadEstate()).estate.leakedAdmins?.length, 0);
  });
});

describe('a secret that an event names', () => {
  it('is inspected where it is registered here, told of where it is so wrongly, and else none of ours', async () => {
    const few = await Few.create();
    await noticeSecret(few.secret('a'), few.ports());
    assert.deepEqual(few.inspected(), [arnOf('a')]);
    await noticeSecret(few.secret('b', {}, { [TAGS.installation]: 'other' }), few.ports());
    assert.equal(await few.inventory.load(tokenIdOf(arnOf('b'))), undefined);
    await noticeSecret(few.secret('c', {}, { [TAGS.provider]: 'nobody' }), few.ports());
    assert.match((await few.inventory.load(tokenIdOf(arnOf('c'))))?.token.unusable ?? '', /nobody/);
    assert.deepEqual(few.inspected(), [arnOf('a')]);
  });
});
