import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Credential } from '../../../functions/core/token/credential.ts';

const CREDENTIAL: Credential = {
  id: 'v1',
  origin: 'minted',
  state: 'previous',
  problem: { kind: 'credential-unmanaged', detail: 'one' },
};

test('a credential comes back from storage as it went in, with what a later version wrote beside it', () => {
  assert.deepEqual(Credential.parse(JSON.parse(JSON.stringify(CREDENTIAL))), CREDENTIAL);
  assert.deepEqual(Credential.parse({ ...CREDENTIAL, shard: 3 }), { ...CREDENTIAL, shard: 3 });
});

test(
  'a state that is not known is not guessed at; a problem of a kind that is not known holds the ' +
    'credential',
  () => {
    assert.throws(() => Credential.parse({ ...CREDENTIAL, state: 'frozen' }), /state/);
    const { problem } = Credential.parse({ ...CREDENTIAL, problem: { kind: 'quota', detail: 'two' } });
    assert.deepEqual(problem, { kind: 'revocation-blocked', detail: 'two', later: { kind: 'quota' } });
  },
);
