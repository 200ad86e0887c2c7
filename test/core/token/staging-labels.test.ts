import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holderOf } from '../../../functions/core/token/staging-labels.ts';

test('the holder of a label is the version that carries it, among others', () => {
  const labels = new Map([
    ['v1', ['AWSPREVIOUS', 'STABLE']],
    ['v2', ['AWSCURRENT']],
  ]);
  assert.equal(holderOf(labels, 'STABLE'), 'v1');
  assert.equal(holderOf(labels, 'AWSCURRENT'), 'v2');
  assert.equal(holderOf(labels, 'AWSPENDING'), undefined);
  assert.equal(holderOf(labels, 'AWS'), undefined);
});
