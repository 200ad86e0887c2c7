import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure } from './measure.ts';
import { traffic } from './traffic.ts';

/**
 * Six weeks of four services. Bounds are stated, not fitted: a change that makes detection blinder, louder or
 * dearer than this has to say so.
 */
const SMALL = { seed: 7, services: 4, days: 46 };
const MOST_FALSE_PER_10000 = 10;
/**
 * Events come in any order over minutes, so a few tokens may tell of a bulk read before it is known for one.
 */
const MOST_TOLD_OF_ONE = 5;
const MEASURED = measure(SMALL);

test(
  'in generated traffic every loud attack is found, with few false alarms and at most one write a token ' +
    'and batch',
  () => {
    const measured = MEASURED;
    assert.equal(measured.loudMissed, 0, measured.missed.join(', '));
    assert.ok(measured.attacksPlanted >= 15);
    assert.ok(
      measured.falseAlarmsPer10000 <= MOST_FALSE_PER_10000,
      JSON.stringify(measured.falseAlarmsByKind),
    );
    assert.ok(measured.writesPer1000Events <= 1_000);
    assert.ok(measured.mostToldOfOne <= MOST_TOLD_OF_ONE, `one attack is ${measured.mostToldOfOne} findings`);
    assert.ok(measured.largestBaselineBytes <= 20_000, `${measured.largestBaselineBytes} bytes`);
  },
);

test('what it cannot see it does not claim to: a thief who looks just like the owner is missed', () => {
  assert.ok(MEASURED.missed.some((one) => one.startsWith('stolen role from its own network')));
});

test('the same seed makes the same traffic, another seed another', () => {
  const texts = (seed: number): string[] =>
    traffic({ seed, services: 1, days: 28 }).map((one) => `${one.at} ${one.arn} ${one.attack?.name ?? ''}`);
  assert.deepEqual(texts(3), texts(3));
  assert.notDeepEqual(texts(3), texts(4));
});
