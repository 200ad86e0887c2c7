import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { withReview } from '../../../functions/core/token/reviews.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import type { Review } from '../../../functions/core/token/decisions.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';

const FACTS = { slots: slotsOf(3), lags: NO_LAGS };
const NO: Review = { at: T0, request: 1, by: 'alice', decision: 'refused', reason: 'Its service is gone' };
const YES: Review = { at: T0, request: 2, by: 'bob', decision: 'approved', scopes: ['read_api'] };

function details(token: Token): string[] {
  return assess(token, FACTS, T0).map((one) => `${one.kind}: ${one.detail}`);
}

describe('reviews', () => {
  it('are kept with who and when, once a request, ten of them', () => {
    const once = withReview(aToken(), NO);
    assert.equal(withReview(once, { ...NO, at: T0 + 1 }), once);
    assert.equal(withReview(once, { ...NO, by: 'mallory' }).reviews?.length, 2);
    let many = aToken();
    for (let request = 0; request < 15; request++) many = withReview(many, { ...YES, request });
    assert.deepEqual(
      many.reviews?.map((one) => one.request),
      [5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    );
    assert.equal(many.outbox.length, 15, 'the history has them all');
  });

  it('that refuse are a finding until somebody approves', () => {
    const refused = withReview(aToken(), NO);
    assert.deepEqual(details(refused), [
      'review-rejected: Refused by alice 2026-01-05T09:00:00Z: Its service is gone.',
    ]);
    assert.deepEqual(details(withReview(refused, YES)), []);
  });

  it('approve scopes, over what the policy says; more than those is a finding', () => {
    const scoped = aToken({
      scopes: ['read_api', 'api'],
      policy: { ...DEFAULT_POLICY, scopes: ['read_api'] },
    });
    assert.deepEqual(details(scoped), ['over-privileged: It may do api, and only read_api was approved.']);
    assert.deepEqual(details(withReview(scoped, { ...YES, scopes: ['read_api', 'api'] })), []);
    assert.deepEqual(details(aToken({ scopes: ['anything'] })), [], 'no limit was set');
    assert.deepEqual(
      details(withReview(withReview(aToken({ scopes: ['api'] }), YES), NO)).length,
      2,
      'a refusal takes no approved scopes back',
    );
  });
});
