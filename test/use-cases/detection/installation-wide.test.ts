import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import type { Ports } from '../../../functions/core/ports/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { accept } from '../../../functions/use-cases/worker/dismiss.ts';
import { detect, type DetectReport } from '../../../functions/use-cases/detection/judge-trail-events.ts';
import { SecretNames } from '../../../functions/use-cases/detection/secret-names.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { HOME, rawEvent, sessionOf } from '../../detect/events.ts';
import { LEARNT, NOW, TOKEN } from '../../detect/habits.ts';
import { personOf } from '../../detect/identities.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { recordingLog } from '../../fakes/recorders.ts';

type Fields = Readonly<Record<string, unknown>>;

const MALLORY: Fields = {
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE',
    arn: `arn:aws:iam::${HOME.account}:user/mallory`,
    accountId: HOME.account,
    userName: 'mallory',
  },
  sourceIPAddress: '198.51.100.7',
  userAgent: 'python-requests/2.31',
};

function arnOf(token: number): string {
  return (
    `arn:aws:secretsmanager:${HOME.region}:${HOME.account}:secret:prod/` +
    `t${token}-AbC${String(100 + token)}`
  );
}

function idOf(token: number): string {
  return arnOf(token).split(':').at(-1) ?? '';
}

/** An installation with some tokens, each of which one service has read every hour for twenty days. */
class Installation {
  readonly inventory = new MemoryInventory();
  readonly facts: FindingFact[] = [];
  readonly writes: string[] = [];
  readonly log = recordingLog();
  readonly #names: SecretNames;
  now = NOW;
  broken = false;

  constructor() {
    this.#names = new SecretNames(this.ports);
  }

  async open(tokens: number, learnt = tokens): Promise<this> {
    for (let token = 0; token < tokens; token++) {
      await this.inventory.save(
        {
          ...TOKEN,
          id: idOf(token),
          name: `prod/t${token}`,
          secretArn: arnOf(token),
          attempts: [],
          activeAt: NOW + 30 * DAY,
        },
        0,
      );
      if (token < learnt) await this.inventory.saveBaseline({ ...LEARNT, tokenId: idOf(token) }, 0);
    }
    this.writes.length = 0;
    return this;
  }

