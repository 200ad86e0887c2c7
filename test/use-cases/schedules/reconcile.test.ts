import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../../functions/core/commands/commands.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import type {
  SecretDescription,
  SecretPage,
  SecretStore,
} from '../../../functions/core/ports/secret-store.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { reconcile, type ReconcileReport } from '../../../functions/use-cases/schedules/reconcile.ts';
import type { ReconcilePorts } from '../../../functions/use-cases/schedules/reconcile-limits.ts';
import { change, create } from '../../../functions/use-cases/inventory/store.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const PAGE = 100;

function arnOf(index: number): string {
  return `arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/${String(index).padStart(5, '0')}-AbC123`;
}

/** Many secrets, a list of them that takes its time, and runs of five minutes. */
class Account {
  now = T0;
  readonly inventory = new MemoryInventory();
  readonly sent: { readonly command: Command; readonly at: number }[] = [];
  readonly listed: (string | undefined)[] = [];
  count: number;
  /** How long a page takes to be listed. */
  pageTakes = SECOND;
  perMinute = 100_000;
  every = HOUR;
  /** What happens before a page is listed. */
  onPage: (from: string | undefined) => void = () => undefined;
  providerOf: (arn: string) => string = () => 'gitlab';
  #runs = 0;

  constructor(count: number) {
    this.count = count;
  }

  ports(length = 5 * MINUTE): ReconcilePorts {
    const end = this.now + length;
    const describe = async (arn: string): Promise<Partial<SecretDescription>> => ({
      arn,
      name: arn,
      tags: new Map([
        [TAGS.installation, 'main'],
        [TAGS.issuer, this.providerOf(arn)],
        [TAGS.owner, 'team'],
      ]),
      rotationEnabled: true,
      versions: new Map(),
    });
    return {
      inventory: this.inventory,
      bus: { publish: async () => undefined },
      commands: {
        send: async (_provider, commands, delay = 0) =>
          void this.sent.push(...commands.map((command) => ({ command, at: this.now + delay }))),
      },
      // All else of Secrets Manager reconcile leaves alone.
      secrets: {
        describe,
        list: (_installation: string, from?: string) => this.#pages(from),
      } as unknown as SecretStore,
      installation: { account: '111122223333', region: 'eu-west-1', name: 'main' },
      policyDefaults: {},
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      log: recordingLog(),
      now: () => this.now,
      timeLeft: () => end - this.now,
      uuid: () => `run-${this.#runs++}`,
    };
  }

  async *#pages(from: string | undefined): AsyncIterable<SecretPage> {
    for (let at = Number(from ?? 0); ; at += PAGE) {
      this.onPage(at === 0 ? undefined : String(at));
      this.now += this.pageTakes;
      this.listed.push(at === 0 ? undefined : String(at));
      const secrets = Array.from({ length: Math.min(PAGE, this.count - at) }, (_, index) => ({
        arn: arnOf(at + index),
        versions: new Map(),
      }));
      yield { secrets, next: at + PAGE < this.count ? String(at + PAGE) : undefined };
      if (at + PAGE >= this.count) return;
    }
  }

  run(): Promise<ReconcileReport | undefined> {
    return reconcile({ every: this.every, inspectionsPerMinute: () => this.perMinute }, this.ports());
  }

  /** What the worker functions do with everything sent so far. */
  async inspectAll(): Promise<void> {
    for (const { command } of this.sent.splice(0)) {
      if (command.kind !== 'inspect') continue;
      const known = await this.inventory.load(command.tokenId);
      if (known) await change(known, this.ports(), (token) => ({ ...token, inspectedAt: this.now }));
      else
        await create(
          aToken({ id: command.tokenId, secretArn: command.secretArn, inspectedAt: this.now }),
          this.ports(),
        );
    }
  }

  /** Runs every quarter of an hour until a pass ends; resolves to its report and how many runs it took. */
  async pass(): Promise<{ report: ReconcileReport; runs: number }> {
    for (let runs = 1; runs < 100; runs++) {
      const begun = this.now;
      const report = await this.run();
      this.now = begun + 15 * MINUTE;
      if (report?.ended) return { report, runs };
    }
    throw new Error('no pass ended');
  }
}

