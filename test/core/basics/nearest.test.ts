import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { distance, nearest } from '../../../functions/core/basics/nearest.ts';

test('distance is a metric as far as spelling goes, and a swap is one slip', () => {
  const word = fc.stringMatching(/^[abc]{0,6}$/);
  fc.assert(
    fc.property(
      word,
      word,
      (a, b) =>
        distance(a, b) === distance(b, a) &&
        (distance(a, b) === 0) === (a === b) &&
        distance(a, b) <= Math.max(a.length, b.length),
    ),
  );
  assert.equal(distance('statsu', 'status'), 1);
  assert.deepEqual(nearest('prod/b', ['prod/billing', 'prod/web']), ['prod/billing']);
});
