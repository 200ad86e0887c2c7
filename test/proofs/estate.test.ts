import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { secretSurvey } from '../../functions/adapters/secrets-manager/survey.ts';
import { DiscoverySettings } from '../../functions/core/inventory/discovery-settings.ts';
import type { FindingFact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { discover, type DiscoverReport } from '../../functions/use-cases/schedules/discover.ts';
import { LEARNT } from '../detect/habits.ts';
import { inTurn } from '../extent.ts';
import type { Home } from './home.ts';
import type { World } from '../world/world.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  inGrace,
  recordOf,
  send,
  shareResource,
  withPorts,
} from './home.ts';

async function looked(world: World, settings: Partial<DiscoverySettings> = {}): Promise<DiscoverReport> {
  const survey = secretSurvey(
    new SecretsManagerClient({ ...world.aws.clientConfig({ kind: 'root' }), maxAttempts: 1 }),
    'eu-central-1',
  );
  const report = await withPorts(world, (ports) =>
    discover({ ...DiscoverySettings.parse({}), ...settings }, { ...ports, survey }),
  );
  assert.ok(report);
  return report;
}

async function open(home: Pick<Home, 'world' | 'arn'>): Promise<string[]> {
  return (await recordOf(home)).findings.filter((one) => one.state === 'open').map((one) => one.kind);
}

function told(world: World, kind: string): string[] {
  return world.facts
    .filter((fact): fact is FindingFact => fact.type === 'finding' && fact.kind === kind)
    .map((fact) => fact.change);
}

async function secret(world: World, Name: string, SecretString = 'canary-in-a-secret'): Promise<void> {
  await world.client.send(new CreateSecretCommand({ Name, SecretString }));
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`discovery, ${subject.id}`, () => {
    test('a healthy token in grace is nothing to talk about, and looking twice writes nothing', async () => {
      const home = await inGrace(subject, { tags: CALM });
      await send(home.world, home.arn, { kind: 'inspect' });
      const before = await home.world.inventory.load(tokenIdOf(home.arn));
      assert.deepEqual(await looked(home.world), {
        tokens: 1,
        changed: 0,
        failed: 0,
        unmanaged: 0,
        complete: true,
      });
      assert.deepEqual(await open(home), []);
      assert.deepEqual(await home.world.inventory.load(tokenIdOf(home.arn)), before);
    });

    test('a credential made by a person beside it is reported, left alone, and over when gone', async () => {
      const home = await adopted(subject, { tags: CALM });
      await home.world.issuer.createByHand(NAME);
      const [unrecognizedCredential] = (await home.world.issuer.credentials(NAME)).slice(-1);
      home.world.startSchedules();
      await home.world.clock.advanceBy(8 * HOUR);
      await looked(home.world);
      assert.deepEqual(await open(home), ['credential-unrecognized']);
      assert.ok(
        (await recordOf(home)).findings.some((one) =>
          one.detail.includes(unrecognizedCredential?.handle ?? '?'),
        ),
      );
      await home.world.clock.advanceBy(DAY);
      assert.ok(
        (await home.world.issuer.credentials(NAME)).every((one) => one.live),
        'it was touched',
      );
      await home.world.issuer.revokeByHand(unrecognizedCredential?.handle ?? '');
      await home.world.clock.advanceBy(8 * HOUR);
      await looked(home.world);
      assert.deepEqual(await open(home), []);
    });
  });

