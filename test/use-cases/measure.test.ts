import assert from 'node:assert/strict';
import { it } from 'node:test';
import { measure } from '../../functions/use-cases/measure.ts';
import { MemoryInventory } from '../fakes/memory-inventory.ts';
import { T0, aToken } from '../fakes/tokens.ts';

it('writes once for each provider, however many tokens there are', async () => {
  const inventory = new MemoryInventory();
  for (const [index, provider] of ['gitlab', 'okta', 'gitlab'].entries()) await inventory.save(aToken({ id: `t${index}`, provider }), 0);
  const written = new Map<string, number | undefined>();
  assert.equal(await measure({ inventory, now: () => T0, gauge: (provider, values) => void written.set(provider, values.get('Tokens')) }), 3);
  assert.deepEqual(written, new Map([['gitlab', 2], ['okta', 1]]));
});
