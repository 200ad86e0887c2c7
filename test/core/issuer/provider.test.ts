import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  canRevoke,
  isListed,
  listOf,
  toggleOf,
  type ChoosingSession,
  type ListedCredential,
  type ReplacingSession,
  type SubmittedSession,
} from '../../../functions/core/issuer/provider.ts';

const REACH = { host: 'issuer.example.com', basePath: '', account: 'users/1' };
const COMMON = { account: 'issuer.example.com/users/1', reach: REACH, probe: () => assert.fail() };
const LISTED: ListedCredential = { handle: 'users/1/7', state: 'active', active: true };
const TOGGLE = { disable: async () => {}, enable: async () => {} };

const choosing: ChoosingSession = {
  ...COMMON,
  kind: 'choosing',
  toggle: TOGGLE,
  choose: () => assert.fail(),
  install: () => assert.fail(),
  revoke: () => assert.fail(),
  list: async () => [LISTED],
  identify: () => assert.fail(),
};
const submitted: SubmittedSession = { ...COMMON, kind: 'submitted', ask: () => assert.fail() };
const replacing: ReplacingSession = { ...COMMON, kind: 'replacing', replace: () => assert.fail() };

it('an issuer lists, where its sessions can: of another one nothing is known to be absent', async () => {
  assert.deepEqual(await listOf(choosing), [LISTED]);
  for (const session of [submitted, replacing]) {
    assert.ok(!isListed(session));
    assert.equal(await listOf(session), undefined);
    assert.equal(toggleOf(session), undefined);
  }
  assert.equal(toggleOf(choosing), TOGGLE);
});

it('values that people create are revoked by API where the issuer can', () => {
  assert.ok(!canRevoke(submitted));
  assert.ok(canRevoke({ ...submitted, revoke: async () => {} }));
});
