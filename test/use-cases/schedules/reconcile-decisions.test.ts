import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { labelsDigest } from '../../../functions/core/inventory/label-digest.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { INDEX_VERSION } from '../../../functions/use-cases/inventory/credential-index.ts';
import { noticeSecret } from '../../../functions/use-cases/schedules/notice-secret.ts';
import { CURRENT, Few, arnOf } from './few-secrets.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

/** What one pass does with one secret. */
async function outcomeOf(
  make: (few: Few) => Promise<string> | string,
  isComplete = true,
): Promise<'known' | 'sent' | 'wrong' | 'failed' | 'waiting'> {
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
    [
      'was ended by a person, and rotates again',
      { detachedAt: T0, ending: { kind: 'retire', askedAt: T0, by: 'ana', endedAt: T0 } },
    ],
    ['cannot be managed as it is', { unusable: 'It is not.' }],
    ['is under another index', { indexed: INDEX_VERSION - 1 }],
    ['has another current version', { credentials: [{ ...CURRENT, id: 'v0', versionId: 'v0' }] }],
  ] as const satisfies readonly (readonly [string, Partial<Token>])[])
    it(`is inspected where its record says that it ${what}`, async () => {
      assert.equal(
        await outcomeOf(async (few) => {
          const arn = await few.known('a');
          await few.inventory.save(
            {
              ...aToken({
                id: tokenIdOf(arn),
                secretArn: arn,
                name: 'a',
                credentials: [CURRENT],
                inspectedAt: T0,
                readAt: T0,
                indexed: INDEX_VERSION,
                ...record,
              }),
            },
            1,
          );
          return arn;
        }),
        'sent',
      );
    });

  it('is left alone where it differs from its record just as it did when it was inspected last', async () => {
    const other = new Map([['v9', ['AWSCURRENT']]]);
    assert.equal(
      await outcomeOf((few) => few.known('a', { labels: labelsDigest(other) }, { versions: other })),
      'known',
    );
    assert.equal(
      await outcomeOf((few) => few.known('a', { labels: labelsDigest(new Map()) }, { versions: other })),
      'sent',
    );
  });

  it('is left alone where a person ended it, and no person switched its rotation on again', async () => {
    const ended = {
      detachedAt: T0,
      ending: { kind: 'retire', askedAt: T0, by: 'ana', endedAt: T0 },
    } as const;
    assert.equal(await outcomeOf((few) => few.known('a', ended, { rotationEnabled: false })), 'known');
    const few = await Few.create();
    await few.known('a', { ...ended, readAt: T0 - HOUR, inspectedAt: T0 - HOUR }, { rotationEnabled: false });
    await few.run();
    assert.equal(few.passes.length, 1, 'and holds up no pass');
    assert.equal(
      await outcomeOf((few) =>
        few.known(
          'a',
          { ...ended, ending: { ...ended.ending, endedAt: undefined } },
          { rotationEnabled: false },
        ),
      ),
      'sent',
    );
  });

  it('is inspected where there is no record, and reported where it is registered wrongly', async () => {
    assert.equal(await outcomeOf((few) => few.secret('a')), 'sent');
    const few = await Few.create();
    const arn = few.secret('a', {}, { [TAGS.issuer]: 'nobody' });
    const report = await few.run();
    assert.deepEqual([report?.wrong, few.inspected()], [1, []]);
    assert.match((await few.inventory.load(tokenIdOf(arn)))?.token.unusable ?? '', /nobody/);
  });

  it('is inspected by the provider on record, whatever its tags say by now', async () => {
    assert.equal(
      await outcomeOf(async (few) => {
        const arn = await few.known('a', { unusable: 'It is not.' });
        few.secret('a', {}, { [TAGS.issuer]: 'nobody' });
        return arn;
      }),
      'sent',
    );
  });

  it('is taken for what its tags say where the provider on record is none', async () => {
    assert.equal(
      await outcomeOf(async (few) => {
        const arn = await few.known('a', { provider: 'nobody' });
        return arn;
      }),
      'sent',
    );
  });

  it('is looked at again later where it could not be looked at; one that is gone is no matter', async () => {
    const few = await Few.create();
    few.secrets.set(arnOf('a'), new KeyturnError('aws-failed', 'Not now.'));
    const report = await few.run();
    assert.deepEqual(
      [report?.failed, few.log.lines.filter((line) => line.includes('Not now.')).length],
      [1, 1],
    );
    assert.equal(
      await outcomeOf((few) => {
        few.secrets.set(arnOf('a'), new KeyturnError('not-found', 'Gone.'));
        return arnOf('a');
      }),
      'known',
    );
    const gone = await Few.create();
    gone.secrets.set(arnOf('a'), new KeyturnError('not-found', 'Gone.'));
    await gone.run();
    assert.equal(gone.passes.length, 1, 'and holds up no pass');
    assert.equal(
      await outcomeOf((few) => {
        few.secrets.set(arnOf('a'), new TypeError('a fault'));
        return arnOf('a');
      }),
      'failed',
    );
    assert.equal(await outcomeOf((few) => few.secret('a', { tags: undefined as never })), 'failed');
  });

  it('is asked for with a command that ends within the hour', async () => {
    const few = await Few.create();
    const arn = few.secret('a');
    await few.run();
    assert.deepEqual(few.sent, [
      { kind: 'inspect', tokenId: tokenIdOf(arn), secretArn: arn, notAfter: T0 + 50 * MINUTE },
    ]);
  });

  it('counts as one that could not be looked at where its command was lost', async () => {
    const few = await Few.create();
    few.secret('a');
    few.sending = new KeyturnError('aws-failed', 'No queue.');
    const report = await few.run();
    assert.deepEqual({ sent: report?.sent, failed: report?.failed }, { sent: 0, failed: 1 });
    const pages = await Few.create();
    for (const name of ['a', 'b', 'c']) pages.secret(name);
    pages.pageSize = 1;
    pages.sending = few.sending;
    const all = await pages.run();
    assert.deepEqual({ sent: all?.sent, failed: all?.failed }, { sent: 0, failed: 3 });
  });

  it('waits where its issuer bears no more now', async () => {
    const few = await Few.create();
    few.perMinute = 0.01;
    for (const name of ['a', 'b', 'c']) few.secret(name);
    const report = await few.run();
    assert.deepEqual({ sent: report?.sent, waiting: report?.waiting }, { sent: 1, waiting: 2 });
  });

  it('is no matter where lists still show it, and it is registered elsewhere by now', async () => {
    const few = await Few.create();
    const arn = few.secret('a', {}, { [TAGS.installation]: 'other' });
    assert.equal((await few.run())?.wrong, 1);
    assert.equal(await few.inventory.load(tokenIdOf(arn)), undefined);
    assert.equal(few.passes.length, 1, 'it holds up no pass');
  });

  it('is inspected in a rebuild unless it was since that began', async () => {
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: T0 - 1 }), false), 'sent');
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: T0 }), false), 'known');
    assert.equal(
      await outcomeOf((few) => few.known('a', { inspectedAt: T0, unusable: 'It is not.' }), false),
      'known',
    );
    assert.equal(await outcomeOf((few) => few.known('a', { inspectedAt: undefined }), false), 'sent');
    assert.equal(await outcomeOf((few) => few.secret('a'), false), 'sent');
  });
});

