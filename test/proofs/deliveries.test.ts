import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askedAgain } from '../../functions/core/delivery/deliveries.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Consumer } from '../../functions/core/consumers/consumer-state.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { Courier } from '../../functions/core/delivery/courier.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { httpCouriers } from '../../functions/couriers/registry.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { startDestinations, type Destination } from '../../lib/sandbox/destinations/index.ts';
import { START, type CourierTools } from '../world/world.ts';
import { Depot } from '../fakes/depot.ts';
import { FAULTS, type FaultPlan } from '../world/faults.ts';
import { apart } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  drive,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
} from './home.ts';

const [GITLAB = assert.fail('no subject')] = SUBJECTS;
const CI = { 'keyturn:consumer:ci': 'github:acme/billing:TOKEN' };
const DOWN = new KeyturnError('issuer-unreachable', 'depot.example could not be reached.');

interface Stage {
  readonly home: Home;
  readonly depot: Depot;
}

/** A token that was rotated once while its consumer could be reached, or not. */
async function rotated(
  given: { tags?: Record<string, string>; refusal?: KeyturnError; depot?: Depot } = {},
): Promise<Stage> {
  const depot = given.depot ?? new Depot();
  depot.refusal = given.refusal;
  const home = await inGrace(GITLAB, {
    tags: { ...CALM, ...CI, ...given.tags },
    options: { couriers: () => [depot] },
  });
  return { home, depot };
}

async function sweeps({ world }: Home, length: number): Promise<void> {
  for (let gone = 0; gone < length; gone += 15 * MINUTE) {
    assert.equal(await drive(world, () => world.sweepNow()), undefined);
    if (gone % HOUR === 0) assert.equal(await drive(world, () => world.reconcileNow()), undefined);
    await world.clock.advanceBy(15 * MINUTE);
  }
}

function consumerIn(token: Token): Consumer {
  const [consumer] = token.consumers ?? [];
  assert.ok(consumer);
  return consumer;
}

function valueIn(text: string): string {
  return (JSON.parse(text) as { token: string }).token;
}

async function isServed({ home, depot }: Stage): Promise<void> {
  const token = await recordOf(home);
  assert.equal(depot.latest, valueIn(await home.world.read(home.arn)));
  assert.equal(consumerIn(token).delivery?.credentialId, currentOf(token)?.id);
  assert.equal(consumerIn(token).delivery?.state, 'proven', home.world.errors.join(' | '));
}

const deliverNow = (
  { world, arn }: Home,
  notAfter = world.clock.now() + MINUTE,
): Promise<string | undefined> =>
  drive(world, () => world.deliver({ kind: 'deliver', tokenId: tokenIdOf(arn), notAfter }));

