import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markOf } from '../../../functions/core/detection/baseline.ts';

test('marks of events are short, and differ', () => {
  const marks = new Set(Array.from({ length: 1_000 }, (_, index) => markOf(`event-${index}`)));
  assert.equal(marks.size, 1_000);
  assert.ok([...marks].every((mark) => mark.length === 6));
});
