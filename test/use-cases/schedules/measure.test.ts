import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { measure } from '../../../functions/use-cases/schedules/measure.ts';
import { MemoryInventory } from '../../fakes/memory-inventory.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

it('writes once for each provider, however many tokens there are', async () => {
  const inventory = new MemoryInventory();
  for (const [index, provider] of ['gitlab', 'okta', 'gitlab'].entries())
    await inventory.save(aToken({ id: `t${index}`, provider }), 0);
  const written = new Map<string, number | undefined>();
  assert.deepEqual(
    await measure({
      inventory,
      now: () => T0,
      gauge: (provider, values) => void written.set(provider, values.get('Tokens')),
    }),
    { tokens: 3, fault: undefined },
  );
  assert.deepEqual(
    written,
    new Map([
      ['gitlab', 2],
      ['okta', 1],
    ]),
  );
});

it('measures the others when a record is unreadable, and reports it; another failure ends it', async () => {
  const broken = new KeyturnError('record-invalid', 'The record of t9 cannot be read.');
  const inventory = (failure: Error) => ({
    async *all() {
      yield { token: aToken(), revision: 1 };
      throw failure;
    },
  });
  const written: string[] = [];
  const gauge = (provider: string): void => void written.push(provider);
  assert.deepEqual(await measure({ inventory: inventory(broken), now: () => T0, gauge }), {
    tokens: 1,
    fault: broken,
  });
  assert.deepEqual(written, ['gitlab']);
  await assert.rejects(
    measure({ inventory: inventory(new KeyturnError('aws-failed', 'no')), now: () => T0, gauge }),
    { code: 'aws-failed' },
  );
});
