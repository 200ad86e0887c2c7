import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { BELIEVED_AFTER } from '../../functions/core/validity/inactivity-proof.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { sentrySimulator } from '../../lib/sandbox/issuers/sentry.ts';
import { everythingIn } from '../contracts/world.ts';
import type { World } from '../world/world.ts';
import {
  NAME,
  adopted,
  credentialIn,
  isLive,
  oldOf,
  passAfterClaim,
  recordOf,
  rotateOnce,
  send,
  type Home,
} from './home.ts';

/** An issuer that answers no question about a value, and what the world does to it. */
async function home(knobs: IssuerKnobs = {}): Promise<Home> {
  return adopted({
    id: 'sentry',
    issuer: (delays) => (clock) => sentrySimulator({ clock, delays, knobs }),
  });
}

function lists(world: World): number {
  return world.issuer.log().filter(({ operation }) => /^GET .*\/keys\/$/.test(operation)).length;
}

async function openFindings(one: Home): Promise<string[]> {
  return (await recordOf(one)).findings
    .filter(({ state }) => state === 'open')
    .map(({ kind, detail }) => `${kind}: ${detail}`);
}

describe('where an issuer answers no question about a value, its list', () => {
  it('shows that a new one works, and after a week that an old one is gone: the weaker proof', async () => {
    const one = await home();
    const { world, arn } = one;
    const first = await credentialIn(world, await world.read(arn));
    await rotateOnce(one);
    const { id } = oldOf(await recordOf(one));
    const second = await credentialIn(world, await world.read(arn));
    assert.ok(second.live && second.handle !== first.handle);
    world.startSchedules();
    await world.clock.advanceBy(DAY);
    assert.equal(await isLive(world, first.handle), false);
    assert.deepEqual(await openFindings(one), []);
    const before = lists(world);
    await world.clock.advanceBy(BELIEVED_AFTER - 2 * DAY);
    assert.notEqual((await recordOf(one)).credentials.find((old) => old.id === id)?.state, 'ended');
    const asked = lists(world) - before;
    await world.clock.advanceBy(2 * DAY);
    const old = (await recordOf(one)).credentials.find((credential) => credential.id === id);
    assert.deepEqual([old?.state, old?.proof], ['ended', 'absence']);
    assert.deepEqual(await openFindings(one), []);
    // Inspections read it some ten times a day; what is gone adds four.
    assert.ok(asked < 100, `${asked} lists in five days`);
    const said = everythingIn([world.facts, world.logged, world.errors, world.inventory]);
    for (const { value } of [first, second]) assert.ok(!said.includes(value), 'a value was told');
    assert.deepEqual(world.errors, []);
  });

  it('keeps a new one from being promoted until it shows it', async () => {
    const knobs = { listDelay: 0 };
    const one = await home(knobs);
    const { world, arn } = one;
    const first = await world.read(arn);
    knobs.listDelay = 3 * HOUR;
    world.startSchedules();
    await send(world, arn, { kind: 'rotate' });
    await world.clock.advanceBy(HOUR);
    assert.equal(await world.read(arn), first);
    assert.equal((await credentialIn(world, first)).live, true);
  });

  it('ends nothing while it leaves out what AWSCURRENT holds, and says so after a day', async () => {
    const one = await home();
    const { world, arn } = one;
    await rotateOnce(one);
    const { handle = '' } = oldOf(await recordOf(one));
    const current = await credentialIn(world, await world.read(arn));
    await world.issuer.revokeByHand(current.handle);
    world.startSchedules();
    await passAfterClaim(world);
    await world.clock.advanceBy(DAY + 2 * HOUR);
    assert.equal(await isLive(world, handle), true, 'the old one may be the last that works');
    const [finding, ...others] = (await openFindings(one)).filter((text) => text.startsWith('validity'));
    assert.deepEqual(others, []);
    assert.match(finding ?? '', /validity-unknown: .*lists no credential with this value/);
    assert.equal(currentOf(await recordOf(one))?.handle, current.handle);
  });

  it('is believed by nobody while it cannot be read', async () => {
    const knobs: IssuerKnobs = {};
    const one = await home(knobs);
    const { world } = one;
    await rotateOnce(one);
    const { handle = '' } = oldOf(await recordOf(one));
    knobs.gateway = (request) =>
      request.method === 'GET' ? new Response('<html>', { status: 200 }) : undefined;
    world.startSchedules();
    await world.clock.advanceBy(2 * DAY);
    assert.equal(await isLive(world, handle), true);
    knobs.gateway = () => undefined;
    await world.clock.advanceBy(DAY + 10 * MINUTE);
    assert.equal(await isLive(world, handle), false);
    assert.ok((await credentialIn(world, await world.read(one.arn), NAME)).live);
  });
});