describe('a leak of an admin credential', () => {
  const LEAKED = { name: 'keyturn/admin/gitlab', provider: 'gitlab', since: T0 };

  it('is forgotten once every token that it could have made is replaced, and not before', async () => {
    const few = await Few.create();
    const { installationRecord, revision } = await few.inventory.loadInstallationRecord();
    await few.inventory.saveInstallationRecord(
      { ...installationRecord, leakedAdmins: [LEAKED] as never },
      revision,
    );
    const arn = await few.known('a');
    await few.known('b', { credentials: [{ ...CURRENT, promotedAt: T0 + 1 }] });
    await few.run();
    assert.equal((await few.inventory.loadInstallationRecord()).installationRecord.leakedAdmins?.length, 1);
    assert.equal(
      (await few.inventory.load(tokenIdOf(arn)))?.token.adminLeakedAt,
      T0,
      'the token is replaced for it',
    );
    await few.record(arn, { credentials: [{ ...CURRENT, promotedAt: T0 + 1 }], adminLeakedAt: undefined });
    few.now += HOUR;
    await few.run();
    assert.equal((await few.inventory.loadInstallationRecord()).installationRecord.leakedAdmins?.length, 0);
  });
});

describe('a secret that an event names', () => {
  it('is inspected if registered here, reported if registered wrongly, and else left alone', async () => {
    const few = await Few.create();
    await noticeSecret(few.secret('a'), few.ports());
    assert.deepEqual(few.inspected(), [arnOf('a')]);
    await noticeSecret(few.secret('b', {}, { [TAGS.installation]: 'other' }), few.ports());
    assert.equal(await few.inventory.load(tokenIdOf(arnOf('b'))), undefined);
    await noticeSecret(few.secret('c', {}, { [TAGS.issuer]: 'nobody' }), few.ports());
    assert.match((await few.inventory.load(tokenIdOf(arnOf('c'))))?.token.unusable ?? '', /nobody/);
    assert.deepEqual(few.inspected(), [arnOf('a')]);
  });
});
