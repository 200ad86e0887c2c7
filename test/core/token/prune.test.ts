import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { pruned } from '../../../functions/core/token/prune.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { isUnderWay } from '../../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { tokens } from '../../fakes/arbitraries.ts';
import { T0 } from '../../fakes/tokens.ts';
import { anAttempt } from './attempts.ts';

describe('pruned', () => {
  it('forgets nothing that is active, is under way or is not accounted for, and keeps a record small', () => {
    fc.assert(
      fc.property(tokens, fc.integer({ min: 0, max: 30 }), (token, many) => {
        const credentials = Array.from({ length: many }, (_, at): Credential => ({
          id: `ended-${at}`,
          origin: 'minted',
          state: 'ended',
        }));
        const attempts = Array.from({ length: many }, (_, at): Attempt =>
          anAttempt({ id: `ended-${at}`, state: 'promoted', tidy: true }),
        );
        const full = {
          ...token,
          credentials: [...credentials, ...token.credentials],
          attempts: [...attempts, ...token.attempts],
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
