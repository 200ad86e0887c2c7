import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OWN_ID_FIX, isMeantAsOwn, isOwnId } from '../../../functions/core/issuer/own-issuers.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';

describe('ids of issuers that users declare', () => {
  it('have a beginning of their own, and fit into names of functions', () => {
    for (const id of ['own-hub', 'own-a', 'own-0123456789abcdef']) assert.ok(isOwnId(id), id);
    for (const id of ['hub', 'own-', 'own-A', 'own-hub-', 'own-0123456789abcdefg', 'own-a/b', 'xown-a'])
      assert.ok(!isOwnId(id), id);
    assert.match(OWN_ID_FIX, /own-hub$/);
  });

  it('are no ids of issuers that are shipped', () => {
    for (const { id, own } of DESCRIPTORS) assert.deepEqual([isMeantAsOwn(id), own], [false, undefined]);
    assert.ok(isMeantAsOwn('own-Hub'));
  });
});
