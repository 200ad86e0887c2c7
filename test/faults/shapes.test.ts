import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../world/faults.ts';
import { oncePerShape } from './shapes.ts';

/** A life: each invocation by what it is, and the names of its calls. */
function life(...invocations: readonly (readonly [during: string, ...names: string[]])[]): readonly Call[] {
  return invocations
    .flatMap(([during, ...names], invocation) => names.map((name) => ({ during, name, invocation })))
    .map((call, index) => ({ ...call, index, target: 'aws' }));
}

function kept(calls: readonly Call[]): readonly number[] {
  return oncePerShape(calls).map(({ index }) => index);
}

const LOOK = ['inspect', 'load', 'GET /tokens/17'] as const;

test('of invocations that are alike, the first and the last are kept', () => {
  assert.deepEqual(kept(life(LOOK, LOOK, LOOK, LOOK)), [0, 1, 6, 7]);
  assert.deepEqual(kept(life(LOOK)), [0, 1]);
});

test('ids do not make a difference, other words do', () => {
  const other = ['inspect', 'load', 'GET /tokens/18'] as const;
  assert.deepEqual(kept(life(LOOK, other, LOOK)), [0, 1, 4, 5]);
  assert.deepEqual(kept(life(LOOK, ['inspect', 'load', 'GET /users/17'], LOOK)), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(kept(life(LOOK, ['retire', 'load', 'GET /tokens/17'], LOOK)), [0, 1, 2, 3, 4, 5]);
});

test('what an invocation does later makes all of its calls others', () => {
  assert.deepEqual(kept(life(LOOK, [...LOOK, 'save'], LOOK)), [0, 1, 2, 3, 4, 5, 6]);
});

test('the same calls at two places of an invocation are two', () => {
  assert.deepEqual(kept(life(['inspect', 'load', 'load', 'load'])), [0, 1, 2]);
});

test('after a change, invocations are others than before it', () => {
  const told = ['inspect', 'inventory.appendHistory'] as const;
  assert.deepEqual(kept(life(LOOK, LOOK, LOOK, told, LOOK, LOOK, LOOK)), [0, 1, 4, 5, 6, 7, 8, 11, 12]);
});

test('calls of invocations that run side by side are told apart', () => {
  const [a = assert.fail(), b = assert.fail()] = life(LOOK);
  const beside = { during: 'sweep', target: 'aws', invocation: 1, name: 'due' } as const;
  const mixed = [a, { ...beside, index: 1 }, { ...b, index: 2 }];
  assert.deepEqual(kept(mixed), [0, 1, 2]);
});
