import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Suspect, Validity } from '../../../functions/core/token/last-check.ts';

test(
  'an outcome that is not known counts as unknown, and comes back ' +
    'to its place in a version that knows it',
  () => {
    assert.deepEqual(Validity.parse({ at: 1, outcome: 'active' }), { at: 1, outcome: 'active' });
    const later = Validity.parse({ at: 1, outcome: 'throttled' });
    assert.deepEqual(later, { at: 1, outcome: 'unknown', later: { outcome: 'throttled' } });
  },
);

test('a credential that looks lost is noted with what a later version wrote beside it', () => {
  assert.deepEqual(Suspect.parse({ handle: 'h', seenAt: 1, shard: 3 }), { handle: 'h', seenAt: 1, shard: 3 });
});
