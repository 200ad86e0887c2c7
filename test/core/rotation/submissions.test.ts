import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Shown } from '../../../functions/core/issuer/provider.ts';
import {
  SEEN_WITHIN,
  faultOfSubmission,
  withSubmitted,
} from '../../../functions/core/rotation/submissions.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const GOOD: Extract<Shown, { outcome: 'active' }> = {
  outcome: 'active',
  account: 'users/1',
  called: 'robot',
  scopes: ['read:org', 'repo'],
  expiresAt: T0 + 90 * DAY,
};
const POLICY = { ...aToken().policy, rotateBeforeExpiry: 10 * DAY };
const EXPECTED = { account: 'users/1', scopes: ['repo', 'read:org'], policy: POLICY, now: T0 };

describe('a submitted value', () => {
  it('that is as it was asked for has no fault', () => {
    assert.equal(faultOfSubmission(GOOD, EXPECTED), undefined);
    const { scopes: _scopes, expiresAt: _expiresAt, ...bare } = GOOD;
    assert.equal(faultOfSubmission(bare, { ...EXPECTED, scopes: undefined }), undefined);
  });

  const cases: readonly [
    string,
    Parameters<typeof faultOfSubmission>[0],
    RegExp,
    Partial<typeof EXPECTED>?,
  ][] = [
    ['is rejected', { outcome: 'inactive' }, /rejects it: create a new one$/],
    [
      'belongs to another account',
      { ...GOOD, account: 'users/2' },
      /belongs to robot \(users\/2\), and the grant names users\/1/,
    ],
    ['has fewer scopes', { ...GOOD, scopes: ['repo'] }, /lacks the scopes read:org/],
    [
      'has more scopes',
      { ...GOOD, scopes: ['admin:org', 'read:org', 'repo'] },
      /more than was asked for \(admin:org\)/,
    ],
    ['ends within the lead', { ...GOOD, expiresAt: T0 + 9 * DAY }, /too soon for the policy/],
    ['has expired', { ...GOOD, expiresAt: T0 - DAY }, /too soon for the policy/],
    [
      'lasts longer than the policy allows',
      GOOD,
      /later than the policy allows \(30d\)/,
      { policy: { ...POLICY, maxLifetime: 30 * DAY } },
    ],
  ];
  for (const [what, shown, says, more] of cases)
    it(`that ${what} is refused in one sentence`, () => {
      const fault = faultOfSubmission(shown, { ...EXPECTED, ...more });
      assert.match(fault ?? '', says);
      assert.doesNotMatch(fault ?? '', /\.$/);
    });

  it('without scopes, or without an end, is refused where the grant or the policy wants one', () => {
    const { scopes: _scopes, expiresAt: _expiresAt, ...bare } = GOOD;
    assert.match(faultOfSubmission(bare, EXPECTED) ?? '', /tells no scopes/);
    const policy = { ...POLICY, maxLifetime: 30 * DAY };
    assert.match(faultOfSubmission(bare, { ...EXPECTED, scopes: undefined, policy }) ?? '', /never expires/);
  });
});

describe('the label of a submitted value', () => {
  it('is noted once, and forgotten when it has been gone for as long as answers may be late', () => {
    const noted = withSubmitted(aToken(), 'v', T0);
    assert.deepEqual(noted.submitted, { versionId: 'v', at: T0 });
    assert.equal(withSubmitted(noted, 'v', T0 + DAY), noted);
    assert.equal(withSubmitted(noted, undefined, T0 + MINUTE), noted);
    assert.equal(withSubmitted(noted, undefined, T0 + SEEN_WITHIN).submitted, undefined);
  });

  it('says nothing while a rotation takes the value up', () => {
    const attempt = {
      id: 'a',
      cause: 'operator',
      state: 'open',
      openedAt: T0,
      deadline: T0,
      mints: [],
    } as const;
    const busy = aToken({ attempts: [attempt] });
    assert.equal(withSubmitted(busy, 'v', T0), busy);
  });
});
