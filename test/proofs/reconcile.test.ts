import { DeleteSecretCommand, UntagResourceCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { FindingFact, LifecycleFact } from '../../functions/core/findings/events.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import { reconcile, type ReconcileReport } from '../../functions/use-cases/schedules/reconcile.ts';
import { sweep, type SweepReport } from '../../functions/use-cases/schedules/sweep.ts';
import type { World } from '../world/world.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  complete,
  credentialIn,
  drive,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  wanted,
  withPorts,
  worldOf,
  type Home,
  type Subject,
} from './home.ts';

/** A port of which some calls do something else. */
function overriding<P extends object>(port: P, calls: Partial<P>): P {
  return new Proxy(port, { get: (target, key) => Reflect.get(key in calls ? calls : target, key) });
}

/** What does not work, changed by a test while its world runs. */
interface Trouble {
  /** Why DescribeSecret fails, by ARN. */
  readonly describe: Map<string, unknown>;
  /** Why a record cannot be read, by token. */
  readonly load: Map<string, unknown>;
  /** ARNs that ListSecrets still shows. */
  readonly listed: string[];
  isBusDown: boolean;
  isRebuilding: boolean;
}

function troubleFree(): Trouble {
  return { describe: new Map(), load: new Map(), listed: [], isBusDown: false, isRebuilding: false };
}

function troubled(trouble: Trouble): (ports: Ports) => Ports {
  const orFail = <T>(why: unknown, run: () => Promise<T>): Promise<T> =>
    why === undefined ? run() : Promise.reject(why);
  return (ports) => ({
    ...ports,
    bus: {
      publish: (facts) =>
        orFail(trouble.isBusDown ? new Error('the bus is down') : undefined, () => ports.bus.publish(facts)),
    },
    secrets: overriding(ports.secrets, {
      describe: (id) => orFail(trouble.describe.get(id), () => ports.secrets.describe(id)),
      async *list(installation, from) {
        yield { secrets: trouble.listed.map((arn) => ({ arn, versions: new Map() })), next: 'the rest' };
        yield* ports.secrets.list(installation, from);
      },
    }),
    inventory: overriding(ports.inventory, {
      load: (id) => orFail(trouble.load.get(id), () => ports.inventory.load(id)),
      isComplete: async () => !trouble.isRebuilding && ports.inventory.isComplete(),
    }),
  });
}

/** A whole pass: what it counted. */
async function reconciled(world: World): Promise<Omit<ReconcileReport, 'ended' | 'waiting'>> {
  const report = await withPorts(world, (ports) =>
    reconcile({ every: 0, inspectionsPerMinute: () => 600 }, ports),
  );
  await world.clock.advanceBy(MINUTE);
  assert.ok(report?.ended && report.waiting === 0);
  const { ended: _ended, waiting: _waiting, ...counts } = report;
  return counts;
}

async function swept(world: World): Promise<SweepReport> {
  const report = await drive(world, () =>
    withPorts(world, (ports) =>
      sweep({ inAll: 100, perIssuer: () => 20, inspectionsPerMinute: () => 600 }, ports),
    ),
  );
  assert.ok(report, 'another sweep is at work');
  return report;
}

function told(world: World): string[] {
  return world.facts
    .filter((fact): fact is FindingFact => fact.type === 'finding')
    .map((fact) => `${fact.change} ${fact.kind} ${fact.severity}`);
}

function lived(world: World, what: LifecycleFact['what']): LifecycleFact[] {
  return world.facts.filter((fact): fact is LifecycleFact => fact.type === 'lifecycle' && fact.what === what);
}

const OTHERS = ['prod/app/one', 'prod/app/two', 'prod/app/three'] as const;

/** Three good secrets, and room for a bad one listed before them. */
async function crowd(
  subject: Subject,
  trouble: Trouble,
  bad: { tags?: Record<string, string> } = {},
): Promise<{ world: World; badArn: string; good: string[] }> {
  const world = worldOf(subject, { wrap: troubled(trouble) });
  await world.createAdminSecret([NAME, ...OTHERS]);
  const badArn = await world.createToken(NAME, {
    value: await world.issuer.createByHand(NAME),
    tags: { ...CALM, ...bad.tags },
  });
  const good: string[] = [];
  for (const name of OTHERS)
    good.push(await world.createToken(name, { value: await world.issuer.createByHand(name), tags: CALM }));
  return { world, badArn, good };
}

