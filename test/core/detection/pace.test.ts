import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NO_PACE,
  burstAt,
  countOf,
  counted,
  usualMost,
  type Pace,
} from '../../../functions/core/detection/pace.ts';
import { HOUR } from '../../../functions/core/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const RULE = { factor: 4, floor: 25 };

/** One hour after the other, each with its count. */
function lived(counts: readonly number[], from: Pace = NO_PACE, start = 0): Pace {
  return counts
    .flatMap((count, hour) => Array.from({ length: count }, (_, index) => T0 + (start + hour) * HOUR + index))
    .reduce((pace, at) => counted(pace, at, RULE), from);
}

test('the usual most is the 99th percentile of the hours that are over: deployments count, one wild hour does not', () => {
  assert.equal(usualMost(lived([5, 5, 5])), undefined);
  assert.equal(usualMost(lived(Array.from({ length: 200 }, () => 8))), 8);
  assert.equal(usualMost(lived(Array.from({ length: 200 }, (_, hour) => (hour % 20 === 0 ? 64 : 8)))), 64);
  assert.equal(usualMost(lived(Array.from({ length: 200 }, (_, hour) => (hour === 150 ? 2_000 : 8)))), 8);
});

test('a burst begins at so many times the usual, never below the floor', () => {
  assert.equal(burstAt(NO_PACE, RULE), 25);
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
