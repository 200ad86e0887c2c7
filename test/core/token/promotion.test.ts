import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { promoted } from '../../../functions/core/token/promotion.ts';
import type { Cause } from '../../../functions/core/token/attempt.ts';
import { attemptOf, currentOf, credentialOf } from '../../../functions/core/token/lookups.ts';
import { instants, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { currents, anAttempt, SEEN } from './attempts.ts';

describe('promoted', () => {
  const oldVersions = fc.constantFrom(
    undefined,
    'current-version',
    'version-a',
    'an-unknown-version',
    'attempt-open',
  );

  it('leaves exactly one current credential: that of the attempt', () => {
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

  it('forgets no credential: the one before is in grace from now on', () => {
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
        after.activeAt,
      ],
      [0, undefined, undefined, undefined, undefined, undefined, 'kept', SEEN.now],
    );
    assert.deepEqual(currentOf(after), {
      id: 'attempt-1',
      versionId: 'attempt-1',
      origin: 'minted',
      state: 'current',
      issuedAt: T0,
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

  it('remembers that an inactive token was replaced by itself, and not when a person asked for it', () => {
    const revived = (cause: Cause, refusedSince?: number): number | undefined =>
      promoted(aToken({ refusedSince, attempts: [anAttempt({ cause })] }), 'attempt-1', {
        oldVersion: undefined,
        ...SEEN,
      }).revivedAt;
    assert.deepEqual(
      [revived('inactive', T0), revived('retry', T0), revived('operator', T0), revived('retry')],
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
