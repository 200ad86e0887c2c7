import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { withoutRotations } from '../../../functions/core/token/deleted-secret.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const MADE = { at: T0, handle: 'h9', createdAt: T0, fingerprint: '3:aa' };
const OPEN: Attempt = {
  id: 'a1',
  cause: 'due',
  state: 'open',
  openedAt: T0,
  deadline: T0 + HOUR,
  mints: [MADE],
};

describe('the rotations of a secret that is gone', () => {
  for (const state of ['open', 'promoting', 'aborting'] as const)
    it(`are over when ${state}, and what they made is to be revoked`, () => {
      const after = withoutRotations(aToken({ attempts: [{ ...OPEN, state }] }), T0 + 1);
      assert.deepEqual(
        after.attempts.map((one) => [one.state, one.endedAt, one.tidy]),
        [['aborted', T0 + 1, true]],
      );
      assert.deepEqual(
        after.credentials.map((one) => [one.handle, one.createdAt, one.state, one.neverCurrent]),
        [['h9', T0, 'revoking', state === 'promoting' ? undefined : true]],
      );
    });

  it('name what an aborted one left, and nothing twice', () => {
    const once = withoutRotations(
      aToken({ attempts: [{ ...OPEN, state: 'aborted', endedAt: T0, tidy: false }] }),
      T0 + 1,
    );
    assert.deepEqual([once.attempts[0]?.tidy, once.credentials.length], [true, 1]);
    assert.equal(withoutRotations(once, T0 + 2), once);
  });

  it('make nothing of a mint that was never answered, or of what was promoted', () => {
    const unanswered = withoutRotations(aToken({ attempts: [{ ...OPEN, mints: [{ at: T0 }] }] }), T0 + 1);
    assert.deepEqual(unanswered.credentials, []);
    const promoted = withoutRotations(
      aToken({ attempts: [{ ...OPEN, state: 'promoted', endedAt: T0 }] }),
      T0 + 1,
    );
    assert.deepEqual([promoted.credentials, promoted.attempts[0]?.tidy], [[], true]);
  });
});
