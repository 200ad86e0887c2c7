import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialKeys, handleKeys } from '../../../functions/core/inventory/credential-holders.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = {
  id: 'v',
  handle: 'h',
  fingerprint: 'abcdefabcdefabcdef',
  origin: 'minted',
  state: 'current',
};

describe('the keys of a credential', () => {
  it('are its handle at its issuer and its fingerprint', () => {
    assert.deepEqual(credentialKeys(aToken({ credentials: [CURRENT] })), [
      'handle gitlab h',
      'fingerprint abcdefabcdefabcdef',
    ]);
    assert.deepEqual(handleKeys(aToken({ credentials: [CURRENT] })), ['gitlab h']);
  });

  it('are none for a credential that was revoked', () =>
    assert.deepEqual(credentialKeys(aToken({ credentials: [{ ...CURRENT, state: 'ended' }] })), []));
});
