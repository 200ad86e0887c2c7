import assert from 'node:assert/strict';
import {
  PutSecretValueCommand,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, it } from 'node:test';
import type { Inventory } from '../../functions/core/ports/inventory.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { NAME, complete, send } from './home.ts';
import {
  CALM,
  OTHER,
  WORD,
  creations,
  fromConsole,
  home,
  live,
  openFindings,
  stored,
  tokenOf,
  type Home,
} from './one-slot.ts';

/** What is done once the claim stands in the record, before the guard reads another time. */
function atFirst(inventory: Inventory, then: () => Promise<void> | undefined): Inventory {
  return new Proxy(inventory, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key !== 'lastPass' || typeof member !== 'function') return member;
      return async (): Promise<unknown> => {
        const pass: unknown = await Reflect.apply(member, target, []);
        await then();
        return pass;
      };
    },
  });
}

/** Nothing was made, and what consumers have goes on. */
async function assertUntouched(one: Home, why: RegExp): Promise<void> {
  assert.equal(creations(one), 0, 'something was made');
  assert.equal(await stored(one), (await live(one)).value);
  assert.match([...one.world.errors, ...one.world.logged].join('\n'), why);
  assert.equal(currentOf(await tokenOf(one))?.replacing, undefined, 'a claim was left');
}

/** The token goes on once what stood in the way is over. */
async function assertGoesOn(one: Home): Promise<void> {
  one.world.startSchedules();
  await one.world.clock.advanceBy(8 * HOUR);
  await send(one.world, one.arn, { kind: 'rotate' });
  await one.world.clock.advanceBy(2 * HOUR);
  assert.equal(creations(one), 1);
  assert.equal(await stored(one), (await live(one)).value);
}

describe('a creation that ends the current value begins only where it may', () => {
  it('a rotation from the console without the word is refused before any call to the issuer', async () => {
    const one = await home({ tags: {} });
    const calls = one.auth0.log().length;
    await fromConsole(one);
    assert.equal(one.auth0.log().length, calls, 'the issuer was called');
    await assertUntouched(one, /keyturn:overlap=none/);
    await one.world.client.send(
      new TagResourceCommand({ SecretId: one.arn, Tags: [{ Key: 'keyturn:overlap', Value: 'none' }] }),
    );
    await assertGoesOn(one);
  });

  it('the word has to stand in the tags as they are when RotateSecret would be called', async () => {
    const one = await home();
    await one.world.client.send(
      new TagResourceCommand({ SecretId: one.arn, Tags: [{ Key: 'keyturn:overlap', Value: 'kept' }] }),
    );
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(10 * MINUTE);
    const { lastError } = await tokenOf(one);
    assert.equal(lastError?.code, 'overlap-missing');
    assert.match(lastError.message, /keyturn:overlap=none/);
    assert.equal((await one.world.labels(one.arn)).size, 1, 'RotateSecret made a version');
    await assertUntouched(one, /^$/);
  });

  it('from the console it is held to the windows; Keyturn itself is asked by a person', async () => {
    const windows = { ...WORD, 'keyturn:rotation-windows': 'mon 20:00-22:00 UTC' };
    const one = await home({ tags: windows });
    const calls = one.auth0.log().length;
    await fromConsole(one);
    assert.equal(one.auth0.log().length, calls, 'the issuer was called');
    await assertUntouched(one, /outside of its rotation windows/);
    one.world.startSchedules();
    await one.world.clock.advanceBy(12 * HOUR + 10 * MINUTE);
    await fromConsole(one);
    assert.equal(creations(one), 1);
    assert.equal(await stored(one), (await live(one)).value);
  });

  it("never ends a stranger's value: the secret holds another one than the application", async () => {
    const one = await home({
      text: JSON.stringify({ client_id: 'app1OfTheTenant', client_secret: 'mistaken' }),
    });
    const before = await live(one);
    await send(one.world, one.arn, { kind: 'rotate' });
    await fromConsole(one);
    assert.equal(creations(one), 0);
    assert.equal((await live(one)).value, before.value);
    assert.match(one.world.errors.join('\n'), /store the value that its issuer accepts now/);
  });

  it("never ends a stranger's value: the secret is empty", async () => {
    const one = await home({ isEmpty: true });
    const before = await live(one);
    one.world.startSchedules();
    await one.world.clock.advanceBy(DAY);
    assert.deepEqual((await tokenOf(one)).attempts, []);
    assert.deepEqual(await openFindings(one), ['secret-unusable']);
    await fromConsole(one);
    assert.equal(creations(one), 0);
    assert.equal((await live(one)).value, before.value);
    assert.match(one.world.errors.join('\n'), /the secret has no value yet/);
  });

  it("never ends a stranger's value: somebody made another one at the issuer since", async () => {
    const one = await home();
    one.world.startSchedules();
    const byHand = await one.auth0.createByHand(NAME);
    await one.world.clock.advanceBy(3 * DAY);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(40 * DAY);
    assert.equal(creations(one), 0);
    assert.equal((await live(one)).value, JSON.parse(byHand)['client_secret']);
  });

  it('never while it is unknown whether the issuer accepts the current value', async () => {
    const one = await home();
    one.gate.before = (request) =>
      new URL(request.url).pathname === '/oauth/token' ? new Response('<html>', { status: 200 }) : undefined;
    await fromConsole(one);
    one.gate.before = undefined;
    await assertUntouched(one, /could not be asked whether it accepts the current value/);
  });
});

