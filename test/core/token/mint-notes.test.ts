import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answeredMint } from '../../../functions/core/token/mint-notes.ts';
import { anAttempt } from './attempts.ts';

describe('answers to mints', () => {
  it('fill the latest mint without a handle, and no other', () => {
    const attempt = anAttempt({ mints: [{ at: 1 }, { at: 2 }, { at: 3, handle: 'h3' }] });
    assert.deepEqual(answeredMint(attempt, { handle: 'h2', fingerprint: 'f2' }).mints, [
      { at: 1 },
      { at: 2, handle: 'h2', fingerprint: 'f2' },
      { at: 3, handle: 'h3' },
    ]);
  });

  it('find the mint of the value that was chosen, and change nothing where there is none', () => {
    const attempt = anAttempt({
      mints: [
        { at: 1, fingerprint: 'one' },
        { at: 2, fingerprint: 'two' },
      ],
    });
    assert.deepEqual(answeredMint(attempt, { handle: 'h', fingerprint: 'one' }).mints[0], {
      at: 1,
      fingerprint: 'one',
      handle: 'h',
    });
    assert.equal(answeredMint(attempt, { handle: 'h', fingerprint: 'three' }), attempt);
  });
});
