import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Upstream } from '../../../functions/core/token/upstream.ts';

test('what was seen of the token to rotate first is kept with what a later version adds to it', () => {
  const seen = { name: 'prod/first', seenAt: 1, trouble: 'It is inactive.', shard: 3 };
  assert.deepEqual(Upstream.parse(seen), seen);
  assert.throws(() => Upstream.parse({ name: 'prod/first' }), /seenAt/);
});