describe('discovery', () => {
  test('with a trail a token that several services read is reported once, until one is gone', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await adopted(subject, { tags: CALM });
    const { world } = home;
    const id = tokenIdOf(home.arn);
    const [one] = LEARNT.readers;
    assert.ok(one);
    const readers = ['role/web', 'lambda/report'].map((reader) => ({
      ...one,
      id: reader,
      lastAt: world.clock.now(),
    }));
    const revision = await world.inventory.saveBaseline({ ...LEARNT, tokenId: id, readers }, 0);
    assert.equal((await looked(world)).changed, 0, 'no trail is watched');
    for (let times = 0; times < 2; times++)
      assert.equal((await looked(world, { trail: true })).changed, times === 0 ? 1 : 0);
    assert.deepEqual(await open(home), ['token-shared']);
    await world.inventory.saveBaseline({ ...LEARNT, tokenId: id, readers: readers.slice(0, 1) }, revision);
    await looked(world, { trail: true });
    assert.deepEqual([await open(home), told(world, 'token-shared')], [[], ['opened', 'resolved']]);
  });

  const [gitlab] = SUBJECTS;
  assert.ok(gitlab);

  test('one credential in two secrets: each names the other, and both recognize the credential', async () => {
    const home = await adopted(gitlab, { tags: CALM });
    const admin = await shareResource(home.world, NAME, 'prod/copy');
    const arn = await home.world.createToken('prod/copy', {
      value: await home.world.read(home.arn),
      tags: { ...CALM, 'keyturn:admin': admin },
    });
    await complete(home.world);
    await looked(home.world);
    for (const one of [home, { world: home.world, arn }])
      assert.deepEqual(await open(one), ['credential-duplicated']);
    assert.match(
      (await recordOf(home)).findings[0]?.detail ?? '',
      /\(fingerprint [0-9a-f]{12}\) is also in prod\/copy\.$/,
    );
  });

  test(
    'a person takes on what is wrong with the installation as with a token; coming twice or late it ' +
      'is not sent again',
    async () => {
      const home = await adopted(gitlab, { tags: CALM });
      await secret(home.world, 'prod/datadog-api-key');
      await looked(home.world);
      const now = home.world.clock.now();
      const command = {
        kind: 'acknowledge',
        tokenId: 'installation',
        finding: 'secret-unregistered',
        notAfter: now + 1,
      } as const;
      for (const one of [
        command,
        command,
        { ...command, finding: 'review-due', notAfter: now + 1 } as const,
        { ...command, notAfter: now - 1 },
      ])
        await home.world.command(one);
      const [finding] = (await home.world.inventory.loadInstallationRecord()).installationRecord.findings;
      assert.deepEqual([finding?.state, finding?.acknowledged], ['open', { at: now, by: 'keyturn' }]);
      await looked(home.world);
      assert.deepEqual(told(home.world, 'secret-unregistered'), ['opened', 'acknowledged']);
    },
  );

  test('unregistered secrets are one finding with their number and names; no value is read', async () => {
    const home = await adopted(gitlab, { tags: CALM });
    for (const name of [
      'prod/datadog-api-key',
      'ci/github-token',
      'prod/postgres/password',
      'demo/slack-token',
    ])
      await secret(home.world, name);
    const calls: string[] = [];
    const client = new SecretsManagerClient({
      ...home.world.aws.clientConfig({ kind: 'root' }),
      maxAttempts: 1,
    });
    client.middlewareStack.add(
      (next, context) => (args) => next(args).finally(() => void calls.push(String(context['commandName']))),
      { step: 'initialize' },
    );
    const survey = secretSurvey(client, 'eu-central-1');
    const report = await withPorts(home.world, (ports) =>
      discover({ ...DiscoverySettings.parse({}), ignore: ['demo/'] }, { ...ports, survey }),
    );
    assert.equal(report?.unmanaged, 2);
    assert.deepEqual([...new Set(calls)], ['ListSecretsCommand']);
    const { installationRecord } = await home.world.inventory.loadInstallationRecord();
    assert.deepEqual(
      installationRecord.survey?.first.map((one) => one.name),
      ['ci/github-token', 'prod/datadog-api-key'],
    );
    assert.deepEqual(
      installationRecord.findings.map((one) => `${one.kind} ${one.severity} ${one.state}`),
      ['secret-unregistered info open'],
    );
    assert.ok(!home.world.inventory.dump().includes('canary'));
    await home.world.tag('ci/github-token', {
      'keyturn:installation': 'main',
      'keyturn:issuer': 'gitlab',
      'keyturn:owner': 'x',
    });
    await looked(home.world, { ignore: ['demo/', 'prod/datadog'] });
    assert.deepEqual(told(home.world, 'secret-unregistered'), ['opened', 'resolved']);
  });

  test('who owns nothing is reported, and tokens without a review are one finding', async () => {
    const home = await adopted(gitlab, { tags: { ...CALM, 'keyturn:owner': 'unknown' } });
    await looked(home.world, { reviewEvery: 30 * DAY });
    assert.deepEqual(await open(home), ['owner-missing']);
    assert.deepEqual(told(home.world, 'review-due'), [], 'not in its first days');
    home.world.startSchedules();
    await home.world.clock.advanceBy(7 * HOUR);
    const due = { reviewEvery: HOUR };
    await looked(home.world, due);
    assert.deepEqual(told(home.world, 'review-due'), ['opened']);
    await send(home.world, home.arn, {
      kind: 'review',
      decision: 'approved',
      scopes: ['read_api', 'read_repository'],
    });
    await looked(home.world, due);
    assert.deepEqual(told(home.world, 'review-due'), ['opened', 'resolved']);
    await home.world.clock.advanceBy(HOUR + MINUTE);
    await looked(home.world, due);
    assert.deepEqual(told(home.world, 'review-due'), ['opened', 'resolved', 'opened']);
  });

  test('what a person refused is reported until it is approved, and the history says who', async () => {
    const home = await adopted(gitlab, { tags: CALM });
    await send(home.world, home.arn, { kind: 'review', decision: 'refused', reason: 'its service is gone' });
    await send(home.world, home.arn, { kind: 'inspect' });
    assert.deepEqual(await open(home), ['review-rejected']);
    await home.world.clock.advanceBy(MINUTE);
    await send(home.world, home.arn, { kind: 'review', decision: 'approved', scopes: [] });
    assert.deepEqual(await open(home), ['over-privileged'], 'what it may do was not approved');
    const reviews = (await home.world.inventory.history((await recordOf(home)).id, 50)).filter(
      (fact) => fact.type === 'lifecycle' && fact.what === 'reviewed',
    );
    assert.deepEqual(
      reviews.map((fact) => fact.type === 'lifecycle' && fact.by),
      ['keyturn', 'keyturn'],
    );
  });
});
