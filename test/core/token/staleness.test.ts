import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SEEN_WITHIN, isBehindOwnMove, mayBeUnseen } from '../../../functions/core/token/staleness.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const MOVED: Partial<Token> = {
  credentials: [
    { id: 'old', versionId: 'old', origin: 'minted', state: 'previous' },
    { id: 'new', versionId: 'new', origin: 'minted', state: 'current' },
  ],
  moved: { from: 'old', to: 'new', at: T0 },
};

function isBehind(
  current: string | undefined,
  given: { after?: number; token?: Partial<Token> } = {},
): boolean {
  const labels = new Map(current === undefined ? [] : [[current, ['AWSCURRENT']]]);
  return isBehindOwnMove(aToken({ ...MOVED, ...given.token }), labels, T0 + (given.after ?? 1));
}

describe('what an answer may not show yet', () => {
  it('is what was done lately, and nothing that never was', () => {
    assert.ok(mayBeUnseen(T0, T0));
    assert.ok(mayBeUnseen(T0, T0 + SEEN_WITHIN - 1));
    assert.ok(!mayBeUnseen(T0, T0 + SEEN_WITHIN));
    assert.ok(!mayBeUnseen(undefined, T0));
  });

  it('is the move that Keyturn itself made of AWSCURRENT', () => {
    assert.ok(isBehind('old'));
    assert.ok(isBehind(undefined), 'as of a secret that had no value');
    assert.ok(!isBehind('new'));
  });

  it('is no third version: that somebody made current', () => {
    assert.ok(!isBehind('other'));
  });

  it('is a hand by then: after a while, or where the record has another current one, or no move', () => {
    assert.ok(!isBehind('old', { after: SEEN_WITHIN }));
    assert.ok(
      !isBehind('old', {
        token: { credentials: [{ id: 'old', versionId: 'old', origin: 'minted', state: 'current' }] },
      }),
    );
    assert.ok(!isBehind('old', { token: { moved: undefined } }));
  });
});
