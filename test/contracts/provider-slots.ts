import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isIn } from '../../functions/core/rotation/named-slots.ts';
import type { Beside, ChoosingSession } from '../../functions/core/issuer/provider.ts';
import type { Secret } from '../../functions/core/basics/secret.ts';
import { acceptedWithin, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';
import { SECRET, withSetup, type ProviderContract, type Setup } from './setup.ts';
import { assertCode, rejection } from './world.ts';

interface Chosen {
  readonly value: Secret;
  readonly fields: Beside;
}

function choosing({ session }: Setup): ChoosingSession {
  assert.ok(session.kind === 'choosing', 'it chooses values');
  return session;
}

function slotsOf(setup: Setup): readonly [string, string] {
  const [first, second, ...more] = choosing(setup).slots ?? [];
  assert.ok(first !== undefined && second !== undefined && more.length === 0);
  return [first, second];
}

function chosenFor(setup: Setup, slot: string): Chosen {
  const { value, fields = {} } = choosing(setup).choose(setup.random, slot);
  return { value, fields };
}

async function installedIn(setup: Setup, slot: string): Promise<Chosen & { readonly handle: string }> {
  const chosen = chosenFor(setup, slot);
  return { ...chosen, handle: (await choosing(setup).install(chosen.value, chosen.fields)).handle };
}

/**
 * Slots with names, which are filled in turn: what one holds is never overwritten, and a name that is used
 * again is another credential; part of the provider contract.
 */
export function defineSlotsContract(contract: ProviderContract): void {
  const { descriptor } = contract.provider;
  const names = 'names' in descriptor.slots ? descriptor.slots.names : undefined;

  it('names its slots just where its descriptor does', () =>
    withSetup(contract, async ({ session }) => {
      const slots = session.kind === 'choosing' ? session.slots : undefined;
      assert.equal(slots?.length, names?.length);
      assert.equal(new Set(slots).size, names?.length ?? 0);
    }));

  if (names === undefined || names.length < 2) return;
  const settled = ({ clock }: Setup) =>
    clock.advanceBy(Math.max(acceptedWithin(descriptor), refusedWithin(descriptor)));

  it('creates in the slot that it is told, and says so in the handle and beside the value', () =>
    withSetup(contract, async (setup) => {
      for (const slot of slotsOf(setup)) {
        const { handle, fields } = await installedIn(setup, slot);
        assert.ok(isIn(slot, handle), `${handle} is not in ${slot}`);
        assert.deepEqual(fields, chosenFor(setup, slot).fields);
      }
      const [first, second] = slotsOf(setup);
      assert.notDeepEqual(chosenFor(setup, first).fields, chosenFor(setup, second).fields);
    }));

  it('leaves what a slot holds as it is, whoever made it, and sends nothing that could change it', () =>
    withSetup(contract, async (setup) => {
      const { session, issuer, world } = setup;
      const [first, second] = slotsOf(setup);
      const made = await installedIn(setup, first);
      await issuer.createByHand(SECRET);
      await settled(setup);
      const before = await issuer.credentials(SECRET);
      assert.equal(before.filter((one) => one.live).length, 2);
      for (const slot of [first, second]) {
        world.sent.length = 0;
        assertCode(await rejection(installedIn(setup, slot)), 'credential-limit-reached');
        assert.deepEqual(
          world.sent.filter(({ method }) => method !== 'GET'),
          [],
        );
      }
      assert.equal((await session.probe(made.value, made.fields)).outcome, 'active');
      assert.deepEqual(
        (await issuer.credentials(SECRET)).filter((one) => one.live).map(({ handle }) => handle),
        before.filter((one) => one.live).map(({ handle }) => handle),
      );
    }));

  it('makes one credential of a value, however often it is installed, with one handle', () =>
    withSetup(contract, async (setup) => {
      const session = choosing(setup);
      const [first] = slotsOf(setup);
      const { value, fields, handle } = await installedIn(setup, first);
      assert.deepEqual((await session.install(value, fields)).handle, handle);
      assert.deepEqual(
        (await session.list()).map((one) => one.handle),
        [handle],
      );
      assert.equal((await session.identify(value, fields))?.handle, handle);
    }));

  it('calls what a slot holds later another credential, and leaves it when the old one is revoked', () =>
    withSetup(contract, async (setup) => {
      const { session, world } = setup;
      const [first, second] = slotsOf(setup);
      await installedIn(setup, second);
      const old = await installedIn(setup, first);
      await session.revoke(old.handle);
      const young = await installedIn(setup, first);
      await settled(setup);
      assert.notEqual(young.handle, old.handle);
      world.sent.length = 0;
      await session.revoke(old.handle);
      assert.deepEqual(
        world.sent.filter(({ method }) => method !== 'GET'),
        [],
      );
      assert.equal((await session.probe(young.value, young.fields)).outcome, 'active');
      assert.deepEqual(await session.probe(old.value, old.fields), { outcome: 'inactive' });
      assert.equal(await session.identify(old.value, old.fields), undefined);
      const handles = (await session.list()).map((one) => one.handle);
      assert.ok(handles.includes(young.handle) && !handles.includes(old.handle));
    }));

  it('asks about a value under the name beside it alone, and under none that it does not know', () =>
    withSetup(contract, async (setup) => {
      const { session, world } = setup;
      const [first, second] = slotsOf(setup);
      const { value, fields } = await installedIn(setup, second);
      await settled(setup);
      world.sent.length = 0;
      assert.equal((await session.probe(value, fields)).outcome, 'active');
      assert.equal(world.sent.length, 1);
      assert.deepEqual(await session.probe(value, chosenFor(setup, first).fields), { outcome: 'inactive' });
      world.sent.length = 0;
      const strange = Object.fromEntries(Object.keys(fields).map((name) => [name, 'somebody-else']));
      assert.equal((await session.probe(value, strange)).outcome, 'unknown');
      assert.equal(world.sent.length, 0);
      assert.equal((await session.probe(value)).outcome, 'active', 'nothing beside it says whose it is');
    }));
}