  get ports(): Pick<Ports, 'inventory' | 'bus' | 'descriptor' | 'now' | 'log' | 'installation' | 'secrets'> {
    const inventory = new Proxy(this.inventory, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (String(key).startsWith('save')) this.writes.push(String(key));
          if (key === 'saveInstallationRecord' && this.broken)
            throw new KeyturnError('aws-failed', 'AWS did not do dynamodb:PutItem: InternalServerError.');
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
    return {
      inventory,
      log: this.log,
      installation: { account: HOME.account, region: HOME.region, name: 'main' },
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      now: () => this.now,
      bus: { publish: async (some) => void this.facts.push(...some.filter((one) => one.type === 'finding')) },
      secrets: {
        describe: (id: string) => Promise.reject(new KeyturnError('not-found', `There is no secret ${id}.`)),
      } as unknown as Ports['secrets'],
    };
  }

  /** Events of one batch, a fifth of a second apart. */
  detect(...events: readonly Fields[]): Promise<DetectReport> {
    const at = (index: number): string => new Date(this.now + Math.floor(index / 5) * SECOND).toISOString();
    return detect(
      events.map((event, index) => TrailEvent.parse(rawEvent({ eventTime: at(index), ...event }))),
      { names: this.#names, rolePath: HOME.rolePath, keys: [] },
      this.ports,
    );
  }

  told(): string[] {
    return this.facts.map((one) => `${one.tokenId} ${one.change} ${one.kind} ${one.subject} ${one.severity}`);
  }
}

function reads(tokens: number, who: Fields, from = 0): Fields[] {
  return Array.from({ length: tokens }, (_, index) => ({
    requestParameters: { secretId: arnOf(from + index) },
    ...who,
  }));
}

describe('reads of many tokens', () => {
  it('by a stranger are one critical finding at once, however many tokens', async () => {
    const installation = await new Installation().open(20);
    await installation.detect(...reads(20, MALLORY));
    assert.deepEqual(installation.told(), ['installation opened bulk-read user/mallory critical']);
    assert.match(
      installation.facts[0]?.detail ?? '',
      /^user\/mallory read 20 tokens .* within 3s, from 198\.51\.0\.0\/16 in eu-west-1 with python-requests/,
    );
  });

  it('by a known reader from a new network are one critical finding, not one a token', async () => {
    const installation = await new Installation().open(20);
    await installation.detect(...reads(20, { sourceIPAddress: '198.51.100.7', userAgent: 'curl/8' }));
    assert.deepEqual(installation.told(), ['installation opened bulk-read role/app/web critical']);
    assert.match(installation.facts[0]?.detail ?? '', /read 20 tokens from where it never was before/);
  });

  it('by a known person, by another account, by root, by a function are one finding each', async () => {
    for (const [userIdentity, principal] of [
      [personOf('mallory@example.com'), 'sso/Token_Readers/mallory@example.com'],
      [sessionOf('x', 's', '444455556666'), '444455556666:role/x'],
      [{ type: 'Root', accountId: HOME.account }, 'root'],
    ] as const) {
      const installation = await new Installation().open(6);
      await installation.detect(...reads(6, { userIdentity }));
      assert.deepEqual(installation.told(), [`installation opened bulk-read ${principal} critical`]);
    }
  });

  it(
    'tell what else was odd about them too: old versions read by the same stranger are no findings of ' +
      'their own',
    async () => {
      const installation = await new Installation().open(6);
      await installation.detect(
        ...reads(6, MALLORY).map((one, token) => ({
          ...one,
          requestParameters: { secretId: arnOf(token), versionId: 'v1' },
        })),
      );
      assert.deepEqual(installation.told(), ['installation opened bulk-read user/mallory critical']);
    },
  );

  it('of a usual set, from usual places, are none, as at a deployment with many restarts', async () => {
    const installation = await new Installation().open(20);
    await installation.detect(
      ...reads(20, {}),
      ...reads(20, { userIdentity: sessionOf('app/web', 'i-new') }),
    );
    assert.deepEqual(installation.told(), []);
    assert.deepEqual(
      installation.writes,
      Array.from({ length: 20 }, () => 'saveBaseline'),
    );
  });

  it(
    'are found over batches, and grow without a further page; the few before it was known for one stay ' +
      'as they were told',
    async () => {
      const installation = await new Installation().open(20);
      await installation.detect(...reads(3, MALLORY));
      assert.deepEqual(
        installation.told().map((one) => one.split(' ').slice(1).join(' ')),
        Array.from({ length: 3 }, () => 'opened reader-unrecognized user/mallory warning'),
      );
      installation.now += 10 * MINUTE;
      await installation.detect(...reads(9, MALLORY, 3));
      installation.now += 10 * MINUTE;
      await installation.detect(...reads(8, MALLORY, 12));
      assert.deepEqual(installation.told().slice(3), ['installation opened bulk-read user/mallory critical']);
      const { installationRecord: record } = await installation.inventory.loadInstallationRecord();
      assert.match(
        record.findings[0]?.detail ?? '',
        /read 20 tokens that it does not usually read, within 21m/,
      );
    },
  );

  it('write each token once, and the installation once, and nothing when events come again', async () => {
    const installation = await new Installation().open(20);
    const events = reads(20, MALLORY).map((one, index) => ({ ...one, eventID: `m-${index}` }));
    await installation.detect(...events);
    assert.equal(installation.writes.filter((one) => one === 'saveBaseline').length, 20);
    installation.writes.length = 0;
    const dump = installation.inventory.dump();
    await installation.detect(...events);
    assert.deepEqual([installation.writes, installation.inventory.dump()], [[], dump]);
  });

  it('can be accepted token by token, though no token reported them', async () => {
    const installation = await new Installation().open(6);
    await installation.detect(...reads(6, MALLORY));
    for (let token = 0; token < 6; token++)
      await accept(
        { kind: 'accept', tokenId: idOf(token), notAfter: NOW + HOUR, subject: 'user/mallory' },
        'role/anna',
        installation.ports,
      );
    installation.facts.length = 0;
    installation.now += 2 * DAY;
    await installation.detect(...reads(6, MALLORY));
    assert.deepEqual(installation.told(), []);
  });

  it('is over a week after the last', async () => {
    const installation = await new Installation().open(6);
    await installation.detect(...reads(6, MALLORY));
    installation.now += 7 * DAY + MINUTE;
    await installation.detect({ ...MALLORY, requestParameters: { secretId: arnOf(0) } });
    assert.deepEqual(installation.told().slice(1), [
      'installation resolved bulk-read user/mallory critical',
      `${idOf(0)} opened reader-unrecognized user/mallory warning`,
    ]);
  });

  it(
    'while nothing of the installation can be written nothing is told and nothing learnt; other tokens ' +
      'go on',
    async () => {
      const installation = await new Installation().open(7);
      installation.broken = true;
      const report = await installation.detect(...reads(6, MALLORY), {
        requestParameters: { secretId: arnOf(6) },
      });
      assert.deepEqual(
        [...report.failed].toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5],
      );
      assert.deepEqual(
        [installation.told(), installation.writes.filter((one) => one === 'saveBaseline').length],
        [[], 1],
      );
      installation.broken = false;
      await installation.detect(...reads(6, MALLORY));
      assert.deepEqual(installation.told(), ['installation opened bulk-read user/mallory critical']);
    },
  );
});

describe('denied searches', () => {
  it('that name no secret are reported the installation, and once while they go on', async () => {
    const installation = await new Installation().open(1);
    const filter = {
      ...MALLORY,
      eventName: 'BatchGetSecretValue',
      errorCode: 'AccessDenied',
      requestParameters: { filters: [{ key: 'tag-key', values: ['!nobody'] }], maxResults: 20 },
    };
    await installation.detect(filter);
    assert.deepEqual(installation.told(), ['installation opened access-denied user/mallory@filter warning']);
    assert.match(
      installation.facts[0]?.detail ?? '',
      /every secret that fits a filter, all at once \(tag-key !nobody\)/,
    );
    installation.writes.length = 0;
    installation.now += 5 * MINUTE;
    await installation.detect(filter, filter);
    assert.deepEqual([installation.told().length, installation.writes], [1, []]);
  });

  it('come again when they could not be noted', async () => {
    const installation = await new Installation().open(1);
    installation.broken = true;
    const report = await installation.detect(
      {},
      { ...MALLORY, eventName: 'ListSecrets', errorCode: 'AccessDenied', requestParameters: null },
    );
    assert.deepEqual([...report.failed], [1]);
  });
});