describe('a promotion', () => {
  test('reaches a consumer with the next sweep, and is on record when the old one is revoked', async () => {
    const stage = await rotated({ tags: { 'keyturn:evidence': 'all' } });
    await sweeps(stage.home, 30 * MINUTE);
    await isServed(stage);
    assert.equal(stage.depot.taken.length, 1);
    await sweeps(stage.home, 9 * HOUR);
    const ended = (await recordOf(stage.home)).credentials.find((one) => one.state === 'ended');
    assert.equal(ended?.evidence?.strength, 'strong');
    assert.deepEqual(
      ended?.evidence?.grounds.map((one) => one.by),
      ['issuer', 'ci'],
    );
    assert.ok(
      stage.home.world.facts.some(
        (one) =>
          one.type === 'lifecycle' && one.what === 'delivered' && one.detail.includes('the depot has it'),
      ),
    );
  });

  test(
    'that cannot reach a consumer is reported, keeps the old one active past maximum grace, and says ' +
      'who holds it',
    async () => {
      const stage = await rotated({ refusal: DOWN, tags: { 'keyturn:max-grace': '12h' } });
      const { home, depot } = stage;
      await sweeps(home, 13 * HOUR);
      const token = await recordOf(home);
      const old = oldOf(token);
      assert.ok(await isLive(home.world, old.handle ?? ''));
      const open = token.findings
        .filter((one) => one.state === 'open')
        .map((one) => `${one.severity} ${one.kind}: ${one.detail}`);
      assert.match(
        open.join('\n'),
        /warning delivery-failed: The consumer ci \(github:acme\/billing:TOKEN\) has not received version \S+: depot\.example could not be reached\./,
      );
      assert.match(
        open.join('\n'),
        /critical previous-credential-in-use: .* is past its maximum grace period of 12h\. ci: the new value has not arrived there: depot\.example could not be reached\.$/m,
      );
      depot.refusal = undefined;
      await sweeps(home, 10 * HOUR);
      await isServed(stage);
      assert.equal(await isLive(home.world, old.handle ?? ''), false);
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
    },
  );

  test('may by policy revoke the old credential at maximum grace all the same, and says why', async () => {
    const { home } = await rotated({
      refusal: DOWN,
      tags: { 'keyturn:max-grace': '4h', 'keyturn:on-max-grace': 'revoke' },
    });
    await sweeps(home, 6 * HOUR);
    const ended = (await recordOf(home)).credentials.find((one) => one.state === 'ended');
    assert.equal(ended?.evidence?.strength, 'forced');
    assert.match(ended?.reason ?? '', /does not hold it/);
  });

  test('is reported at once where this installation delivers nothing of the kind', async () => {
    const home = await inGrace(GITLAB, { tags: { ...CALM, ...CI } });
    await sweeps(home, 15 * MINUTE);
    const found = (await recordOf(home)).findings.find((one) => one.kind === 'delivery-failed');
    assert.match(
      found?.detail ?? '',
      /does not deliver to consumers of the kind github: add it to delivery in keyturn\.json/,
    );
  });

  test('of a value that was there before is delivered nowhere', async () => {
    const depot = new Depot();
    const home = await adopted(GITLAB, { tags: { ...CALM, ...CI }, options: { couriers: () => [depot] } });
    await sweeps(home, HOUR);
    assert.deepEqual(depot.taken, []);
  });

  test('by rollback is brought again', async () => {
    const stage = await rotated();
    await sweeps(stage.home, 30 * MINUTE);
    const old = oldOf(await recordOf(stage.home));
    assert.ok(await send(stage.home.world, stage.home.arn, { kind: 'rollback', credentialId: old.id }));
    await sweeps(stage.home, 30 * MINUTE);
    await isServed(stage);
    assert.deepEqual(stage.depot.taken.map((one) => one.versionId).at(-1), old.id);
  });
});

describe('a person who wants it brought again', () => {
  const again = (home: Home, notAfter: number, consumer = 'ci'): Promise<boolean> =>
    drive(home.world, async () =>
      home.world.command({
        kind: 'redeliver',
        tokenId: tokenIdOf(home.arn),
        notAfter,
        consumer,
        credentialId: currentOf(await recordOf(home))?.id ?? '',
      }),
    );

  test('gets it brought, once a request, under an id of its own; what was adopted too', async () => {
    for (const stage of [
      await rotated(),
      await (async () => {
        const depot = new Depot();
        return {
          depot,
          home: await adopted(GITLAB, { tags: { ...CALM, ...CI }, options: { couriers: () => [depot] } }),
        };
      })(),
    ]) {
      const { home, depot } = stage;
      await sweeps(home, HOUR);
      const before = depot.taken.length;
      const request = home.world.clock.now() + 30 * MINUTE;
      for (let times = 0; times < 2; times++) {
        assert.ok(await again(home, request));
        await sweeps(home, 30 * MINUTE);
      }
      assert.equal(depot.taken.length, before + 1);
      assert.equal(new Set(depot.taken.map((one) => one.parcel)).size, depot.taken.length);
      await isServed(stage);
      const told = home.world.facts.filter(
        (fact) =>
          fact.type === 'lifecycle' && fact.what === 'requested' && fact.detail.endsWith('to ci again'),
      );
      assert.equal(told.length, 1);
    }
  });

  test('while it is being brought gets it brought once more after that', async () => {
    const { home, depot } = await rotated();
    depot.midway = async () => {
      depot.midway = undefined;
      await tamper(home, (token) => ({
        ...token,
        consumers: token.consumers?.map((one) =>
          askedAgain(one, token, { request: 1, at: home.world.clock.now() }),
        ),
      }));
    };
    await sweeps(home, HOUR);
    assert.equal(depot.taken.length, 2);
    await isServed({ home, depot });
  });

  test('does not wait for the next try of one that fails', async () => {
    const stage = await rotated({ refusal: new KeyturnError('admin-credential-rejected', 'Refused.') });
    await sweeps(stage.home, 15 * MINUTE);
    assert.equal(consumerIn(await recordOf(stage.home)).delivery?.state, 'failed');
    stage.depot.refusal = undefined;
    assert.ok(await again(stage.home, stage.home.world.clock.now() + 30 * MINUTE));
    await sweeps(stage.home, 15 * MINUTE);
    await isServed(stage);
  });

  test('is told no where nothing is brought, or by a name without a consumer', async () => {
    const home = await adopted(GITLAB, { tags: { ...CALM, 'keyturn:consumer:team': 'ack:team-billing' } });
    for (const name of ['team', 'ghost']) await again(home, home.world.clock.now() + MINUTE, name);
    const told = home.world.facts.flatMap((fact) =>
      fact.type === 'lifecycle' && fact.what === 'refused' ? [fact.detail] : [],
    );
    assert.deepEqual(
      told.map((one) => one.split(':')[0]),
      ['Nothing is brought to team, a consumer of the kind ack.', `${NAME} has no consumer "ghost"`],
    );
  });
});

