import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withUnrecognizedCredentials } from '../../../functions/core/inventory/unrecognized-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = {
  id: 'v',
  handle: 'h',
  fingerprint: 'abcdefabcdefabcdef',
  origin: 'minted',
  state: 'current',
};

const token = aToken({ credentials: [CURRENT], suspects: [{ handle: 's', seenAt: T0 }] });

const listed = (handle: string, name?: string, active = true) => ({
  handle,
  state: active ? ('active' as const) : ('revoked' as const),
  active,
  ...(name === undefined ? {} : { name }),
});

describe('unrecognized credentials', () => {
  it('are active, unknown to the token, not looked into already, and without a marker of Keyturn', () => {
    const seen = withUnrecognizedCredentials(token, [
      listed('h'),
      listed('s'),
      listed('x', 'keyturn-0123456789-abcdefabcdef-1'),
      listed('y', 'made by hand'),
      listed('z', 'old', false),
    ]);
    assert.deepEqual(seen.unrecognizedCredentials, ['y']);
    assert.equal(withUnrecognizedCredentials(seen, [listed('y', 'made by hand')]), seen);
    assert.equal(withUnrecognizedCredentials(seen, undefined), seen);
  });
});
