import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { everythingIn } from '../contracts/world.ts';
import { NAME, send } from './home.ts';
import { creations, home, live, openFindings, stored, tokenOf, type Home } from './one-slot.ts';

/** Nothing that Keyturn keeps or tells may hold a value. */
async function assertNowhere({ world, auth0 }: Home): Promise<void> {
  const told = everythingIn([world.facts, world.logged, world.errors, world.inventory, world.queue]);
  assert.ok(told.includes(NAME), 'the search finds nothing at all');
  for (const { value } of await auth0.credentials(NAME)) assert.ok(!told.includes(value), 'a value was told');
}

describe('an issuer whose creation ends the value before', () => {
  it('is rotated with the word of the policy; the old one is verified by its refusal', async () => {
    const one = await home();
    one.world.startSchedules();
    await one.world.clock.advanceBy(30 * DAY + 4 * HOUR);
    assert.equal(creations(one), 1);
    assert.equal(await stored(one), (await live(one)).value);
    const token = await tokenOf(one);
    assert.deepEqual(
      token.credentials.map(({ state, proof }) => [state, proof]),
      [
        ['ended', 'value'],
        ['current', undefined],
      ],
    );
    assert.deepEqual(await openFindings(one), []);
    await assertNowhere(one);
  });

  it('keeps what stands beside the value, and the client id', async () => {
    const one = await home();
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(5 * MINUTE);
    assert.equal(JSON.parse(await one.world.read(one.arn))['client_id'], JSON.parse(one.first)['client_id']);
  });

  it('is never rotated without the word, and says so before RotateSecret is called', async () => {
    const one = await home({ tags: {} });
    one.world.startSchedules();
    await one.world.clock.advanceBy(31 * DAY);
    assert.equal(creations(one), 0);
    assert.deepEqual((await tokenOf(one)).attempts, []);
    assert.ok((await openFindings(one)).includes('policy-unkeepable'));
    await send(one.world, one.arn, { kind: 'rotate' });
    assert.deepEqual((await tokenOf(one)).attempts, []);
    assert.match(one.world.logged.join('\n'), /keyturn:overlap=none/);
    assert.equal(await stored(one), (await live(one)).value);
  });
});