describe('a command to deliver', () => {
  test('that comes again, late, or for an unknown token changes nothing', async () => {
    const stage = await rotated();
    const { home, depot } = stage;
    assert.equal(await deliverNow(home, home.world.clock.now() - 1), undefined);
    assert.deepEqual(depot.taken, []);
    for (let count = 0; count < 3; count++) assert.equal(await deliverNow(home), undefined);
    assert.equal(depot.taken.length, 1);
    assert.equal(
      await drive(home.world, () =>
        home.world.deliver({ kind: 'deliver', tokenId: 'nobody', notAfter: home.world.clock.now() + MINUTE }),
      ),
      undefined,
    );
    await isServed(stage);
  });

  test('follows the tags as they are: a consumer that was taken away meanwhile gets nothing', async () => {
    const { home, depot } = await rotated();
    await home.world.tag(home.arn, { 'keyturn:consumer:ci': 'github:acme/other:TOKEN' });
    assert.equal(await deliverNow(home), undefined);
    assert.deepEqual(depot.taken, []);
    await send(home.world, home.arn, { kind: 'inspect' });
    assert.equal(await deliverNow(home), undefined);
    assert.deepEqual(
      depot.taken.map((one: { target: string }) => one.target),
      ['acme/other:TOKEN'],
    );
  });

  test('brings no version that is not current, whatever the record says', async () => {
    const stage = await rotated({ refusal: DOWN });
    const { home, depot } = stage;
    await deliverNow(home);
    depot.refusal = undefined;
    await rotateOnce(home);
    await sweeps(home, HOUR);
    await isServed(stage);
    assert.equal(depot.taken.length, 1);
  });

  test('that is still under way when the next value becomes current is not overtaken by it', async () => {
    const stage = await rotated();
    const { home, depot } = stage;
    const rests = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    depot.midway = async () => {
      depot.midway = undefined;
      rests.resolve();
      await goesOn.promise;
    };
    const slow = home.world.deliver({
      kind: 'deliver',
      tokenId: tokenIdOf(home.arn),
      notAfter: home.world.clock.now() + MINUTE,
    });
    await rests.promise;
    await rotateOnce(home);
    assert.equal(await deliverNow(home), undefined);
    assert.deepEqual(depot.taken, [], 'the newer value waits');
    goesOn.resolve();
    assert.equal(await slow, undefined);
    await sweeps(home, HOUR);
    await isServed(stage);
    assert.equal(depot.taken.length, 2);
  });
});

