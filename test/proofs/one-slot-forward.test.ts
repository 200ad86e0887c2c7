import assert from 'node:assert/strict';
import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { NAME, send } from './home.ts';
import { report } from './leaks.ts';
import { creations, fromConsole, home, live, openFindings, stored, tokenOf, type Home } from './one-slot.ts';

const isCreation = (request: Request): boolean => new URL(request.url).pathname.endsWith('/rotate-secret');

/** Auth0 makes the next value, and its answer never comes; so often. */
function loseAnswers(one: Home, times = 1): void {
  let left = times;
  one.gate.before = (request) => {
    if (!isCreation(request) || left === 0) return undefined;
    left--;
    void one.auth0.createByHand(NAME);
    return new Response('', { status: 502 });
  };
}

async function withoutWord({ world, arn }: Home): Promise<void> {
  await world.client.send(
    new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'keyturn:overlap', Value: 'kept' }] }),
  );
}

/** Consumers read what the application has, nothing is left open, and what ended is verified. */
async function assertWhole(one: Home): Promise<void> {
  assert.equal(await stored(one), (await live(one)).value);
  const token = await tokenOf(one);
  assert.deepEqual(token.credentials.map(({ state }) => state).sort(), ['current', 'ended']);
  assert.equal(currentOf(token)?.replacing, undefined);
  assert.deepEqual(await openFindings(one), []);
  for (const labels of (await one.world.labels(one.arn)).values())
    assert.ok(!labels.includes('AWSPENDING') || labels.includes('AWSCURRENT'), 'a pending version is left');
}

/** Some steps of a rotation fail while the switch is on, as when Secrets Manager calls them no more. */
function failingSteps(steps: readonly string[], isOn: () => boolean) {
  return (ports: Ports, { name }: { readonly name: string }): Ports =>
    isOn() && steps.some((step) => name === `rotate ${step}`)
      ? {
          ...ports,
          inventory: new Proxy(ports.inventory, {
            get: () => () => Promise.reject(new KeyturnError('aws-failed', 'The table does not answer.')),
          }),
        }
      : ports;
}

