import { UntagResourceCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { World } from '../world/world.ts';
import {
  CALM,
  NAME,
  SHORT,
  SUBJECTS,
  adopted,
  credentialIn,
  inGrace,
  isLive,
  put,
  recordOf,
  send,
  worldOf,
  type Home,
} from './home.ts';

const GITLAB = SUBJECTS.find(({ id }) => id === 'gitlab') ?? assert.fail('there is no GitLab');

async function open(home: Pick<Home, 'world' | 'arn'>): Promise<string[]> {
  return (await recordOf(home)).findings
    .filter((one) => one.state === 'open')
    .map((one) => `${one.kind}: ${one.detail}`);
}

async function living(tags: Record<string, string>): Promise<{ world: World; arn: string }> {
  const world = worldOf(GITLAB);
  await world.createAdminSecret([NAME]);
  const arn = await world.createToken(NAME, {
    value: await world.issuer.createByHand(NAME),
    tags: { ...CALM, ...tags },
  });
  world.startSchedules();
  await world.clock.advanceBy(2 * HOUR);
  return { world, arn };
}

/** At how many of the looks, one every ten minutes, the issuer refused what AWSCURRENT names. */
async function refusals({ world, arn }: { world: World; arn: string }, days: number): Promise<number> {
  let refused = 0;
  for (let spent = 0; spent < days * DAY; spent += 10 * MINUTE) {
    await world.clock.advanceBy(10 * MINUTE);
    if (!(await credentialIn(world, await world.read(arn))).live) refused++;
  }
  return refused;
}

describe('a short life at an issuer that ends credentials at the beginning of a date', () => {
  for (const [every, age] of [
    ['12h', '2d'],
    ['6h', '2d'],
    ['20h', '3d'],
  ] as const)
    test(`of ${age}, rotated every ${every}, never leaves consumers without one that works`, async () => {
      const home = await living({ 'keyturn:rotate-every': every, 'keyturn:max-age': age });
      assert.equal(await refusals(home, 6), 0);
      assert.deepEqual(await open(home), []);
      assert.ok((await home.world.issuer.credentials(NAME)).length > 6, 'it was rotated by its own interval');
    });

  for (const [every, age] of [
    ['12h', '1d'],
    ['6h', '1d'],
    ['20h', '1d'],
    ['1d', '2d'],
  ] as const)
    test(
      `of ${age}, rotated every ${every}, is reported with the arithmetic and is not in force; the token ` +
        'is rotated all the same',
      async () => {
        const home = await living({ 'keyturn:rotate-every': every, 'keyturn:max-age': age });
        assert.match(
          (await open(home)).join('\n'),
          new RegExp(
            `^policy-unkeepable: .* maxAge ${age} leaves too little at gitlab, where credentials end at ` +
              '00:00 of a date: of .* have to be left: raise maxAge to ',
          ),
        );
        const { policy } = await recordOf(home);
        assert.equal(policy.maxAge, 90 * DAY);
        assert.equal(await refusals(home, 4), 0);
        assert.notEqual(currentOf(await recordOf(home))?.origin, 'adopted', 'nothing was rotated');
      },
    );
});

test('a policy that cannot be kept leaves the last one in force, and is reported until fixed', async () => {
  const home = await inGrace(GITLAB, {
    tags: { ...CALM, 'keyturn:rotate-every': '20d', 'keyturn:cache-ttl': '7m' },
  });
  const { policy } = await recordOf(home);
  await home.world.tag(home.arn, {
    'keyturn:max-age': '12h',
    'keyturn:rotate-every': '6h',
    'keyturn:cache-ttl': '9m',
  });
  await send(home.world, home.arn, { kind: 'inspect' });
  assert.deepEqual((await recordOf(home)).policy, policy);
  assert.match((await open(home)).join('\n'), /policy-unkeepable: .*maxAge 12h leaves too little/);
  await home.world.tag(home.arn, { 'keyturn:max-age': '60d' });
  await send(home.world, home.arn, { kind: 'inspect' });
  const corrected = await recordOf(home);
  assert.deepEqual([corrected.policy.rotateEvery, corrected.policy.cacheTtl], [6 * HOUR, 9 * MINUTE]);
  assert.deepEqual(await open(home), []);
});

test('a grant that gives too few days is reported with the arithmetic, and used for a rotation', async () => {
  const home = await adopted(GITLAB, { tags: CALM });
  const few = home.world.issuer.adminSecret([NAME]).replaceAll(/"maxDays":\d+/g, '"maxDays":3');
  assert.ok(few.includes('"maxDays":3'));
  await put(home.world, 'keyturn/admin/gitlab', few);
  await send(home.world, home.arn, { kind: 'inspect' });
  assert.match(
    (await open(home)).join('\n'),
    /^policy-unkeepable: The grant gives less than the policy needs: maxAge 60d leaves too little at gitlab under this grant, .* \(at most 3d\): .* allow \d+d there, or /,
  );
  await send(home.world, home.arn, { kind: 'rotate' });
  await home.world.clock.advanceBy(5 * MINUTE);
  const current = currentOf(await recordOf(home));
  assert.equal(current?.origin, 'minted');
  await put(home.world, 'keyturn/admin/gitlab', few.replace('"maxDays":3', '"maxDays":90'));
  await send(home.world, home.arn, { kind: 'inspect' });
  assert.deepEqual(await open(home), []);
});

describe('a consumer that cannot be read', () => {
  for (const tag of ['keyturn:consumer:ci', 'Keyturn:Consumer:ci', 'keyturn:consumers:ci'])
    test(`under ${tag} holds the old credential, and lets it go once it is gone`, async () => {
      const home = await inGrace(GITLAB, {
        tags: {
          ...SHORT,
          'keyturn:rotate-every': '30d',
          'keyturn:max-age': '60d',
          'keyturn:evidence': 'time',
          [tag]: 'jenkins',
        },
      });
      const old =
        (await recordOf(home)).credentials.find(({ state }) => state === 'previous')?.handle ??
        assert.fail('none is old');
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * DAY);
      assert.ok(await isLive(home.world, old), 'nothing showed that it had moved');
      await home.world.tag(home.arn, { 'keyturn:consumer:ci': 'ack:team' });
      if (tag !== 'keyturn:consumer:ci')
        await home.world.client.send(new UntagResourceCommand({ SecretId: home.arn, TagKeys: [tag] }));
      await send(home.world, home.arn, { kind: 'inspect' });
      await home.world.clock.advanceBy(8 * HOUR);
      assert.ok(!(await isLive(home.world, old)), 'it is held though the tag is corrected');
    });
});