describe('a creation that ends the current value is guarded as its revocation', () => {
  it('another token has it as its current one', async () => {
    const one = await home();
    const other = await one.world.createToken(OTHER, { value: one.first, tags: { ...CALM, ...WORD } });
    await complete(one.world);
    await fromConsole(one);
    await assertUntouched(one, /also held by the token/);
    await one.world.client.send(
      new PutSecretValueCommand({ SecretId: other, SecretString: JSON.stringify({ client_secret: 'else' }) }),
    );
    await complete(one.world);
    await assertUntouched(one, /also held by the token/);
  });

  it('another token takes it up between the claim and the creation', async () => {
    let take: (() => Promise<void>) | undefined;
    const wrap = (ports: Ports, { name }: { readonly name: string }): Ports =>
      name === 'rotate createSecret'
        ? { ...ports, inventory: atFirst(ports.inventory, () => take?.()) }
        : ports;
    const one = await home({ options: { wrap } });
    take = async () => {
      take = undefined;
      const other = await one.world.createToken(OTHER, { value: one.first, tags: { ...CALM, ...WORD } });
      assert.equal(await one.world.reconcileNow(), undefined);
      await one.world.clock.sleep(30 * SECOND);
      assert.ok(await one.world.record(other), 'it is not on record yet');
    };
    await fromConsole(one, 2 * MINUTE);
    assert.equal(take, undefined, 'nobody took it up');
    await assertUntouched(one, /also held by the token|Something changed/);
  });

  it('a version that a person labelled holds it', async () => {
    const one = await home();
    const { VersionId } = await one.world.client.send(
      new PutSecretValueCommand({ SecretId: one.arn, SecretString: one.first, VersionStages: ['mine'] }),
    );
    assert.ok(VersionId);
    await complete(one.world);
    await fromConsole(one);
    await assertUntouched(one, /which a person labelled mine/);
    await one.world.client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: one.arn,
        VersionStage: 'mine',
        RemoveFromVersionId: VersionId,
      }),
    );
    await assertGoesOn(one);
  });

  it('no pass of reconcile saw every secret lately', async () => {
    const one = await home();
    await one.world.clock.advanceBy(7 * HOUR);
    await fromConsole(one);
    await assertUntouched(one, /before a pass of reconcile has seen every secret/);
    await assertGoesOn(one);
  });
});
