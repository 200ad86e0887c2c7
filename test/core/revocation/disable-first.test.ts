import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import {
  isDisabledFirst,
  keepsDisabled,
  lookDueAt,
  slotWantedAt,
} from '../../../functions/core/revocation/disable-first.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { noPermits, permitting } from '../../../functions/core/revocation/permits.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { slotsOf } from '../../fakes/facts.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ONE: Credential = { id: 'v', handle: 'h', origin: 'minted', state: 'revoking', withoutGrace: true };
const OFF: Credential = { ...ONE, disabledAt: T0, lookAt: T0 + HOUR };
const CURRENT: Credential = {
  id: 'w',
  handle: 'i',
  origin: 'minted',
  state: 'current',
  issuedAt: T0,
  promotedAt: T0,
};
const LEAK = {
  id: 'h',
  exposed: [{ id: 'v', handle: 'h' }],
  source: 'a scanner',
  reportedAt: T0,
  replacedAt: T0,
};
const PERMITS = permitting(noPermits('t'), { kind: 'incident', about: 'v', handle: 'h', at: T0, by: 'ana' });
const ROOMY = { slots: slotsOf(10) };
const TWO = { slots: slotsOf(2) };

function tokenOf(one: Credential, change: Partial<Token> = {}): Token {
  return aToken({ credentials: [CURRENT, one], incidents: [LEAK], ...change });
}

function isFirst(fields: Partial<Credential>, change: Partial<Token> = {}, permits = PERMITS): boolean {
  const one = { ...ONE, ...fields };
  return isDisabledFirst(tokenOf(one, change), one, { permits, facts: ROOMY, now: T0 + HOUR });
}

describe('what leaked', () => {
  it('is disabled first where the record and a permit say that it leaked', () => {
    assert.equal(isFirst({}), true);
    assert.equal(isFirst({}, { incidents: [] }), false);
    assert.equal(isFirst({}, {}, noPermits('t')), false);
    assert.equal(isFirst({}, { incidents: [{ ...LEAK, held: true }] }), false);
  });

  for (const [what, fields] of [
    ['is disabled already', { disabledAt: T0 }],
    ['could not be disabled, or was enabled at its issuer', { notDisabledAt: T0 }],
    ['was never of use to a consumer', { neverCurrent: true }],
    ['has to be revoked since a person asked for it', { askedBy: 'ana' }],
    ['is current by an order of its policy', { state: 'current' }],
    ['is in its grace period', { state: 'previous' }],
  ] as const)
    it(`is not disabled first where it ${what}`, () => assert.equal(isFirst(fields), false));

  it('is not disabled first where its policy leaves no time for it', () => {
    const policy = (disableWait: number) => ({ policy: { ...DEFAULT_POLICY, disableWait } });
    assert.equal(isFirst({}, policy(0)), false);
    assert.equal(isFirst({}, policy(1)), true);
  });

  it('is not disabled first where its token is to end, or its slot is wanted now', () => {
    assert.equal(isFirst({}, { ending: { kind: 'retire', askedAt: T0, by: 'ana' } }), false);
    const token = tokenOf(ONE, { rotateRequestedAt: T0 });
    assert.equal(isDisabledFirst(token, ONE, { permits: PERMITS, facts: TWO, now: T0 + HOUR }), false);
    assert.equal(isDisabledFirst(token, ONE, { permits: PERMITS, facts: ROOMY, now: T0 + HOUR }), true);
  });
});

describe('what is disabled', () => {
  const keeps = (one: Credential, now: number, change: Partial<Token> = {}, facts = ROOMY): boolean =>
    keepsDisabled(tokenOf(one, change), one, { facts, now });

  it('keeps its day', () => {
    assert.equal(keeps(OFF, T0 + DAY - 1), true);
    assert.equal(keeps(OFF, T0 + DAY), false);
    assert.equal(keeps(ONE, T0), false);
  });

  it('keeps the time of its policy', () => {
    const policy = { ...DEFAULT_POLICY, disableWait: 3 * HOUR };
    assert.equal(keeps(OFF, T0 + 3 * HOUR - 1, { policy }), true);
    assert.equal(keeps(OFF, T0 + 3 * HOUR, { policy }), false);
  });

  it('keeps it no longer where it is wanted gone, or is exposed no more', () => {
    assert.equal(keeps({ ...OFF, askedBy: 'ana' }, T0), false);
    assert.equal(keeps({ ...OFF, revokedAt: T0 }, T0), false);
    assert.equal(keeps(OFF, T0, { ending: { kind: 'retire', askedAt: T0, by: 'ana' } }), false);
    assert.equal(keeps(OFF, T0, { incidents: [] }), false);
  });

  it('goes as soon as the next rotation waits for its slot alone', () => {
    const asked = tokenOf(OFF, { rotateRequestedAt: T0 + 60_000 });
    assert.equal(slotWantedAt(asked, ROOMY, T0), undefined);
    assert.equal(slotWantedAt(asked, TWO, T0), T0 + 60_000);
    assert.equal(lookDueAt(asked, OFF, TWO, T0), T0 + 60_000);
    assert.equal(lookDueAt(asked, OFF, ROOMY, T0), T0 + HOUR);
    assert.equal(keeps(OFF, T0 + HOUR, { rotateRequestedAt: T0 }, TWO), false);
  });

  it('waits as every other once the guard refused it, or people have to act', () => {
    const asked = tokenOf(OFF, { rotateRequestedAt: T0 });
    for (const held of [
      { verdict: 'not now' },
      { problem: { kind: 'revocation-blocked', detail: 'no' } },
      { revokedAt: T0 },
    ] as const)
      assert.equal(lookDueAt(asked, { ...OFF, ...held }, TWO, T0), T0 + HOUR);
  });
});
