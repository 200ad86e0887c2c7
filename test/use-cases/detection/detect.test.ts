import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Fact } from '../../../functions/core/findings/events.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import type { SecretDescription } from '../../../functions/core/ports/secret-store.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { accept } from '../../../functions/use-cases/worker/dismiss.ts';
import { detect, type DetectReport } from '../../../functions/use-cases/detection/judge-trail-events.ts';
import { SecretNames } from '../../../functions/use-cases/detection/secret-names.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { ARN, HOME, rawEvent, sessionOf } from '../../detect/events.ts';
import { LEARNT, NOW, TOKEN as LIVELY } from '../../detect/habits.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';
import { aToken } from '../../fakes/tokens.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OTHER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/other-ZyX987';
const THIRD = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/third-ZyX987';

/** Nothing else is wrong with it. */
const TOKEN = { ...LIVELY, attempts: [], activeAt: NOW + 30 * DAY };

type Fields = Readonly<Record<string, unknown>>;

/** Detection over an inventory in memory with three tokens, the first of them learnt. */
class Bench {
  readonly inventory = new MemoryInventory();
  readonly facts: Fact[] = [];
  readonly log = recordingLog();
  readonly asked: string[] = [];
  readonly writes: string[] = [];
  now = NOW;
  broken: string | undefined;
  #names: SecretNames | undefined;

  async open(): Promise<this> {
    await this.inventory.save(TOKEN, 0);
    for (const arn of [OTHER, THIRD])
      await this.inventory.save(
        aToken({ id: arn.slice(arn.indexOf('prod')), name: 'prod/x', secretArn: arn }),
        0,
      );
    await this.inventory.saveBaseline(LEARNT, 0);
    return this;
  }

