import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import {
  acceptedWithin,
  isFilledByExpired,
  refusedWithin,
  roomOf,
} from '../../../functions/core/issuer/issuer-facts.ts';
import { MOST_LIVE } from '../../../functions/core/rotation/slots.ts';
import { slotsOf } from '../../fakes/facts.ts';

describe('the slots of an issuer', () => {
  it('are as many as it says, or has names for', () => {
    assert.equal(roomOf(slotsOf(2)), 2);
    assert.equal(roomOf({ names: ['primary', 'secondary'], of: ['account'] }), 2);
    assert.equal(roomOf({ count: 'many', of: ['user'] }), Infinity);
  });

  it('are few where there is a limit that stands nowhere, and no fewer than Keyturn makes', () => {
    const room = roomOf({ count: 'unknown', of: ['organization'] });
    assert.ok(room > MOST_LIVE && room < 10);
  });

  it('are taken by what expired only where the issuer is known to count it', () => {
    assert.equal(isFilledByExpired(slotsOf(2, ['expired', 'disabled'])), true);
    assert.equal(isFilledByExpired(slotsOf(2, ['disabled'])), false);
    assert.equal(isFilledByExpired({ count: 2, of: ['user'] }), false);
    assert.equal(isFilledByExpired(undefined), false);
  });
});

describe('a lag of an issuer', () => {
  const lagsOf = (lags: Parameters<typeof acceptedWithin>[0]): number[] => [
    acceptedWithin(lags),
    refusedWithin(lags),
  ];

  it('is what is documented', () =>
    assert.deepEqual(lagsOf({ lags: { accepted: SECOND, refused: MINUTE } }), [SECOND, MINUTE]));

  it('is what Keyturn allows for, where nothing is documented', () => {
    assert.deepEqual(lagsOf({ lags: { allowed: MINUTE } }), [MINUTE, MINUTE]);
    assert.deepEqual(lagsOf({ lags: { accepted: 0, allowed: MINUTE } }), [0, MINUTE]);
    assert.deepEqual(lagsOf({ lags: { refused: 0, allowed: MINUTE } }), [MINUTE, 0]);
  });

  it('is none for an issuer that this version does not know', () =>
    assert.deepEqual(lagsOf(undefined), [0, 0]));
});
