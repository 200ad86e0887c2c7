import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { knownHandles, liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import { tokens } from '../../fakes/arbitraries.ts';

describe('the credentials on record', () => {
  it('counts every credential that has not ended', () => {
    fc.assert(
      fc.property(tokens, (token) =>
        assert.equal(
          liveCredentials(token).length,
          token.credentials.filter((one) => one.state !== 'ended').length,
        ),
      ),
    );
  });

  it('knows every handle of credentials and creations, those that ended included', () => {
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
