import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { World } from '../world/world.ts';
import { CLIENT, SUBJECTS, SHORT, complete, send } from './home.ts';

const STAGING = 'staging/app/token';
const PRODUCTION = 'prod/app/token';
const PILOT = 'pilot/app/token';
const GITLAB = SUBJECTS.find((subject) => subject.id === 'gitlab') ?? assert.fail('no gitlab');
/** Due a day after it was taken in; it may wait for 29 days more. */
const LONG = {
  ...SHORT,
  'keyturn:rotate-every': '1d',
  'keyturn:max-age': '40d',
  'keyturn:rotate-before-expiry': '20d',
};

/** Two tokens of one world: production follows staging. */
async function couple(tags: {
  staging?: Record<string, string>;
  production?: Record<string, string>;
}): Promise<{ world: World; staging: string; production: string }> {
  const world = new World({ ...CLIENT, issuer: GITLAB.issuer({}) });
  await world.createAdminSecret([STAGING, PRODUCTION]);
  const staging = await world.createToken(STAGING, {
    value: await world.issuer.createByHand(STAGING),
    tags: { ...LONG, ...tags.staging },
  });
  const production = await world.createToken(PRODUCTION, {
    value: await world.issuer.createByHand(PRODUCTION),
    tags: { ...LONG, 'keyturn:rotate-after': STAGING, 'keyturn:soak-time': '6h', ...tags.production },
  });
  await complete(world);
  world.startSchedules();
  return { world, staging, production };
}

async function promotedAt(world: World, arn: string): Promise<number | undefined> {
  const record = await world.record(arn);
  const current = record && currentOf(record);
  return current?.origin === 'minted' ? current.promotedAt : undefined;
}

async function openKinds(world: World, arn: string): Promise<string[]> {
  return ((await world.record(arn))?.findings ?? [])
    .filter((one) => one.state === 'open')
    .map((one) => one.kind);
}

describe('a production token that follows its staging token', () => {
  it('rotates after that one rotated and soaked, not before', async () => {
    const { world, staging, production } = await couple({});
    await world.clock.advanceBy(DAY + 3 * HOUR);
    const first = (await promotedAt(world, staging)) ?? assert.fail('staging did not rotate');
    assert.equal(await promotedAt(world, production), undefined);
    await world.clock.advanceTo(first + 8 * HOUR);
    const second = (await promotedAt(world, production)) ?? assert.fail('production did not follow');
    assert.ok(second >= first + 6 * HOUR && second <= first + 6 * HOUR + 90 * MINUTE);
    assert.deepEqual(await openKinds(world, production), []);
  });

  describe('that fails', () => {
    let world: World;
    let staging: string;
    let production: string;

    before(async () => {
      ({ world, staging, production } = await couple({}));
      // No grant any more for staging: it cannot be rotated.
      await world.grantOnly([PRODUCTION]);
      await world.clock.advanceBy(2 * DAY);
    });

    it('is held and says why', async () => {
      assert.equal(await promotedAt(world, production), undefined);
      const record = (await world.record(production)) ?? assert.fail('no record');
      const held =
        record.findings.find((one) => one.kind === 'rotation-deferred') ??
        assert.fail('nothing says that it is held');
      assert.match(held.detail, /waits for staging\/app\/token.*No grant for the secret staging\/app\/token/);
    });

    it('goes on when that one is mended, and the finding is over', async () => {
      await world.grantOnly([STAGING, PRODUCTION]);
      await world.command({
        kind: 'rotate',
        tokenId: (await world.record(staging))?.id ?? '',
        notAfter: world.clock.now() + HOUR,
      });
      await world.clock.advanceBy(10 * HOUR);
      assert.ok(
        (await promotedAt(world, staging)) !== undefined &&
          (await promotedAt(world, production)) !== undefined,
      );
      assert.deepEqual(
        (await openKinds(world, production)).filter((kind) => kind === 'rotation-deferred'),
        [],
      );
    });
  });

  it('waits for it no longer when its own end comes near', async () => {
    const { world, production } = await couple({
      production: {
        'keyturn:max-age': '6d',
        'keyturn:rotate-before-expiry': '3d',
        'keyturn:rotate-after': 'staging/nobody/knows',
      },
    });
    await world.clock.advanceBy(4 * DAY);
    assert.equal(await promotedAt(world, production), undefined);
    assert.deepEqual(await openKinds(world, production), ['rotation-deferred']);
    await world.clock.advanceBy(DAY);
    assert.ok((await promotedAt(world, production)) !== undefined, 'it should not end while it waits');
    assert.ok(
      world.facts.some(
        (fact) =>
          fact.type === 'lifecycle' &&
          fact.what === 'rotation-started' &&
          fact.detail.includes('no longer waiting for staging/nobody/knows'),
      ),
    );
  });

  it('does not follow a token that follows it', async () => {
    const { world, staging, production } = await couple({ staging: { 'keyturn:rotate-after': PRODUCTION } });
    await world.clock.advanceBy(2 * DAY);
    const record = (await world.record(production)) ?? assert.fail('no record');
    assert.match(
      record.findings.find((one) => one.kind === 'rotation-deferred')?.detail ?? '',
      /waits for this token in turn/,
    );
    await world.grantOnly([STAGING, PRODUCTION, PILOT]);
    const pilot = await world.createToken(PILOT, {
      value: await world.issuer.createByHand(PILOT),
      tags: { ...LONG, 'keyturn:rotate-after': PRODUCTION },
    });
    await world.tag(staging, { 'keyturn:rotate-after': PILOT });
    for (const arn of [pilot, staging, production, pilot]) await send(world, arn, { kind: 'inspect' });
    for (const arn of [staging, production, pilot])
      assert.match(
        (await world.record(arn))?.upstream?.trouble ?? '',
        /waits for this token in turn/,
        'nor one that follows it by a third',
      );
  });
});

