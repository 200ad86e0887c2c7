import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempt } from '../../functions/core/attempt.ts';
import { T0 } from '../fakes/tokens.ts';

const ATTEMPT: Attempt = { id: 'a', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + 1, mints: [{ at: T0, handle: 'h', trial: true }] };

test('an attempt comes back from storage as it went in, and has no room for a value', () => {
  assert.deepEqual(Attempt.parse(JSON.parse(JSON.stringify(ATTEMPT))), ATTEMPT);
  assert.throws(() => Attempt.parse({ ...ATTEMPT, value: 'glpat' }), /value/);
  assert.throws(() => Attempt.parse({ ...ATTEMPT, mints: [{ at: T0, value: 'glpat' }] }), /value/);
});
