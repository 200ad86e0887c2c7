import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approvedUntil } from '../../../functions/core/inventory/approvals.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

function approved(at = T0): Token['reviews'] {
  return [{ at, request: at, by: 'x', decision: 'approved' }];
}

describe('an approval', () => {
  it('holds for as long as the settings say, and a refusal is none', () => {
    const token = aToken({ reviews: approved() });
    assert.equal(approvedUntil(token, {}), Infinity);
    assert.equal(approvedUntil(token, { reviewEvery: DAY }), T0 + DAY);
    assert.equal(
      approvedUntil(aToken({ reviews: [{ at: T0, request: 1, by: 'x', decision: 'refused' }] }), {}),
      0,
    );
  });
});
