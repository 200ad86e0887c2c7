import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept } from '../../functions/handlers/cached-read.ts';

function counting(outcomes: readonly ('good' | 'bad')[]): {
  read: () => Promise<number>;
  reads: () => number;
} {
  let count = 0;
  return {
    reads: () => count,
    read: async () => (outcomes[count++] === 'bad' ? Promise.reject(new Error('bad')) : count),
  };
}

test('what was read is kept for its time, whoever asks at once too', async () => {
  let now = 0;
  const { read, reads } = counting([]);
  const get = kept(read, { length: 60, pause: 10, now: () => now });
  await Promise.all(Array.from({ length: 20 }, get));
  now = 59;
  assert.deepEqual([await get(), reads()], [1, 1]);
  now = 60;
  assert.deepEqual([await get(), reads()], [2, 2]);
});

test('a failure is kept for a shorter time, so that it is not paid for each time, and passes', async () => {
  let now = 0;
  const { read, reads } = counting(['bad', 'bad', 'good']);
  const get = kept(read, { length: 60, pause: 10, now: () => now });
  for (let asked = 0; asked < 5; asked++) await assert.rejects(get(), /bad/);
  assert.equal(reads(), 1);
  now = 10;
  await assert.rejects(get(), /bad/);
  now = 20;
  assert.deepEqual([await get(), reads()], [3, 3]);
});