describe('a pass over more secrets than one run can look at', () => {
  it('goes on where the last run stopped, and counts as one', async () => {
    const account = new Account(2_000);
    account.pageTakes = 30 * SECOND;
    const { report, runs } = await account.pass();
    assert.equal(runs, 2);
    assert.deepEqual(report, {
      registered: 2_000,
      sent: 2_000,
      wrong: 0,
      failed: 0,
      waiting: 0,
      ended: true,
      complete: false,
    });
    assert.equal(new Set(account.listed).size, 20);
    assert.equal(account.listed.length, 20, 'no page is listed twice');
    assert.equal(new Set(account.sent.map(({ command }) => command.tokenId)).size, 2_000);
  });

  it('completes a rebuild after a whole pass, not the end of one, found every secret inspected', async () => {
    const account = new Account(1_000);
    account.pageTakes = 60 * SECOND;
    await account.pass();
    await account.inspectAll();
    account.now += HOUR;
    const first = await account.run();
    assert.deepEqual(
      { ended: first?.ended, complete: first?.complete, sent: first?.sent },
      { ended: false, complete: false, sent: 0 },
    );
    assert.equal(await account.inventory.isComplete(), false, 'not after a part of it');
    account.now += 10 * MINUTE;
    assert.equal((await account.pass()).report.complete, true);
    assert.equal(await account.inventory.isComplete(), true);
  });

  it('does not go on with the pass of another rebuild: a restored table begins anew', async () => {
    const account = new Account(1_000);
    account.pageTakes = 60 * SECOND;
    await account.pass();
    await account.inspectAll();
    account.now += HOUR;
    await account.run();
    account.inventory.backup()();
    account.now += HOUR;
    account.listed.length = 0;
    const report = await account.run();
    assert.equal(account.listed[0], undefined, 'from the first page');
    assert.ok(report && report.sent > 0 && !report.complete, 'all have to be inspected again');
  });

  it('loses a page at most to a run that stops, and goes on', async () => {
    const account = new Account(1_000);
    const pages: number[] = [];
    account.onPage = (from) => {
      pages.push(Number(from ?? 0));
      if (pages.length === 6)
        throw new KeyturnError('aws-failed', 'AWS did not do secretsmanager:ListSecrets.');
    };
    await assert.rejects(account.run());
    account.now += 15 * MINUTE;
    const report = await account.run();
    assert.deepEqual(pages.slice(4, 8), [400, 500, 500, 600]);
    assert.deepEqual(
      { registered: report?.registered, ended: report?.ended },
      { registered: 1_000, ended: true },
    );
  });

  it('begins anew when the list cannot be gone on with', async () => {
    const account = new Account(1_000);
    account.pageTakes = 60 * SECOND;
    await account.run();
    account.now += 15 * MINUTE;
    account.onPage = (from) => {
      if (from !== undefined && account.listed.length === 5)
        throw new KeyturnError(
          'aws-failed',
          'AWS did not do secretsmanager:ListSecrets: InvalidNextTokenException.',
        );
    };
    await assert.rejects(account.run());
    account.onPage = () => undefined;
    const { report } = await account.pass();
    assert.equal(report.registered, 1_000, 'nothing is counted twice');
  });

  it('is not gone through by two runs at once', async () => {
    const account = new Account(300);
    let second: ReconcileReport | undefined | 'not asked' = 'not asked';
    account.onPage = (from) => {
      if (from === '200') void account.run().then((report) => (second = report));
    };
    assert.equal((await account.run())?.ended, true);
    assert.equal(second, undefined);
    assert.equal(account.sent.length, 300);
  });

  it('begins once an interval, however often it is called', async () => {
    const account = new Account(10);
    await account.pass();
    await account.inspectAll();
    // The rebuild is complete with the second pass; the one after it begins at once.
    for (const at of [HOUR, 2 * HOUR]) {
      account.now = T0 + at;
      await account.pass();
    }
    const begun = account.now - 15 * MINUTE;
    const reports: number[] = [];
    for (const minutes of [15, 30, 45, 60, 75]) {
      account.now = begun + minutes * MINUTE;
      if (await account.run()) reports.push(minutes);
    }
    assert.deepEqual(reports, [60]);
  });
});

describe('inspections that a pass asks for', () => {
  it(
    'are spread, so that no issuer gets more a minute than it bears, and the others are asked for as ' +
      'soon as there is room',
    async () => {
      const account = new Account(3_000);
      account.perMinute = 60;
      const { report } = await account.pass();
      assert.deepEqual(
        { sent: report.sent, waiting: report.waiting, complete: report.complete },
        { sent: 840, waiting: 2_160, complete: false },
      );
      const minutes = Map.groupBy(account.sent, ({ at }) => Math.floor((at - T0) / MINUTE));
      for (const [minute, some] of minutes)
        assert.ok(some.length <= 70, `${some.length} in minute ${minute}`);
      assert.ok(Math.max(...minutes.keys()) <= 15);
      for (let passes = 1; passes < 5; passes++) {
        await account.inspectAll();
        const next = await account.pass();
        if (next.report.complete) return assert.equal(passes, 4);
      }
      assert.fail('it is not complete');
    },
  );

  it('of a provider that is full keep none of another one waiting', async () => {
    const account = new Account(3_000);
    account.perMinute = 60;
    account.providerOf = (arn) => (tokenIdOf(arn).startsWith('app/029') ? 'okta' : 'gitlab');
    const { report } = await account.pass();
    assert.equal(report.sent, 840 + 100);
    assert.equal(account.sent.filter(({ command }) => command.tokenId.startsWith('app/029')).length, 100);
  });

  it(
    'that never come about hold up a rebuild for a day from when each was asked for, not from when it ' +
      'began',
    async () => {
      const account = new Account(1_500);
      account.perMinute = 60;
      await account.pass();
      const [first] = account.sent.splice(0, 1);
      await account.inspectAll();
      assert.ok(first);
      account.now = T0 + 2 * DAY;
      const late = await account.pass();
      assert.deepEqual(
        { waiting: late.report.waiting, complete: late.report.complete },
        { waiting: 0, complete: false },
        'the last ones were asked for just now',
      );
      account.sent.length = 0;
      account.now += 23 * HOUR;
      assert.equal((await account.pass()).report.complete, false);
      account.now += HOUR;
      assert.equal((await account.pass()).report.complete, true);
    },
  );
});
