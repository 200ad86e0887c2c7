import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempt } from '../../../functions/core/token/attempt.ts';
import { T0 } from '../../fakes/tokens.ts';

const ATTEMPT: Attempt = {
  id: 'a',
  cause: 'due',
  state: 'open',
  openedAt: T0,
  deadline: T0 + 1,
  mints: [{ at: T0, handle: 'h', trial: true }],
};

test('an attempt comes back from storage as it went in, with what a later version wrote beside it', () => {
  assert.deepEqual(Attempt.parse(JSON.parse(JSON.stringify(ATTEMPT))), ATTEMPT);
  const later = { ...ATTEMPT, tempo: 'slow', mints: [{ at: T0, shard: 3 }] };
  assert.deepEqual(Attempt.parse(later), later);
  assert.throws(
    () => Attempt.parse({ ...ATTEMPT, state: 'paused' }),
    /state/,
    'a state that is not known is not guessed at',
  );
  const caused = { ...ATTEMPT, cause: 'drill' };
  assert.deepEqual(Attempt.parse(caused), { ...ATTEMPT, cause: 'due', later: { cause: 'drill' } });
});
