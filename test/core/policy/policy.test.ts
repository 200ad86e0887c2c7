import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Policy } from '../../../functions/core/policy/policy.ts';
import { policies } from '../../fakes/arbitraries.ts';

describe('policies', () => {
  it('survive storage', () => {
    fc.assert(
      fc.property(policies, (policy) =>
        assert.deepEqual(Policy.parse(JSON.parse(JSON.stringify(policy))), policy),
      ),
    );
  });
});
