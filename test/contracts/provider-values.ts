import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HOUR } from '../../functions/core/basics/time.ts';
import { wrappingOf } from '../../functions/core/secret-text/value-shape.ts';
import { LONGEST_VALUE } from '../../functions/core/secret-text/storable.ts';
import { issue, marked, withSetup, type ProviderContract } from './setup.ts';
import { acceptedWithin, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';

/**
 * What an issuer makes has to be read again where it is stored, and to be as its descriptor says: what is
 * written is checked before anything is made.
 */
export function defineValuesContract(contract: ProviderContract): void {
  const { descriptor } = contract.provider;

  it('makes values that are read as values, in a field and alone, and are no longer than it says', () =>
    withSetup(contract, async ({ session }) => {
      const value = (await issue(session, marked(1))).value.reveal();
      for (const isField of [true, false])
        assert.equal(wrappingOf(value, { pattern: descriptor.pattern, isField }), undefined);
      assert.ok(Buffer.byteLength(value) <= (descriptor.longestValue ?? LONGEST_VALUE));
    }));

  it('brings along the companions that it declares, and no others', () =>
    withSetup(contract, async ({ session, random }) => {
      const made =
        session.kind === 'minting'
          ? await session.mint({ marker: marked(1), expiresAt: undefined })
          : session.choose(random);
      assert.deepEqual(Object.keys(made.fields ?? {}), descriptor.companions ?? []);
    }));

  it('identifies its values just where it says so', () =>
    withSetup(contract, async ({ session, clock }) => {
      const { value } = await issue(session, marked(1));
      await clock.advanceBy(Math.max(acceptedWithin(descriptor), refusedWithin(descriptor)));
      assert.equal((await session.identify(value)) !== undefined, descriptor.identifies);
    }));

  if (descriptor.check === 'free' || descriptor.lastUsedEvery !== undefined)
    it('tells a check of a value as a use just where it says so', () =>
      withSetup(contract, async ({ session, clock }) => {
        const { handle, value } = await issue(session, marked(1));
        await clock.advanceBy(acceptedWithin(descriptor) + HOUR);
        assert.equal((await session.probe(value)).outcome, 'active');
        await clock.advanceBy(HOUR);
        const entry = (await session.list()).find((one) => one.handle === handle);
        assert.ok(entry);
        assert.equal(entry.lastUsedAt !== undefined, descriptor.check === 'counts-as-use');
      }));
}