describe('a delivery that breaks off', () => {
  const faults = FAULTS.filter((one) => ['dies-before', 'dies-after', 'lost-answer'].includes(one));

  for (const fault of faults)
    test(`at any call (${fault}) is made good within two sweeps`, async () => {
      for (let call = 0; call < 40; call += apart(1)) {
        const depot = new Depot();
        const plan: FaultPlan[] = [];
        const home = await inGrace(GITLAB, {
          tags: { ...CALM, ...CI },
          options: { couriers: () => [depot], plan },
        });
        const from = home.world.line.calls.length;
        plan.push({ index: from + call, fault });
        await deliverNow(home);
        const reached = home.world.line.calls.length > from + call;
        plan.length = 0;
        const name = home.world.line.calls[from + call]?.name ?? '';
        await sweeps(home, 45 * MINUTE);
        await isServed({ home, depot });
        assert.ok(
          depot.taken.every((one) => one.parcel === depot.taken[0]?.parcel),
          `${name}: one delivery has one id`,
        );
        if (!reached) break;
      }
    });
});

describe('what consumers say', () => {
  const TEAM = { 'keyturn:consumer:team': 'ack:team-billing', 'keyturn:evidence': 'consumers' };
  const APP = { 'keyturn:consumer:app': 'service:app', 'keyturn:evidence': 'consumers' };

  test('is awaited, and lets the old credential be revoked', async () => {
    const home = await inGrace(GITLAB, { tags: { ...CALM, ...TEAM } });
    const old = oldOf(await recordOf(home));
    await sweeps(home, DAY);
    assert.ok(await isLive(home.world, old.handle ?? ''));
    const head = { tokenId: tokenIdOf(home.arn), notAfter: home.world.clock.now() + MINUTE };
    await drive(home.world, () =>
      home.world.command({ ...head, kind: 'moved', consumer: 'team', credentialId: old.id }),
    );
    await sweeps(home, HOUR);
    assert.ok(await isLive(home.world, old.handle ?? ''), 'of the old one it says nothing');
    const current = currentOf(await recordOf(home))?.id ?? '';
    const later = { tokenId: head.tokenId, notAfter: home.world.clock.now() + MINUTE };
    for (let count = 0; count < 2; count++)
      await drive(home.world, () =>
        home.world.command({ ...later, kind: 'moved', consumer: 'team', credentialId: current }),
      );
    await sweeps(home, 3 * HOUR);
    assert.equal(await isLive(home.world, old.handle ?? ''), false);
    assert.deepEqual(
      (await recordOf(home)).credentials
        .find((one) => one.state === 'ended')
        ?.evidence?.grounds.map((one) => one.by),
      ['team'],
    );
  });

  test('of their versions ties a credential to the deployments that use it', async () => {
    const home = await adopted(GITLAB, { tags: { ...CALM, ...APP } });
    const tokenId = tokenIdOf(home.arn);
    const say = async (said: { kind: 'using' | 'released'; version: string }): Promise<void> => {
      const head = {
        tokenId,
        service: 'app',
        version: said.version,
        notAfter: home.world.clock.now() + MINUTE,
      };
      const credentialId = currentOf(await recordOf(home))?.id ?? '';
      assert.ok(
        await drive(home.world, () =>
          home.world.command(
            said.kind === 'using' ? { ...head, kind: 'using', credentialId } : { ...head, kind: 'released' },
          ),
        ),
      );
    };
    await say({ kind: 'using', version: '41' });
    await rotateOnce(home);
    const old = oldOf(await recordOf(home));
    await say({ kind: 'using', version: '42' });
    await sweeps(home, DAY);
    assert.ok(await isLive(home.world, old.handle ?? ''));
    assert.deepEqual(
      (await recordOf(home)).credentials
        .find((one) => one.id === old.id)
        ?.pendingConsumers?.map((one) => one.why),
      ['its version 41 uses it and was not released'],
    );
    await say({ kind: 'released', version: '41' });
    await sweeps(home, 3 * HOUR);
    assert.equal(await isLive(home.world, old.handle ?? ''), false);
  });

  test(
    'is not needed of a role that a trail saw reading the new version; until then the finding says when ' +
      'and from where it read last',
    async () => {
      const home = await inGrace(GITLAB, {
        tags: {
          ...CALM,
          'keyturn:consumer:worker': 'role:billing-worker',
          'keyturn:evidence': 'consumers',
          'keyturn:max-grace': '6h',
        },
      });
      const { world } = home;
      const record = await recordOf(home);
      const old = oldOf(record);
      const read = (versionId: string) =>
        world.readers.set(record.id, [
          {
            principal: 'arn:aws:sts::111122223333:assumed-role/billing-worker/i-0abc',
            versionId,
            readAt: world.clock.now(),
            from: '10.1.0.0/16',
          },
        ]);
      read(old.id);
      await sweeps(home, 8 * HOUR);
      assert.ok(await isLive(world, old.handle ?? ''));
      const found = (await recordOf(home)).findings.find((one) => one.kind === 'previous-credential-in-use');
      assert.match(
        found?.detail ?? '',
        /worker: it has not read the new version \(last read \S+ from 10\.1\.0\.0\/16\)\.$/,
      );
      read(currentOf(record)?.id ?? '');
      await sweeps(home, 4 * HOUR);
      assert.equal(await isLive(world, old.handle ?? ''), false);
      assert.equal(
        (await recordOf(home)).findings.find((one) => one.kind === 'previous-credential-in-use')?.state,
        'resolved',
      );
    },
  );

  test(
    'of no one reader: where the issuer sees the old credential used, the finding names who read ' +
      'it last',
    async () => {
      const home = await inGrace(GITLAB, {
        tags: {
          ...CALM,
          'keyturn:evidence': 'last-used',
          'keyturn:unused-for': '2h',
          'keyturn:max-grace': '6h',
        },
      });
      const { world } = home;
      const record = await recordOf(home);
      const old = oldOf(record);
      const value =
        (await world.issuer.credentials(record.name)).find((one) => one.handle === old.handle)?.value ?? '';
      const use = (): unknown =>
        world.issuer.fetch(
          new Request('https://gitlab.keyturn.test/api/v4/personal_access_tokens/self', {
            headers: { 'private-token': value },
          }),
        );
      world.readers.set(record.id, [
        {
          principal: 'arn:aws:iam::111122223333:role/batch',
          versionId: old.id,
          readAt: world.clock.now(),
          from: '10.1.0.0/16',
        },
      ]);
      for (let hour = 0; hour < 8; hour++) {
        await use();
        await sweeps(home, HOUR);
      }
      const found = (await recordOf(home)).findings.find((one) => one.kind === 'previous-credential-in-use');
      assert.match(
        found?.detail ?? '',
        /issuer: it was last used .*; arn:aws:iam::111122223333:role\/batch: it has not read the new version \(last read \S+ from 10\.1\.0\.0\/16\)\.$/,
      );
    },
  );

  test('of a consumer that is not declared is refused with a sentence', async () => {
    const home = await inGrace(GITLAB, { tags: CALM });
    const current = currentOf(await recordOf(home))?.id ?? '';
    const head = { tokenId: tokenIdOf(home.arn), notAfter: home.world.clock.now() + MINUTE };
    await drive(home.world, () =>
      home.world.command({ ...head, kind: 'moved', consumer: 'ghost', credentialId: current }),
    );
    await drive(home.world, () =>
      home.world.command({ ...head, kind: 'using', service: 'ghost', version: '1', credentialId: current }),
    );
    const refused = home.world.facts
      .filter((one) => one.type === 'lifecycle' && one.what === 'refused')
      .map((one) => one.detail);
    assert.match(
      refused.join('\n'),
      /has no consumer "ghost"[^]*has no consumer of the kind service with the target "ghost": declare it, for example with the tag keyturn:consumer:ghost=service:ghost/,
    );
  });
});

