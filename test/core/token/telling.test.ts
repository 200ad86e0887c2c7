import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { telling } from '../../../functions/core/token/telling.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

describe('telling', () => {
  it('puts a fact into the outbox once, however often it is told', () => {
    const fact = { what: 'rotated', about: 'v1', detail: 'd', by: 'keyturn', at: T0 } as const;
    const once = telling(aToken(), fact);
    assert.deepEqual(telling(once, { ...fact, at: T0 + 1 }), once);
    assert.equal(telling(once, { ...fact, about: 'v2' }).outbox.length, 2);
  });
});
