import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  FORGET_AFTER,
  HALF_LIFE,
  aged,
  bounded,
  firstSeen,
  seenAgain,
} from '../../../functions/core/detection/decaying-count.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

test('what was seen counts half after a half-life', () => {
  assert.equal(aged(8, 3 * HALF_LIFE), 1);
  assert.equal(aged(8, -DAY), 8);
});

test('a trait weighs the same in whatever order it was seen', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), (days) => {
      const grow = (order: readonly number[]): number =>
        order
          .slice(1)
          .reduce(
            (decayingCount, day) => seenAgain(decayingCount, T0 + day * DAY),
            firstSeen('a', T0 + (order[0] ?? 0) * DAY, true),
          ).weight;
      assert.ok(Math.abs(grow(days) - grow(days.toReversed())) < 0.05);
    }),
  );
});

test(
  'what was not seen for long is forgotten; beyond the bound strangers go first, then who was longest ' +
    'away',
  () => {
    const decayingCounts = [
      firstSeen('stranger', T0 + 5, false),
      firstSeen('old', T0 + 1, true),
      firstSeen('new', T0 + 2, true),
      firstSeen('gone', T0 - FORGET_AFTER, true),
    ];
    assert.deepEqual(
      bounded(decayingCounts, 9, T0 + 5).map((one) => one.id),
      ['stranger', 'old', 'new'],
    );
    assert.deepEqual(
      bounded(decayingCounts, 2, T0 + 5).map((one) => one.id),
      ['new', 'old'],
    );
    assert.deepEqual(
      bounded(decayingCounts, 1, T0 + 5).map((one) => one.id),
      ['new'],
    );
  },
);