  get ports(): Pick<Ports, 'inventory' | 'bus' | 'descriptor' | 'now' | 'log' | 'installation' | 'secrets'> {
    const { inventory, log, facts, writes } = this;
    const counted = new Proxy(inventory, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (String(key).startsWith('save')) writes.push(String(key));
          if (key === 'saveBaseline' && this.broken === (args[0] as { tokenId: string }).tokenId)
            throw new KeyturnError('aws-failed', 'AWS did not do dynamodb:PutItem: Throttled.');
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
    return {
      inventory: counted,
      log,
      installation: { account: HOME.account, region: HOME.region, name: 'main' },
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      now: () => this.now,
      bus: { publish: async (some) => void facts.push(...some) },
      secrets: { describe: (id: string) => this.#describe(id) } as Ports['secrets'],
    };
  }

  async #describe(id: string): Promise<SecretDescription> {
    this.asked.push(id);
    const arn = [ARN, OTHER, THIRD].find(
      (one) => one === id || one.slice(0, -7) === id || one.slice(0, -7).endsWith(`:${id}`),
    );
    if (arn === undefined) throw new KeyturnError('not-found', `There is no secret ${id}.`);
    return { arn, name: 'prod/x', tags: new Map(), rotationEnabled: true, versions: new Map(), replicas: [] };
  }

  detect(...events: readonly Fields[]): Promise<DetectReport> {
    this.#names ??= new SecretNames(this.ports);
    const at = new Date(this.now).toISOString();
    return detect(
      events.map((event) => TrailEvent.parse(rawEvent({ eventTime: at, ...event }))),
      { names: this.#names, rolePath: HOME.rolePath, keys: [KEY] },
      this.ports,
    );
  }

  /** What was opened, by whom it is about. */
  opened(): string[] {
    return this.facts.flatMap((one) =>
      one.type === 'finding' && one.change === 'opened'
        ? [`${one.tokenId} ${one.kind} ${one.subject} ${one.severity}`]
        : [],
    );
  }

  async openFindings(): Promise<string[]> {
    const loaded = await this.inventory.load(TOKEN.id);
    return (loaded?.token.findings ?? [])
      .filter((one) => one.state === 'open')
      .map((one) => `${one.kind} ${one.subject}`.trim());
  }
}

const UNRECOGNIZED_READER = {
  userIdentity: sessionOf('laptop'),
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.15',
};

describe('detect', () => {
  it('knows a token by name, by partial and by whole ARN, and asks about each name once', async () => {
    const bench = await new Bench().open();
    const named = [
      'prod/billing/ci',
      ARN,
      ARN.slice(0, -7),
      'prod/nobody',
      ARN.replace('111122223333', '444455556666'),
    ];
    const report = await bench.detect(
      ...[...named, ...named].map((secretId) => ({ requestParameters: { secretId } })),
    );
    assert.deepEqual([report.accesses, report.tokens, report.failed.size], [6, 1, 0]);
    assert.deepEqual(bench.asked, ['prod/billing/ci', ARN.slice(0, -7), 'prod/nobody']);
  });

  it('asks again soon about a name without a token, and rarely about a known one', async () => {
    const bench = await new Bench().open();
    const names = ['prod/billing/ci', 'prod/nobody'].map((secretId) => ({ requestParameters: { secretId } }));
    for (const wait of [0, 11 * MINUTE, 11 * MINUTE, HOUR]) {
      bench.now += wait;
      bench.asked.push(`after ${wait / MINUTE} minutes`);
      await bench.detect(...names);
    }
    assert.deepEqual(bench.asked, [
      'after 0 minutes',
      'prod/billing/ci',
      'prod/nobody',
      'after 11 minutes',
      'prod/nobody',
      'after 11 minutes',
      'prod/nobody',
      'after 60 minutes',
      'prod/billing/ci',
      'prod/nobody',
    ]);
  });

  it('writes the baseline once a batch and token, and the record only for news', async () => {
    const bench = await new Bench().open();
    await bench.detect(...Array.from({ length: 20 }, () => ({})));
    assert.deepEqual(bench.writes, ['saveBaseline']);
    bench.writes.length = 0;
    await bench.detect(UNRECOGNIZED_READER, UNRECOGNIZED_READER, {});
    assert.deepEqual(
      bench.writes,
      ['saveInstallationRecord', 'save', 'save', 'saveBaseline'],
      'an unrecognized reader is remembered over all tokens, too',
    );
    assert.deepEqual(await bench.openFindings(), ['reader-unrecognized role/laptop']);
    bench.writes.length = 0;
    bench.now += 5 * MINUTE;
    await bench.detect(UNRECOGNIZED_READER);
    assert.deepEqual(bench.writes, ['saveBaseline']);
    assert.equal(bench.facts.filter((one) => one.type === 'finding').length, 1);
  });

  it('changes nothing for events that come again, also when the baseline could not be written', async () => {
    const bench = await new Bench().open();
    bench.broken = TOKEN.id;
    const unrecognizedReader = { ...UNRECOGNIZED_READER, eventID: 'e1' };
    assert.deepEqual(
      [...(await bench.detect(unrecognizedReader, { requestParameters: { secretId: OTHER } })).failed],
      [0],
    );
    assert.deepEqual(await bench.openFindings(), ['reader-unrecognized role/laptop']);
    bench.broken = undefined;
    await bench.detect(unrecognizedReader);
    const dump = bench.inventory.dump();
    bench.writes.length = 0;
    await bench.detect(unrecognizedReader, unrecognizedReader);
    assert.deepEqual([bench.writes, bench.inventory.dump()], [[], dump]);
    assert.equal(bench.facts.length, 1);
  });

  it("leaves Keyturn's own calls out, and everything about a token that is let go", async () => {
    const bench = await new Bench().open();
    const own = {
      userIdentity: sessionOf('keyturn/main/eu-west-1/sealers/Act'),
      eventName: 'PutSecretValue',
    };
    assert.deepEqual([(await bench.detect(own)).accesses, bench.writes], [0, []]);
    await bench.inventory.save({ ...TOKEN, detachedAt: NOW }, 1);
    await bench.detect(UNRECOGNIZED_READER);
    assert.deepEqual(bench.writes, []);
  });

  it('sees who goes from door to door, and tells it once, of the installation', async () => {
    const bench = await new Bench().open();
    await bench.detect(
      ...[ARN, OTHER, THIRD].map((secretId) => ({
        ...UNRECOGNIZED_READER,
        errorCode: 'AccessDenied',
        requestParameters: { secretId },
      })),
    );
    assert.deepEqual(bench.opened(), ['installation access-denied role/laptop warning']);
    assert.match(
      bench.facts.map((one) => (one.type === 'finding' ? one.detail : '')).join(),
      /was denied on 3 tokens, within 1s/,
    );
    assert.deepEqual(await bench.openFindings(), []);
  });

  it('reports a watched key that is disabled, and no other, until it is enabled again', async () => {
    const bench = await new Bench().open();
    const key = (eventName: string, keyId: string): Fields => ({
      eventSource: 'kms.amazonaws.com',
      eventName,
      requestParameters: { keyId },
    });
    await bench.detect(key('DisableKey', 'another'), key('DisableKey', KEY.split('/')[1] ?? ''));
    assert.deepEqual(
      (await bench.inventory.loadInstallationRecord()).installationRecord.noted.map((one) => [
        one.kind,
        one.subject,
        one.severity,
      ]),
      [['kms-key-unusable', KEY, 'critical']],
    );
    bench.now += HOUR;
    await bench.detect(key('EnableKey', KEY));
    assert.deepEqual((await bench.inventory.loadInstallationRecord()).installationRecord.noted, []);
  });

  it('keeps a flood of unrecognized readers from pushing other findings out', async () => {
    const bench = await new Bench().open();
    await bench.detect({ eventName: 'PutResourcePolicy' });
    await bench.detect(
      ...Array.from({ length: 60 }, (_, index) => ({
        ...UNRECOGNIZED_READER,
        userIdentity: sessionOf(`x${index}`),
      })),
    );
    const open = await bench.openFindings();
    assert.equal(open.length, 8 + 3);
    assert.ok(
      open.includes('out-of-band-change policy') &&
        open.includes('reader-unrecognized others') &&
        open.includes('read-volume-unusual'),
    );
  });

  it('resolves by itself a week after the last such read', async () => {
    const bench = await new Bench().open();
    await bench.detect(UNRECOGNIZED_READER);
    bench.now += 7 * DAY + MINUTE;
    await bench.detect({ ...UNRECOGNIZED_READER, userIdentity: sessionOf('other') });
    assert.deepEqual(await bench.openFindings(), ['reader-unrecognized role/other']);
  });
});

describe('accept', () => {
  const command = { kind: 'accept', tokenId: TOKEN.id, notAfter: NOW + HOUR, subject: '*' } as const;

  it('teaches one subject, says who accepted it, and is done once', async () => {
    const bench = await new Bench().open();
    await bench.detect(UNRECOGNIZED_READER, {
      ...UNRECOGNIZED_READER,
      userIdentity: sessionOf('other'),
    });
    await accept({ ...command, subject: 'role/laptop' }, 'role/anna', bench.ports);
    await accept({ ...command, subject: 'role/laptop' }, 'role/anna', bench.ports);
    assert.deepEqual(await bench.openFindings(), ['reader-unrecognized role/other']);
    bench.now += MINUTE;
    await bench.detect(UNRECOGNIZED_READER);
    assert.deepEqual(await bench.openFindings(), ['reader-unrecognized role/other']);
    const told = (await bench.inventory.history(TOKEN.id, 9)).filter((one) => one.type === 'lifecycle');
    assert.deepEqual(
      told.map((one) => [one.what, one.by, one.detail]),
      [['accepted', 'role/anna', 'reader-unrecognized role/laptop']],
    );
    assert.deepEqual(
      (await bench.inventory.readers(TOKEN.id)).filter((one) => one.isKnown).map((one) => one.principal),
      ['role/laptop', 'role/app/web'],
    );
  });

  it('without a subject takes all that may be accepted, and leaves what has to be fixed', async () => {
    const bench = await new Bench().open();
    await bench.detect(
      UNRECOGNIZED_READER,
      { sourceIPAddress: '198.51.100.9' },
      { eventName: 'CancelRotateSecret' },
      { eventName: 'TagResource' },
    );
    assert.equal((await bench.openFindings()).length, 4);
    await accept(command, 'role/anna', bench.ports);
    assert.deepEqual(await bench.openFindings(), ['rotation-disabled']);
    bench.now += MINUTE;
    await bench.detect(UNRECOGNIZED_READER, { sourceIPAddress: '198.51.100.9' });
    assert.deepEqual(await bench.openFindings(), ['rotation-disabled']);
  });
});
