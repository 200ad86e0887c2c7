import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  Token,
  attemptOf,
  currentOf,
  credentialOf,
  isUnderWay,
  knownHandles,
  liveCredentials,
  openAttempt,
} from '../../../functions/core/token/token.ts';
import { anyTokens, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

describe('the record of a token', () => {
  it('comes back from storage as it went in', () => {
    fc.assert(
      fc.property(anyTokens, (token) => {
        const stored: unknown = JSON.parse(JSON.stringify(token));
        assert.deepEqual(Token.parse(stored), stored);
      }),
    );
  });

  it('keeps members that it does not know, and refuses a state of a credential that it does not know', () => {
    const token = aToken({ credentials: [{ id: 'v', origin: 'minted', state: 'current' }] });
    const later = {
      ...token,
      colour: 'red',
      credentials: [{ id: 'v', origin: 'minted', state: 'current', rank: 2 }],
    };
    assert.deepEqual(Token.parse(later), later);
    for (const spoiled of [
      { state: 'frozen' },
      { origin: 'bought' },
      { forcedRevocation: { cause: 'whim', at: T0 } },
    ])
      assert.throws(
        () =>
          Token.parse({
            ...token,
            credentials: [{ id: 'v', origin: 'minted', state: 'current', ...spoiled }],
          }),
        /invalid/i,
      );
    assert.throws(() => Token.parse({ ...token, failures: 'many' }), /failures/);
  });
});

describe('looking into a record', () => {
  it('finds the current generation, the open attempt, and each by its id', () => {
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

  it('counts every generation as live that is not proven dead', () => {
    fc.assert(
      fc.property(tokens, (token) =>
        assert.equal(
          liveCredentials(token).length,
          token.credentials.filter((one) => one.state !== 'ended').length,
        ),
      ),
    );
  });

  it('knows every handle of generations and mints, those of the dead included', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const known = knownHandles(token);
        const all = [...token.credentials, ...token.attempts.flatMap((one) => one.mints)].map(
          (one) => one.handle,
        );
        assert.deepEqual(
          [...known].toSorted(),
          [...new Set(all.filter((handle) => handle !== undefined))].toSorted(),
        );
      }),
    );
  });
});
