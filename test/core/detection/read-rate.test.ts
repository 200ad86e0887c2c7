import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NO_RATE,
  burstAt,
  countOf,
  counted,
  usualMost,
  type Rate,
} from '../../../functions/core/detection/read-rate.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const RULE = { factor: 4, floor: 25 };

/** One hour after the other, each with its count. */
function lived(counts: readonly number[], from: Rate = NO_RATE, start = 0): Rate {
  return counts
    .flatMap((count, hour) => Array.from({ length: count }, (_, index) => T0 + (start + hour) * HOUR + index))
    .reduce((rate, at) => counted(rate, at, RULE), from);
}

test(
  'the usual most is the 99th percentile of the hours that are over: deployments count, one wild hour ' +
    'does not',
  () => {
    assert.equal(usualMost(lived([5, 5, 5])), undefined);
    assert.equal(usualMost(lived(Array.from({ length: 200 }, () => 8))), 8);
    assert.equal(usualMost(lived(Array.from({ length: 200 }, (_, hour) => (hour % 20 === 0 ? 64 : 8)))), 64);
    assert.equal(usualMost(lived(Array.from({ length: 200 }, (_, hour) => (hour === 150 ? 2_000 : 8)))), 8);
  },
);

test('a burst begins at so many times the usual, never below the floor', () => {
  assert.equal(burstAt(NO_RATE, RULE), 25);
  assert.equal(burstAt(lived(Array.from({ length: 100 }, () => 16)), RULE), 64);
  assert.equal(burstAt(lived(Array.from({ length: 100 }, () => 1)), RULE), 25);
});

test('growth that lasts becomes usual within two days', () => {
  const grown = lived(
    Array.from({ length: 48 }, () => 160),
    lived(Array.from({ length: 24 * 30 }, () => 8)),
    24 * 30,
  );
  assert.ok((usualMost(grown) ?? 0) >= 128);
});

test('reads come late by two hours at most; older ones do not count', () => {
  const now = lived([0, 1, 1, 1]);
  assert.equal(countOf(counted(now, T0 + HOUR, RULE), T0 + HOUR), 2);
  assert.deepEqual(counted(now, T0, RULE), now);
});
