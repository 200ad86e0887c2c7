import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import {
  attemptOf,
  currentOf,
  credentialOf,
  isUnderWay,
  openAttempt,
} from '../../../functions/core/token/lookups.ts';
import { tokens } from '../../fakes/arbitraries.ts';
import { T0 } from '../../fakes/tokens.ts';

describe('looking into a record', () => {
  it('finds the current credential, the open attempt, and each by its id', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        assert.equal(
          currentOf(token),
          token.credentials.find((one) => one.id === 'current-version'),
        );
        assert.equal(
          openAttempt(token),
          token.attempts.find((one) => one.id === 'attempt-open'),
        );
        for (const one of token.credentials) assert.equal(credentialOf(token, one.id), one);
        for (const one of token.attempts) assert.equal(attemptOf(token, one.id), one);
        assert.deepEqual([credentialOf(token, 'none'), attemptOf(token, 'none')], [undefined, undefined]);
      }),
    );
  });

  it('calls an attempt under way until it ended', () => {
    const states = ['open', 'promoting', 'aborting', 'promoted', 'aborted'] as const;
    assert.deepEqual(
      states.filter((state) =>
        isUnderWay({ id: 'a', cause: 'due', state, openedAt: T0, deadline: T0, mints: [] }),
      ),
      ['open', 'promoting', 'aborting'],
    );
  });
});
