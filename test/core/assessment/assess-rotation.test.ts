import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { T0, aToken } from '../../fakes/tokens.ts';
import { current, kinds } from './cases.ts';

describe('a rotation that failed', () => {
  it('says a lasting error once it failed for good, not while it is only throttled once', () => {
    const passing = aToken({
      credentials: [current()],
      failures: 1,
      failedAt: T0,
      lastError: { code: 'issuer-throttled', message: 'Busy.', lasting: false },
    });
    assert.deepEqual(kinds(passing, T0), []);
  });
});
