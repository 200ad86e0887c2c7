import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import {
  ATTEMPT_MOVES,
  CREDENTIAL_MOVES,
  canMove,
  moveAttempt,
  moveCredential,
  openedAttempt,
} from '../../../functions/core/token/transitions.ts';
import { attemptOf, credentialOf } from '../../../functions/core/token/lookups.ts';
import { credentialMoves, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { anAttempt } from './attempts.ts';

function targets(
  table: Readonly<Record<string, Partial<Record<string, string>>>>,
  from: string,
): Set<string> {
  const reached = new Set<string>();
  const look = (state: string): void => {
    for (const moves of Object.values(table)) {
      const next = moves[state];
      if (next === undefined || reached.has(next)) continue;
      reached.add(next);
      look(next);
    }
  };
  look(from);
  return reached;
}

describe('the states of a credential', () => {
  it('have no way out of the end but to be revoked again, and a way into it from everywhere', () => {
    assert.deepEqual(
      Object.entries(CREDENTIAL_MOVES).filter(([, from]) => 'ended' in from),
      [['revive', { ended: 'revoking' }]],
      'what its issuer accepts again goes back to its end, and nowhere else',
    );
    for (const state of ['current', 'previous', 'rolling-back', 'revoking'])
      assert.ok(targets(CREDENTIAL_MOVES, state).has('ended'), state);
  });

  it('let a revoke or a restore be claimed from previous alone, so that both cannot win', () => {
    assert.deepEqual(CREDENTIAL_MOVES['claim-revoke'], { previous: 'revoking' });
    assert.deepEqual(CREDENTIAL_MOVES['claim-rollback'], { previous: 'rolling-back' });
    fc.assert(
      fc.property(tokens, (token) => {
        for (const { id } of token.credentials) {
          const revoking = moveCredential(token, id, 'claim-revoke');
          assert.deepEqual(moveCredential(revoking, id, 'claim-rollback').credentials, revoking.credentials);
        }
      }),
    );
  });

  it('never let the current one be revoked in one move', () => {
    assert.equal(
      Object.entries(CREDENTIAL_MOVES).some(
        ([, moves]) => 'current' in moves && moves.current === ('revoking' as string),
      ),
      false,
    );
  });

  it('change by moves of the table alone; a move it has not changes nothing, fields included', () => {
    fc.assert(
      fc.property(tokens, credentialMoves, (token, move) => {
        for (const one of token.credentials) {
          const after = credentialOf(moveCredential(token, one.id, move, { reason: 'test' }), one.id);
          if (canMove(one, move))
            assert.deepEqual(
              [after?.state, after?.reason],
              [(CREDENTIAL_MOVES[move] as Partial<Record<string, string>>)[one.state], 'test'],
            );
          else assert.deepEqual(after, one);
        }
      }),
    );
  });
});

describe('the states of an attempt', () => {
  it('have no way out of promoted, and out of aborted only to be aborted again', () => {
    assert.deepEqual(targets(ATTEMPT_MOVES, 'promoted'), new Set());
    assert.deepEqual(
      targets({ 'abort-again': ATTEMPT_MOVES['abort-again'], abort: ATTEMPT_MOVES.abort }, 'aborted'),
      new Set(['aborting', 'aborted']),
    );
    assert.ok(
      Object.entries(ATTEMPT_MOVES).every(([move, table]) => move === 'abort-again' || !('aborted' in table)),
    );
  });

  it('need a claim before an abort, and no claim to promote once an abort was claimed', () => {
    assert.deepEqual(ATTEMPT_MOVES.abort, { aborting: 'aborted' });
    assert.ok(!('aborting' in ATTEMPT_MOVES['claim-promote']));
    const token = moveAttempt(
      aToken({ attempts: [anAttempt({ state: 'open' })] }),
      'attempt-1',
      'claim-abort',
    );
    assert.deepEqual(moveAttempt(token, 'attempt-1', 'claim-promote'), token);
    assert.equal(attemptOf(moveAttempt(token, 'attempt-1', 'promote'), 'attempt-1')?.state, 'promoted');
  });

  it('start once: opening an attempt again changes nothing', () => {
    const once = openedAttempt(aToken(), { id: 'a', cause: 'due', openedAt: T0, deadline: T0 + 1 });
    assert.deepEqual(
      openedAttempt(once, { id: 'a', cause: 'operator', openedAt: T0 + 9, deadline: T0 + 99 }),
      once,
    );
    assert.equal(attemptOf(once, 'a')?.state, 'open');
  });
});
