import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ending, Review } from '../../../functions/core/token/decisions.ts';

test('how a person ended a token is not guessed at', () => {
  const ending = { kind: 'retire', askedAt: 1, by: 'ana', shard: 3 };
  assert.deepEqual(Ending.parse(ending), ending);
  assert.throws(() => Ending.parse({ ...ending, kind: 'pause' }), /kind/);
});

test('a review without a decision is refused', () => {
  const review = { at: 1, request: 2, by: 'ana', decision: 'approved', shard: 3 };
  assert.deepEqual(Review.parse(review), review);
  assert.throws(() => Review.parse({ ...review, decision: 'perhaps' }), /decision/);
});
