import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimOn, isBeingRevoked, isOnWayToEnd } from '../../../functions/core/revocation/claims.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const TARGET = { handle: 'h', fingerprint: 'f', createdAt: T0 };

function holding(state: Credential['state'], fields: Partial<Credential> = {}) {
  return aToken({ credentials: [{ id: 'v', handle: 'h', origin: 'minted', state, ...fields }] });
}

function minting(fields: Partial<Attempt>) {
  return aToken({
    attempts: [
      {
        id: 'a',
        cause: 'due',
        state: 'open',
        openedAt: T0,
        deadline: T0 + MINUTE,
        mints: [{ at: T0, handle: 'h' }],
        ...fields,
      },
    ],
  });
}

/** What a token has no use for any more, by whoever may say so. */
const believed = (one: Credential): boolean => one.withoutGrace === true || one.givenUp === true;

describe('a claim on a credential', () => {
  it('stands for what is current, about to be current again, or in grace', () => {
    assert.deepEqual(claimOn(holding('current'), TARGET, believed), { need: 'current', id: 'v' });
    assert.deepEqual(claimOn(holding('rolling-back'), TARGET, believed), { need: 'rolling back', id: 'v' });
    assert.deepEqual(claimOn(holding('previous'), TARGET, believed), { need: 'in grace', id: 'v' });
    for (const state of ['revoking', 'ended'] as const)
      assert.equal(claimOn(holding(state), TARGET, believed), undefined);
  });

  it('is known by the value alone as well', () => {
    assert.deepEqual(claimOn(holding('current', { handle: undefined, fingerprint: 'f' }), TARGET, believed), {
      need: 'current',
      id: 'v',
    });
    assert.equal(
      claimOn(holding('current', { handle: 'other', fingerprint: 'g' }), TARGET, believed),
      undefined,
    );
  });

  it('is none of a credential that had the same handle before', () => {
    assert.equal(claimOn(holding('current', { createdAt: T0 - DAY }), TARGET, believed), undefined);
  });

  it('is none of what is to be revoked without grace or was given up, unless it is current', () => {
    for (const over of [{ withoutGrace: true }, { givenUp: true }]) {
      assert.equal(claimOn(holding('previous', over), TARGET, believed), undefined);
      assert.equal(claimOn(holding('current', over), TARGET, believed)?.need, 'current');
      assert.equal(claimOn(holding('rolling-back', over), TARGET, believed)?.need, 'rolling back');
    }
  });

  it('is not taken back by what the record alone says', () => {
    for (const over of [{ withoutGrace: true }, { givenUp: true }])
      assert.equal(claimOn(holding('previous', over), TARGET, () => false)?.need, 'in grace');
  });

  it('stands for what a rotation has made, until all it made is accounted for', () => {
    for (const state of ['open', 'promoting', 'aborting'] as const)
      assert.equal(claimOn(minting({ state }), TARGET, believed)?.need, 'pending');
    for (const state of ['promoted', 'aborted'] as const) {
      assert.equal(claimOn(minting({ state }), TARGET, believed)?.need, 'pending');
      assert.equal(claimOn(minting({ state, tidy: true }), TARGET, believed), undefined);
    }
    assert.equal(
      claimOn(minting({ mints: [{ at: T0, handle: 'h', trial: true }] }), TARGET, believed),
      undefined,
    );
    assert.equal(claimOn(minting({ mints: [{ at: T0, handle: 'other' }] }), TARGET, believed), undefined);
    assert.deepEqual(
      claimOn(
        minting({
          mints: [
            { at: T0, handle: 'other' },
            { at: T0, handle: 'h' },
          ],
        }),
        TARGET,
        believed,
      ),
      { need: 'pending', id: 'a' },
    );
  });

  it('stands for what a person had forgotten, as long as no permit says that', () => {
    const forgotten = { at: T0, by: 'ana', reason: 'x' };
    for (const state of ['ended', 'current', 'revoking'] as const) {
      assert.deepEqual(
        claimOn(holding(state, { forgotten }), TARGET, () => false),
        { need: 'in grace', id: 'v' },
      );
      assert.equal(
        claimOn(holding(state, { forgotten }), TARGET, () => true),
        undefined,
      );
    }
  });

  it('does not count the one that is asked about', () => {
    assert.equal(claimOn(minting({}), TARGET, believed, 'a'), undefined);
    assert.equal(claimOn(holding('current'), TARGET, believed, 'v'), undefined);
    assert.equal(isBeingRevoked(holding('revoking'), TARGET, 'v'), false);
  });
});

describe('a revocation', () => {
  it('is under way of what is claimed for its end, or current and ordered to be revoked', () => {
    assert.ok(isBeingRevoked(holding('revoking'), TARGET));
    assert.ok(
      isBeingRevoked(holding('current', { forcedRevocation: { cause: 'retirement', at: T0 } }), TARGET),
    );
    for (const state of ['current', 'previous', 'rolling-back', 'ended'] as const)
      assert.ok(!isBeingRevoked(holding(state), TARGET), state);
    assert.ok(!isOnWayToEnd({ id: 'v', origin: 'minted', state: 'previous' }));
    assert.ok(
      !isOnWayToEnd({
        id: 'v',
        origin: 'minted',
        state: 'previous',
        forcedRevocation: { cause: 'max-age', at: T0 },
      }),
    );
  });

  it('is under way of what a creation that was sent ends, until its record says that it ended', () => {
    const replacing = { attempt: 'a', account: 'auth0.test/clients/1', at: T0 };
    assert.ok(isBeingRevoked(holding('current', { replacing }), TARGET));
    assert.ok(!isBeingRevoked(holding('current', { replacing, handle: 'other' }), TARGET));
    assert.ok(!isBeingRevoked(holding('ended', { replacing }), TARGET));
    assert.deepEqual(claimOn(holding('current', { replacing }), TARGET, believed), {
      need: 'current',
      id: 'v',
    });
  });

  it('is of this credential alone, whatever else of the token is being revoked', () => {
    assert.ok(!isBeingRevoked(holding('revoking', { handle: 'other' }), TARGET));
    const both = aToken({
      credentials: [
        { id: 'w', handle: 'other', origin: 'minted', state: 'current' },
        { id: 'v', handle: 'h', origin: 'minted', state: 'revoking' },
      ],
    });
    assert.ok(isBeingRevoked(both, TARGET));
  });
});
