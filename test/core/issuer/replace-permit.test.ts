import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReplacePermit } from '../../../functions/core/issuer/replace-permit.ts';

describe('permission to end what a slot holds', () => {
  it('is about one account, host included', () => {
    const permit = new ReplacePermit('a.example/clients/1', 'policy');
    permit.requireFor('a.example/clients/1');
    for (const other of ['b.example/clients/1', 'a.example/clients/10', 'a.example/clients/', ''])
      assert.throws(() => permit.requireFor(other), { code: 'bad-request' }, other);
  });

  it('cannot be made up: what looks like one is none', () => {
    const requireFor: unknown = Reflect.get(ReplacePermit.prototype, 'requireFor');
    assert.ok(typeof requireFor === 'function');
    assert.throws(() => Reflect.apply(requireFor, { reason: 'policy' }, ['a']), TypeError);
  });
});
