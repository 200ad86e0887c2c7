import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withSamePlaces } from '../../../functions/core/token/same-value.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { aToken } from '../../fakes/tokens.ts';

const REACH = { host: 'issuer.example.com', basePath: '', account: 'apps/1', clientId: 'c1' };
const KNOWN: Credential = {
  id: 'v1',
  versionId: 'v1',
  origin: 'minted',
  state: 'ended',
  fingerprint: '3:aa',
  reach: REACH,
};
const AGAIN: Credential = {
  id: 'v3',
  versionId: 'v3',
  origin: 'adopted',
  state: 'previous',
  fingerprint: '3:aa',
};

function placesOf(...credentials: Credential[]): (Credential['reach'] | undefined)[] {
  return withSamePlaces(aToken({ credentials })).credentials.map((one) => one.reach);
}

describe('a value that is stored once more', () => {
  it('was made where it was made the first time', () => {
    assert.deepEqual(placesOf(KNOWN, AGAIN), [REACH, REACH]);
    const { reach: _reach, ...placeless } = KNOWN;
    assert.deepEqual(placesOf({ ...placeless, id: 'v0' }, KNOWN, AGAIN), [REACH, REACH, REACH]);
  });

  it('keeps its own place, and gets none of another value, or of one whose place is unknown', () => {
    const own = { ...AGAIN, reach: { ...REACH, account: 'apps/2' } };
    assert.deepEqual(placesOf(KNOWN, own), [REACH, own.reach]);
    assert.deepEqual(placesOf(KNOWN, { ...AGAIN, fingerprint: '3:bb' }), [REACH, undefined]);
    const { fingerprint: _none, ...unread } = AGAIN;
    assert.deepEqual(placesOf(KNOWN, unread), [REACH, undefined]);
    const { fingerprint: _unread, ...known } = KNOWN;
    assert.deepEqual(
      placesOf(known, unread),
      [REACH, undefined],
      'two values that were not read are not one',
    );
    const { reach: _reach, ...placeless } = KNOWN;
    assert.deepEqual(placesOf(placeless, AGAIN), [undefined, undefined]);
  });

  it('leaves the record as it is where no place is missing', () => {
    const token = aToken({ credentials: [KNOWN] });
    assert.equal(withSamePlaces(token), token);
  });
});
