import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { driftOf } from '../../../functions/core/validity/scope-drift.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

function holding(first: string[], last: string[]) {
  const current: Credential = {
    id: 'v1',
    versionId: 'v1',
    origin: 'minted',
    state: 'current',
    scopes: { first, last },
  };
  return aToken({ credentials: [current] });
}

test('scopes that a person gave or took are drift, whatever their order', () => {
  assert.equal(driftOf(holding(['a', 'b'], ['b', 'a'])), undefined);
  assert.equal(driftOf(aToken()), undefined);
  assert.equal(
    driftOf(holding(['read'], ['read', 'write'])),
    'The current credential gained write at the issuer; it had read when it was first seen.',
  );
  assert.equal(
    driftOf(holding(['read', 'push'], ['pull'])),
    'The current credential gained pull and lost read, push at the issuer; it had read, push when it ' +
      'was first seen.',
  );
});

test('drift is a finding as long as it lasts', () => {
  const kinds = (token: ReturnType<typeof aToken>): string[] =>
    assess(token, undefined, T0).map((one) => one.kind);
  assert.ok(kinds(holding(['read'], ['api'])).includes('scope-drift'));
  assert.ok(!kinds(holding(['read'], ['read'])).includes('scope-drift'));
});

test(
  'what somebody gave at the issuer is one finding, not two; what ' +
    'it could do from the start is the other',
  () => {
    const kinds = (token: ReturnType<typeof aToken>): string[] =>
      assess({ ...token, activeAt: T0 }, undefined, T0)
        .map((one) => one.kind)
        .filter((kind) => kind === 'scope-drift' || kind === 'over-privileged');
    const policy = { ...DEFAULT_POLICY, scopes: ['read'] };
    assert.deepEqual(kinds({ ...holding(['read'], ['read', 'api']), scopes: ['read', 'api'], policy }), [
      'scope-drift',
    ]);
    assert.deepEqual(
      kinds({ ...holding(['read', 'api'], ['read', 'api']), scopes: ['read', 'api'], policy }),
      ['over-privileged'],
    );
    assert.deepEqual(
      kinds({
        ...holding(['read', 'api'], ['read', 'api', 'sudo']),
        scopes: ['read', 'api', 'sudo'],
        policy,
      }),
      ['scope-drift', 'over-privileged'],
    );
  },
);