describe('a freeze', () => {
  it('lets no rotation begin, and the rotation comes when it is over', async () => {
    const { world, staging } = await couple({
      staging: { 'keyturn:freezes': '2026-01-05..2026-01-08 Europe/Berlin' },
    });
    await world.clock.advanceTo(Date.parse('2026-01-08T22:55:00Z'));
    assert.equal(await promotedAt(world, staging), undefined);
    await world.clock.advanceTo(Date.parse('2026-01-08T23:30:00Z'));
    const at = (await promotedAt(world, staging)) ?? assert.fail('it did not rotate after the freeze');
    assert.ok(at >= Date.parse('2026-01-08T23:00:00Z'));
  });
});

describe('limits of a policy', () => {
  it('mint nothing under a grant that allows more than the policy', async () => {
    const { world, staging } = await couple({ staging: { 'keyturn:scopes': 'read_nothing' } });
    const before = (await world.issuer.credentials(STAGING)).length;
    await world.clock.advanceBy(2 * DAY);
    assert.equal((await world.issuer.credentials(STAGING)).length, before);
    const record = (await world.record(staging)) ?? assert.fail('no record');
    assert.match(
      record.findings.find((one) => one.kind === 'rotation-failed')?.detail ?? '',
      /which its policy does not allow: narrow the grant, or widen the tag keyturn:scopes\.$/,
    );
  });

  it('ask the issuer for the life that they allow, and the rest of a day where it keeps dates', async () => {
    const { world, staging } = await couple({
      staging: { 'keyturn:max-lifetime': '3d', 'keyturn:rotate-before-expiry': '1d' },
    });
    await world.clock.advanceBy(DAY + 3 * HOUR);
    const record = (await world.record(staging)) ?? assert.fail('no record');
    const current = currentOf(record);
    assert.ok(
      current?.origin === 'minted' && current.expiresAt !== undefined && current.issuedAt !== undefined,
    );
    const life = current.expiresAt - current.issuedAt;
    assert.ok(life > 3 * DAY - MINUTE && life < 4 * DAY, `${life / DAY}`);
  });
});