describe('a courier on the wire', () => {
  const TARGETS = {
    'keyturn:consumer:ci': 'github:acme/billing:DEPLOY_TOKEN',
    'keyturn:consumer:k8s': 'kubernetes:prod/billing/gitlab-token/token',
  };

  /** A token with consumers at GitHub and in a cluster, granted in delivery secrets, or not. */
  async function wired(
    granted: string,
  ): Promise<{ home: Home; places: readonly Destination[]; plan: FaultPlan[] }> {
    const plan: FaultPlan[] = [];
    const clock = new VirtualClock(START);
    const places = startDestinations(clock).filter(
      (one) => one.kind === 'github' || one.kind === 'kubernetes',
    );
    const couriers = (tools: CourierTools): readonly Courier[] =>
      httpCouriers({
        ...tools,
        fetch: (request) => tools.fetch(request),
        destinations: async (kind) =>
          new Secret(
            places
              .find((one) => one.kind === kind)
              ?.deliverySecret([
                { secret: granted, target: 'acme/*' },
                { secret: granted, target: 'prod/*' },
              ]) ?? '',
          ),
      });
    const home = await inGrace(GITLAB, {
      tags: { ...CALM, ...TARGETS },
      options: { clock, couriers, places, plan },
    });
    return { home, places, plan };
  }

  for (const [fault, step] of [
    ['dies-after', 1],
    ['lost-answer', 3],
    ['server-error', 3],
  ] as const)
    test(`cut off at any of its calls (${fault}) brings the current value within two sweeps`, async () => {
      for (let call = 0; call < 30; call += apart(step)) {
        const { home, places, plan } = await wired('prod/app/token');
        const from = home.world.line.calls.length;
        plan.push({ index: from + call, fault });
        await deliverNow(home);
        const reached = home.world.line.calls.length > from + call;
        plan.length = 0;
        await sweeps(home, 45 * MINUTE);
        const value = valueIn(await home.world.read(home.arn));
        for (const one of places)
          assert.equal(
            await one.held(),
            value,
            `${one.kind} after ${home.world.line.calls[from + call]?.name}`,
          );
        assert.ok((await recordOf(home)).consumers?.every((one) => one.delivery?.state === 'proven'));
        if (!reached) break;
      }
    });

  test('obtains nothing for a token that no operator granted, whatever its tags say', async () => {
    const { home, places } = await wired('prod/other/*');
    await sweeps(home, HOUR);
    for (const one of places) assert.equal(await one.held(), undefined);
    assert.equal(
      home.world.line.calls.filter((one) => one.during === 'deliver' && one.target === 'issuer').length,
      0,
      'no question was asked',
    );
    const found = (await recordOf(home)).findings
      .filter((one) => one.kind === 'delivery-failed')
      .map((one) => one.detail);
    assert.equal(found.length, 2);
    assert.match(
      found.join(),
      /Nothing grants the secret prod\/app\/token to the github consumer acme\/billing:DEPLOY_TOKEN: add a grant to the secret keyturn\/delivery\/github\./,
    );
  });
});

