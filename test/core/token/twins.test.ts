import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutTwins } from '../../../functions/core/token/twins.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';

function stored(id: string, state: Credential['state'], handle?: string): Credential {
  return { id, state, origin: 'minted', ...(handle !== undefined && { handle, createdAt: 1 }) };
}

test('a previous version of the current credential is no second credential', () => {
  const current = stored('v2', 'current', 'h');
  assert.deepEqual(withoutTwins([stored('v1', 'previous', 'h'), current]), [current]);
});

test('what another credential holds stays, as does what is being revoked', () => {
  const all = [
    stored('v0', 'revoking', 'h'),
    stored('v1', 'previous', 'g'),
    stored('v2', 'current', 'h'),
    stored('v3', 'previous'),
  ];
  assert.deepEqual(withoutTwins(all), all);
  assert.deepEqual(withoutTwins(all.slice(0, 2)), all.slice(0, 2), 'nothing is current');
});
