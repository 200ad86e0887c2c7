import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Consumer } from '../../../functions/core/delivery/consumer-state.ts';
import { T0 } from '../../fakes/tokens.ts';

const CONSUMER: Consumer = {
  name: 'ci',
  kind: 'github',
  target: 'acme/billing:TOKEN',
  delivery: { generationId: 'v2', promotedAt: T0, state: 'proven', tries: 0, provenAt: T0 },
  acknowledged: { generationId: 'v2', at: T0, by: 'ann' },
  uses: [{ version: '41', generationId: 'v1', notedAt: T0, by: 'ci' }],
};

test('what is known of a consumer comes back from storage as it went in, and has no room for a value', () => {
  assert.deepEqual(Consumer.parse(JSON.parse(JSON.stringify(CONSUMER))), CONSUMER);
  for (const spoiled of [{ ...CONSUMER, value: 'glpat' }, { ...CONSUMER, delivery: { ...CONSUMER.delivery, value: 'glpat' } }]) assert.throws(() => Consumer.parse(spoiled), /value/);
});