async function areManaged(world: World, arns: readonly string[]): Promise<void> {
  for (const arn of arns) {
    const record = await world.record(arn);
    assert.equal(record && currentOf(record)?.state, 'current', `${arn} is not managed`);
    assert.notEqual(record?.inspectedAt, undefined);
  }
}

const THROWN: readonly [string, unknown][] = [
  ['an error of AWS', new KeyturnError('aws-failed', 'AWS did not do secretsmanager:DescribeSecret.')],
  ['a lasting error', new KeyturnError('bad-request', 'The tags are not such.')],
  ['an error nobody thought of', new TypeError('canary-of-a-message')],
  ['no error at all', 'canary-of-a-text'],
];

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`reconcile, ${subject.id}`, () => {
    for (const [what, why] of THROWN)
      test(`a secret whose description is ${what} holds up no other, and the rebuild for a day`, async () => {
        const trouble = troubleFree();
        const { world, badArn, good } = await crowd(subject, trouble);
        trouble.describe.set(badArn, why);
        const first = await reconciled(world);
        assert.deepEqual(first, { registered: 4, sent: 3, wrong: 0, failed: 1, complete: false });
        await areManaged(world, good);
        assert.doesNotMatch(world.logged.join(), /canary/);
        const since = world.clock.now() - MINUTE;
        await world.clock.advanceTo(since + DAY - MINUTE);
        assert.deepEqual(await reconciled(world), {
          registered: 4,
          sent: 0,
          wrong: 0,
          failed: 1,
          complete: false,
        });
        assert.ok(!(await world.inventory.isComplete()));
        assert.deepEqual(await reconciled(world), {
          registered: 4,
          sent: 0,
          wrong: 0,
          failed: 1,
          complete: true,
        });
        assert.ok(await world.inventory.isComplete());
        trouble.describe.clear();
        assert.equal((await reconciled(world)).sent, 1);
        await areManaged(world, [badArn]);
      });

    test('nothing is revoked while a rebuild waits, and all that is due after it', async () => {
      const trouble = troubleFree();
      const { world, badArn, good } = await crowd(subject, trouble);
      const [arn = ''] = good;
      const home: Home = { world, arn, subject };
      await complete(world);
      await rotateOnce(home);
      const old = oldOf(await recordOf(home)).handle ?? '';
      trouble.describe.set(badArn, new Error('no'));
      world.inventory.lose();
      await reconciled(world);
      const again = oldOf(await recordOf(home));
      await send(world, arn, { kind: 'revoke', credentialId: again.id });
      world.startSchedules();
      await world.clock.advanceBy(23 * HOUR);
      assert.ok(await isLive(world, old, OTHERS[0]), 'it was revoked before the rebuild was complete');
      await world.clock.advanceBy(3 * HOUR);
      assert.ok(!(await isLive(world, old, OTHERS[0])), 'it still lives after the rebuild');
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
      assert.deepEqual(world.queue.deadLetters, []);
    });

    test('a secret that is deleted after it was listed is no failure', async () => {
      const trouble = troubleFree();
      const { world, badArn, good } = await crowd(subject, trouble);
      await world.client.send(
        new DeleteSecretCommand({ SecretId: badArn, ForceDeleteWithoutRecovery: true }),
      );
      trouble.listed.push(badArn);
      assert.deepEqual(await reconciled(world), {
        registered: 4,
        sent: 3,
        wrong: 0,
        failed: 0,
        complete: false,
      });
      await areManaged(world, good);
      assert.equal((await reconciled(world)).complete, true);
      assert.equal(await world.record(badArn), undefined);
    });

    test('a provider that is not deployed is said with its secret, and holds up nothing', async () => {
      const { world, badArn, good } = await crowd(subject, troubleFree(), {
        tags: { [TAGS.issuer]: 'nobody' },
      });
      assert.deepEqual(await reconciled(world), {
        registered: 4,
        sent: 3,
        wrong: 1,
        failed: 0,
        complete: false,
      });
      await areManaged(world, good);
      assert.equal((await reconciled(world)).complete, true);
      assert.match((await world.record(badArn))?.unusable ?? '', /"nobody", which is no issuer/);
      await world.tag(badArn, { [TAGS.issuer]: world.provider });
      await reconciled(world);
      await areManaged(world, [badArn]);
      assert.equal((await world.record(badArn))?.unusable, undefined);
    });

    test('a record that cannot be read holds up no other, and the rebuild for a day', async () => {
      const trouble = troubleFree();
      const { world, badArn, good } = await crowd(subject, trouble);
      trouble.load.set(
        tokenIdOf(badArn),
        new KeyturnError('record-invalid', 'The record is of another schema.'),
      );
      assert.deepEqual(await reconciled(world), {
        registered: 4,
        sent: 3,
        wrong: 0,
        failed: 1,
        complete: false,
      });
      await areManaged(world, good);
      assert.equal((await reconciled(world)).complete, false);
      await world.clock.advanceBy(DAY);
      assert.equal((await reconciled(world)).complete, true);
    });
  });

  describe(`the sweep, ${subject.id}`, () => {
    test('a record that cannot be read is counted, and the others are handled', async () => {
      const trouble = troubleFree();
      const { world, badArn, good } = await crowd(subject, trouble);
      await complete(world);
      await world.clock.advanceBy(31 * DAY);
      trouble.load.set(
        tokenIdOf(badArn),
        new KeyturnError('record-invalid', 'The record is of another schema.'),
      );
      const report = await swept(world);
      assert.deepEqual(
        { looked: report.looked, started: report.started, failed: report.failed },
        { looked: 3, started: 3, failed: 1 },
      );
      await world.clock.advanceBy(2 * MINUTE);
      for (const arn of good)
        assert.ok(
          (await world.record(arn))?.attempts.some((one) => one.state === 'promoted'),
          world.errors.join(),
        );
    });

    test('facts that could not be told are counted, and told by a later sweep', async () => {
      const trouble = troubleFree();
      const { world, badArn, good } = await crowd(subject, trouble);
      await complete(world);
      await world.clock.advanceBy(MINUTE);
      trouble.isBusDown = true;
      const [arn = ''] = good;
      await send(world, arn, { kind: 'rotate' });
      await world.clock.advanceBy(3 * MINUTE);
      assert.deepEqual(lived(world, 'rotated'), []);
      const report = await swept(world);
      assert.deepEqual({ looked: report.looked, failed: report.failed }, { looked: 1, failed: 1 });
      trouble.isBusDown = false;
      await world.clock.advanceBy(15 * MINUTE);
      assert.equal((await swept(world)).failed, 0);
      assert.equal(lived(world, 'rotated').length, 1);
      assert.deepEqual((await world.record(arn))?.outbox, []);
      assert.deepEqual((await world.record(badArn))?.outbox, []);
    });
  });

  describe(`a secret that leaves, ${subject.id}`, () => {
    const leavings: readonly [string, (home: Home) => Promise<unknown>][] = [
      [
        'whose installation tag is removed',
        ({ world, arn }) =>
          world.client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: [TAGS.installation] })),
      ],
      [
        'that is given to another installation',
        ({ world, arn }) => world.tag(arn, { [TAGS.installation]: 'another' }),
      ],
    ];
    for (const [what, leave] of leavings)
      test(`one ${what} is let alone, and comes back with its generations`, async () => {
        const home = await inGrace(subject);
        const { world, arn } = home;
        const before = await recordOf(home);
        const old = oldOf(before).handle ?? '';
        await world.tag(arn, { [TAGS.minGrace]: 'soon' });
        await send(world, arn, { kind: 'inspect' });
        assert.deepEqual(told(world), ['opened tag-invalid warning']);
        await leave(home);
        await send(world, arn, { kind: 'inspect' });
        const left = await recordOf(home);
        assert.notEqual(left.detachedAt, undefined);
        assert.equal(left.dueAt, undefined, 'nothing is planned for it');
        assert.deepEqual(told(world), ['opened tag-invalid warning', 'resolved tag-invalid warning']);
        const [fact] = lived(world, 'detached');
        for (const one of [old, currentOf(before)?.handle ?? ''])
          assert.ok(fact?.detail.includes(one), fact?.detail);
        await send(world, arn, { kind: 'inspect' });
        assert.equal(lived(world, 'detached').length, 1);
        world.startSchedules();
        await world.clock.advanceBy(3 * DAY);
        assert.ok(await isLive(world, old), 'it is not ours to revoke any more');
        assert.deepEqual((await recordOf(home)).credentials, left.credentials);
        await world.tag(arn, { [TAGS.installation]: world.installation, [TAGS.minGrace]: '30m' });
        await world.clock.advanceBy(4 * HOUR);
        const back = await recordOf(home);
        assert.equal(back.detachedAt, undefined);
        assert.equal(currentOf(back)?.id, currentOf(before)?.id);
        assert.equal(
          credentialOf(back, oldOf(before).id)?.state,
          'ended',
          'its end goes on where it was left',
        );
        assert.ok((await credentialIn(world, await world.read(arn))).live);
        assert.deepEqual(
          back.findings.filter((one) => one.state === 'open'),
          [],
        );
      });
  });

  describe(`a credential that should be revoked and is not, ${subject.id}`, () => {
    const REFUSED = ['opened revocation-blocked critical'];

    /** Says it once, six hours after the claim and not before; then what stood in the way is taken away. */
    async function saidOnce(
      home: Home,
      dying: { id: string; handle: string },
      why: RegExp,
      relieve: () => unknown,
    ): Promise<void> {
      const { world } = home;
      world.startSchedules();
      const revocationBegunAt = credentialOf(await recordOf(home), dying.id)?.revocationBegunAt ?? 0;
      await world.clock.advanceTo(revocationBegunAt + 6 * HOUR - MINUTE);
      assert.deepEqual(told(world), []);
      await world.clock.advanceBy(17 * MINUTE);
      assert.deepEqual(told(world), REFUSED);
      await world.clock.advanceBy(5 * HOUR);
      assert.deepEqual(told(world), REFUSED, 'it is told once');
      assert.match((await recordOf(home)).findings.find((one) => one.state === 'open')?.detail ?? '', why);
      await relieve();
      await world.clock.advanceBy(4 * HOUR);
      assert.ok(!(await isLive(world, dying.handle)), 'it still lives');
      assert.deepEqual(told(world), [...REFUSED, 'resolved revocation-blocked critical']);
    }

    test('its issuer is down', async () => {
      const home = await inGrace(subject);
      const { id, handle = '' } = oldOf(await recordOf(home));
      const answer = home.world.issuer.fetch.bind(home.world.issuer);
      home.world.issuer.fetch = async () => new Response('down', { status: 503 });
      await send(home.world, home.arn, { kind: 'revoke', credentialId: id });
      assert.equal(credentialOf(await recordOf(home), id)?.state, 'revoking');
      await saidOnce(
        home,
        { id, handle },
        /should have been revoked at .* answered 503 to GET .*\.$/,
        () => void (home.world.issuer.fetch = answer),
      );
    });

    test('the inventory is being rebuilt', async () => {
      const trouble = troubleFree();
      const home = await inGrace(subject, { options: { wrap: troubled(trouble) } });
      const { id, handle = '' } = oldOf(await recordOf(home));
      trouble.isRebuilding = true;
      await send(home.world, home.arn, { kind: 'revoke', credentialId: id });
      await saidOnce(
        home,
        { id, handle },
        /being rebuilt; nothing is revoked until that is complete\.$/,
        () => void (trouble.isRebuilding = false),
      );
    });

    test('the guard takes the record for stale', async () => {
      const home = await inGrace(subject, { tags: { ...CALM, 'keyturn:min-grace': '2d' } });
      const old = oldOf(await recordOf(home));
      const handle = old.handle ?? '';
      await tamper(
        home,
        wanted(handle, {
          revocationBegunAt: home.world.clock.now(),
          endingSince: home.world.clock.now(),
          lookAt: home.world.clock.now(),
        }),
      );
      await send(home.world, home.arn, { kind: 'retire', credentialId: 'lost:wanted' });
      await saidOnce(
        home,
        { id: 'lost:wanted', handle },
        /is also the version .*, which is in grace\.$/,
        () => send(home.world, home.arn, { kind: 'revoke', credentialId: old.id }),
      );
    });
  });
}
