import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  ATTEMPT_MOVES,
  CREDENTIAL_MOVES,
  answeredMint,
  canMove,
  recordedForRevocation,
  moveAttempt,
  moveCredential,
  openedAttempt,
  promoted,
  pruned,
  telling,
} from '../../../functions/core/token/transitions.ts';
import type { Attempt, Cause } from '../../../functions/core/token/attempt.ts';
import {
  attemptOf,
  currentOf,
  credentialOf,
  isUnderWay,
  liveCredentials,
  type Credential,
  type Token,
} from '../../../functions/core/token/token.ts';
import { credentialMoves, instants, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

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

const currents = (token: Token): Credential[] => token.credentials.filter((one) => one.state === 'current');

function anAttempt(change: Partial<Attempt> = {}): Attempt {
  return {
    id: 'attempt-1',
    cause: 'due',
    state: 'promoting',
    openedAt: T0,
    deadline: T0 + 1,
    mints: [{ at: T0, handle: 'h1', fingerprint: 'f1', expiresAt: T0 + 2 }],
    ...change,
  };
}

const SEEN = { now: T0 + 5, by: 'keyturn' };

describe('the states of a generation', () => {
  it('have no way out of dead but to be revoked again, and a way into it from everywhere', () => {
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
    assert.deepEqual(CREDENTIAL_MOVES['claim-restore'], { previous: 'rolling-back' });
    fc.assert(
      fc.property(tokens, (token) => {
        for (const { id } of token.credentials) {
          const revoking = moveCredential(token, id, 'claim-revoke');
          assert.deepEqual(moveCredential(revoking, id, 'claim-restore').credentials, revoking.credentials);
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

describe('promoted', () => {
  const oldVersions = fc.constantFrom(
    undefined,
    'current-version',
    'version-a',
    'a-version-nobody-knows',
    'attempt-open',
  );

  it('leaves exactly one current generation: that of the attempt', () => {
    fc.assert(
      fc.property(tokens, oldVersions, instants, (token, oldVersion, now) => {
        const after = promoted(token, 'attempt-open', { oldVersion, now, by: 'keyturn' });
        if (!attemptOf(token, 'attempt-open')) return assert.deepEqual(after, token);
        assert.deepEqual(
          currents(after).map((one) => one.id),
          ['attempt-open'],
        );
        assert.equal(attemptOf(after, 'attempt-open')?.state, 'promoted');
        assert.equal(new Set(after.credentials.map((one) => one.id)).size, after.credentials.length);
      }),
    );
  });

  it('is the same told twice', () => {
    fc.assert(
      fc.property(tokens, oldVersions, instants, instants, (token, oldVersion, now, later) => {
        const once = promoted(token, 'attempt-open', { oldVersion, now, by: 'keyturn' });
        assert.deepEqual(promoted(once, 'attempt-open', { oldVersion, now: later, by: 'someone' }), once);
      }),
    );
  });

  it('forgets no generation: the one before is in grace from now on', () => {
    fc.assert(
      fc.property(tokens, oldVersions, instants, (token, oldVersion, now) => {
        if (!attemptOf(token, 'attempt-open')) return;
        const after = promoted(token, 'attempt-open', { oldVersion, now, by: 'keyturn' });
        for (const one of token.credentials) {
          const same = credentialOf(after, one.id);
          if (one.state === 'current') assert.deepEqual([same?.state, same?.supersededAt], ['previous', now]);
          else assert.deepEqual(same, one);
        }
        if (oldVersion !== undefined)
          assert.ok(credentialOf(after, oldVersion), 'the version that was current before is on record');
      }),
    );
  });

  it('clears what a success clears, and keeps what it does not', () => {
    const token = aToken({
      failures: 3,
      failedAt: T0,
      refusedSince: T0,
      rotateRequestedAt: T0,
      lastError: { code: 'x', message: 'y', lasting: true },
      unusable: 'Why.',
      purpose: 'kept',
      attempts: [anAttempt()],
    });
    const after = promoted(token, 'attempt-1', { oldVersion: undefined, ...SEEN });
    assert.deepEqual(
      [
        after.failures,
        after.failedAt,
        after.refusedSince,
        after.rotateRequestedAt,
        after.lastError,
        after.unusable,
        after.purpose,
        after.aliveAt,
      ],
      [0, undefined, undefined, undefined, undefined, undefined, 'kept', SEEN.now],
    );
    assert.deepEqual(currentOf(after), {
      id: 'attempt-1',
      versionId: 'attempt-1',
      origin: 'minted',
      state: 'current',
      bornAt: T0,
      promotedAt: SEEN.now,
      handle: 'h1',
      fingerprint: 'f1',
      expiresAt: T0 + 2,
    });
    assert.deepEqual(
      after.outbox.map((fact) => fact.type === 'lifecycle' && fact.what),
      ['rotated'],
    );
  });

  it('remembers that a dead token was replaced by itself, and not when a person asked for it', () => {
    const revived = (cause: Cause, refusedSince?: number): number | undefined =>
      promoted(aToken({ refusedSince, attempts: [anAttempt({ cause })] }), 'attempt-1', {
        oldVersion: undefined,
        ...SEEN,
      }).revivedAt;
    assert.deepEqual(
      [revived('dead', T0), revived('retry', T0), revived('operator', T0), revived('retry')],
      [SEEN.now, SEEN.now, undefined, undefined],
    );
  });

  it('does not bring back an attempt that ended', () => {
    for (const state of ['promoted', 'aborted'] as const) {
      const token = aToken({ attempts: [anAttempt({ state })] });
      assert.deepEqual(promoted(token, 'attempt-1', { oldVersion: undefined, ...SEEN }), token);
    }
  });
});

describe('doomed', () => {
  const recordForRevocation = fc.record(
    {
      versionId: fc.constantFrom('current-version', 'version-a', 'lost:stranger-1', 'a-new-version'),
      handle: fc.constantFrom('handle-of-current-version', 'handle-of-version-a', 'stranger-1'),
      origin: fc.constantFrom('minted', 'found'),
      neverCurrent: fc.boolean(),
      reason: fc.constant('lost'),
      at: fc.constant(7),
    } as const,
    { requiredKeys: ['handle', 'origin', 'neverCurrent', 'reason', 'at'], noNullPrototype: true },
  );

  it('changes no generation that is on record, least of all a current one', () => {
    fc.assert(
      fc.property(tokens, recordForRevocation, (token, target) =>
        assert.deepEqual(
          recordedForRevocation(token, target).credentials.slice(0, token.credentials.length),
          token.credentials,
        ),
      ),
    );
  });

  it('sends a credential that is on no generation to its end, once, under an id of its own', () => {
    fc.assert(
      fc.property(tokens, recordForRevocation, (token, target) => {
        const once = recordedForRevocation(token, target);
        assert.deepEqual(recordedForRevocation(once, target), once);
        const made = once.credentials.find((one) => one.handle === target.handle);
        assert.ok(made);
        if (token.credentials.some((one) => one.handle === target.handle))
          return assert.deepEqual(once, token);
        assert.deepEqual([made.state, made.withoutGrace], ['revoking', true]);
        assert.equal(new Set(once.credentials.map((one) => one.id)).size, once.credentials.length);
        assert.ok(made.versionId === undefined || made.versionId === made.id);
      }),
    );
  });

  it('does not lose itself in version ids that look like its own', () => {
    const taken: Credential = { id: 'lost:h', versionId: 'lost:h', origin: 'adopted', state: 'current' };
    const after = recordedForRevocation(aToken({ credentials: [taken] }), {
      handle: 'h',
      origin: 'found',
      at: 7,
      neverCurrent: false,
      reason: 'lost',
    });
    assert.deepEqual(after.credentials[0], taken);
    assert.deepEqual(
      [after.credentials[1]?.id, after.credentials[1]?.handle, after.credentials[1]?.state],
      ['lost:lost:h', 'h', 'revoking'],
    );
  });
});

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

describe('pruned', () => {
  it('forgets nothing that lives, is under way or is not accounted for, and keeps a record small', () => {
    fc.assert(
      fc.property(tokens, fc.integer({ min: 0, max: 30 }), (token, many) => {
        const dead = Array.from({ length: many }, (_, at): Credential => ({
          id: `dead-${at}`,
          origin: 'minted',
          state: 'ended',
        }));
        const ended = Array.from({ length: many }, (_, at): Attempt =>
          anAttempt({ id: `ended-${at}`, state: 'promoted', tidy: true }),
        );
        const full = {
          ...token,
          credentials: [...dead, ...token.credentials],
          attempts: [...ended, ...token.attempts],
        };
        const kept = pruned(full, T0);
        assert.deepEqual(liveCredentials(kept), liveCredentials(full));
        const wanted = (one: Token): Attempt[] =>
          one.attempts.filter((attempt) => isUnderWay(attempt) || attempt.tidy !== true);
        assert.deepEqual(wanted(kept), wanted(full));
        assert.ok(kept.credentials.length <= 9 && kept.attempts.length <= 8);
        assert.deepEqual(pruned(kept, T0), kept);
      }),
    );
  });
});

describe('telling', () => {
  it('puts a fact into the outbox once, however often it is told', () => {
    const fact = { what: 'rotated', about: 'v1', detail: 'd', by: 'keyturn', at: T0 } as const;
    const once = telling(aToken(), fact);
    assert.deepEqual(telling(once, { ...fact, at: T0 + 1 }), once);
    assert.equal(telling(once, { ...fact, about: 'v2' }).outbox.length, 2);
  });
});
