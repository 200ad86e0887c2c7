import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import { T0 } from '../../fakes/tokens.ts';

const CONSUMER: Consumer = {
  name: 'ci',
  kind: 'github',
  target: 'acme/billing:TOKEN',
  delivery: { credentialId: 'v2', promotedAt: T0, state: 'proven', tries: 0, provenAt: T0 },
  acknowledged: { credentialId: 'v2', at: T0, by: 'ann' },
  uses: [{ version: '41', credentialId: 'v1', notedAt: T0, by: 'ci' }],
};

test(
  'what is known of a consumer comes back from storage as it went in, with what a later version wrote ' +
    'beside it',
  () => {
    assert.deepEqual(Consumer.parse(JSON.parse(JSON.stringify(CONSUMER))), CONSUMER);
    const later = { ...CONSUMER, tier: 1, delivery: { ...CONSUMER.delivery, route: 'b' } };
    assert.deepEqual(Consumer.parse(later), later);
    const { delivery: _none, ...plain } = CONSUMER;
    const pigeon = Consumer.parse({ ...plain, kind: 'pigeon' });
    assert.deepEqual(
      pigeon,
      { ...plain, kind: 'ack', unreadable: true, later: { kind: 'pigeon' } },
      'one of an unknown kind holds old credentials',
    );
    assert.equal(
      Consumer.parse({ ...CONSUMER, delivery: { ...CONSUMER.delivery, state: 'queued' } }).delivery?.state,
      'pending',
    );
  },
);