test('a value is nowhere but in its secret and at the consumer', async () => {
  const stage = await rotated();
  await sweeps(stage.home, HOUR);
  const { world } = stage.home;
  const value = stage.depot.latest ?? assert.fail();
  const said = [world.inventory.dump(), ...world.logged, ...world.errors, JSON.stringify(world.facts)].join(
    '\n',
  );
  assert.ok(!said.includes(value));
});

describe('an admin secret that a tag wants delivered', () => {
  test('is refused by its name, before anything of it is read', async () => {
    const { home, depot } = await rotated();
    const { world } = home;
    await sweeps(home, HOUR);
    const before = depot.taken.length;
    const arn = home.arn.replace(NAME, `keyturn/admin/${world.provider}/team`);
    const record = await recordOf(home);
    const consumers = record.consumers?.map((one) =>
      askedAgain(one, record, { request: 1, at: world.clock.now() }),
    );
    await world.inventory.save(
      { ...record, id: tokenIdOf(arn), secretArn: arn, ...(consumers && { consumers }) },
      0,
    );
    assert.equal(
      await drive(world, () =>
        world.deliver({ kind: 'deliver', tokenId: tokenIdOf(arn), notAfter: world.clock.now() + HOUR }),
      ),
      undefined,
    );
    // There is no such secret: whoever reads it hears that instead.
    assert.equal(depot.taken.length, before);
    const problem = consumerIn(await recordOf({ world, arn })).delivery?.problem;
    assert.deepEqual(
      [problem?.code, problem?.message],
      [
        'delivery-disabled',
        `keyturn/admin/${world.provider}/team is an admin secret, whose value Keyturn never delivers: ` +
          'remove the tag keyturn:consumer:ci from it.',
      ],
    );
  });
});