describe('once the creation was sent it only goes forward', () => {
  it('a lost answer is made good by another creation, which ends the lost one', async () => {
    const one = await home();
    one.world.startSchedules();
    loseAnswers(one);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(HOUR);
    assert.equal(creations(one), 2);
    await one.world.clock.advanceBy(3 * HOUR);
    await assertWhole(one);
  });

  it('and so it is although the word was taken back, and after many lost answers', async () => {
    const one = await home();
    one.world.startSchedules();
    loseAnswers(one, 4);
    await send(one.world, one.arn, { kind: 'rotate' });
    await withoutWord(one);
    await one.world.clock.advanceBy(8 * HOUR);
    assert.ok(creations(one) >= 5);
    await one.world.clock.advanceBy(3 * HOUR);
    assert.equal(await stored(one), (await live(one)).value);
    const made = creations(one);
    await one.world.clock.advanceBy(DAY);
    assert.equal(creations(one), made);
  });

  it('a request that never arrived ends nothing, and the word is asked for again', async () => {
    const one = await home();
    one.world.startSchedules();
    one.gate.before = (request) => (isCreation(request) ? new Response('', { status: 502 }) : undefined);
    await send(one.world, one.arn, { kind: 'rotate' });
    await withoutWord(one);
    await one.world.clock.advanceBy(2 * DAY);
    one.gate.before = undefined;
    await one.world.clock.advanceBy(2 * DAY);
    assert.equal(await stored(one), JSON.parse(one.first)['client_secret']);
    assert.equal(await stored(one), (await live(one)).value);
    assert.equal(currentOf(await tokenOf(one))?.replacing, undefined);
  });

  it('a definite no leaves nothing behind', async () => {
    const one = await home();
    one.gate.before = (request) =>
      isCreation(request)
        ? Response.json(
            {
              statusCode: 403,
              error: 'Forbidden',
              message: 'Insufficient scope',
              errorCode: 'insufficient_scope',
            },
            { status: 403 },
          )
        : undefined;
    await fromConsole(one);
    const token = await tokenOf(one);
    assert.equal(currentOf(token)?.replacing, undefined);
    assert.deepEqual(
      token.attempts.flatMap(({ mints }) => mints),
      [],
    );
  });

  for (const steps of [['testSecret'], ['finishSecret'], ['setSecret', 'testSecret', 'finishSecret']])
    it(`Keyturn moves AWSCURRENT itself where Secrets Manager gets no further than ${steps[0]}`, async () => {
      let isOn = true;
      const one = await home({ options: { wrap: failingSteps(steps, () => isOn) } });
      one.world.startSchedules();
      await send(one.world, one.arn, { kind: 'rotate' });
      await one.world.clock.advanceBy(HOUR);
      assert.equal(creations(one), 1);
      assert.equal(await stored(one), (await live(one)).value);
      isOn = false;
      await one.world.clock.advanceBy(4 * HOUR);
      assert.equal(creations(one), 1);
      await assertWhole(one);
    });

  it('a value that could not be stored is made anew once the secret takes a version', async () => {
    let isOn = true;
    const wrap = (ports: Ports): Ports => ({
      ...ports,
      secrets: new Proxy(ports.secrets, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key, target);
          if (typeof member !== 'function' || !['putPending', 'tryStore'].includes(String(key)))
            return member;
          return async (...args: unknown[]): Promise<unknown> => {
            if (isOn) throw new KeyturnError('aws-failed', 'AWS did not do PutSecretValue.');
            return Reflect.apply(member, target, args);
          };
        },
      }),
    });
    const one = await home({ options: { wrap } });
    one.world.startSchedules();
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(2 * HOUR);
    assert.equal(creations(one), 1, 'made again although nothing could be stored');
    assert.ok((await openFindings(one)).includes('rotation-failed'));
    isOn = false;
    await one.world.clock.advanceBy(4 * HOUR);
    assert.equal(creations(one), 2);
    await one.world.clock.advanceBy(4 * HOUR);
    await assertWhole(one);
  });

  it('there is no way back to the value that ended', async () => {
    const one = await home();
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(10 * SECOND);
    const token = await tokenOf(one);
    const old = token.credentials.find(({ state }) => state !== 'current');
    assert.equal(old?.state, 'revoking');
    await send(one.world, one.arn, { kind: 'rollback', credentialId: old.id });
    assert.equal(await stored(one), (await live(one)).value);
  });

  it('a revoke is never sent: what ends the old one is the creation', async () => {
    const one = await home();
    one.world.startSchedules();
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(DAY);
    const operations = new Set(one.auth0.log().map(({ operation }) => operation));
    assert.deepEqual([...operations].sort(), [
      'POST /api/v2/clients/app1OfTheTenant/rotate-secret',
      'POST /oauth/token',
    ]);
    await assertWhole(one);
  });
});

describe('a leak of the current value', () => {
  it('needs no word: the next one is made at once, and the leaked one is verified', async () => {
    const one = await home({ tags: {} });
    one.world.startSchedules();
    const { id: leaked, fingerprint } = currentOf(await tokenOf(one)) ?? assert.fail('none');
    assert.ok(fingerprint);
    await report(one, { fingerprint });
    await one.world.clock.advanceBy(10 * MINUTE);
    assert.equal(creations(one), 1);
    assert.equal(await stored(one), (await live(one)).value);
    await one.world.clock.advanceBy(3 * HOUR);
    const token = await tokenOf(one);
    assert.equal(token.credentials.find(({ id }) => id === leaked)?.proof, 'value');
    assert.ok(token.incidents?.every(({ containedAt }) => containedAt !== undefined));
    assert.ok(!(await openFindings(one)).some((kind) => kind.includes('leak')));
  });

  it('that comes after the creation was sent does not stop it', async () => {
    let isOn = true;
    const one = await home({ options: { wrap: failingSteps(['testSecret'], () => isOn) } });
    one.world.startSchedules();
    const { fingerprint } = currentOf(await tokenOf(one)) ?? assert.fail('none');
    assert.ok(fingerprint);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(MINUTE);
    await report(one, { fingerprint });
    isOn = false;
    await one.world.clock.advanceBy(2 * HOUR);
    assert.equal(creations(one), 1);
    assert.equal(await stored(one), (await live(one)).value);
  });
});
