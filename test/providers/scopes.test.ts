import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalScopes, sameScopes } from '../../functions/providers/scopes.ts';

describe('scopes', () => {
  it('are the same in any order and however often', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (scopes) =>
        assert.ok(sameScopes(canonicalScopes(scopes), canonicalScopes([...scopes.toReversed(), ...scopes]))),
      ),
    );
  });

  it('differ when one is more, less or another', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.string(), (scopes, more) =>
        assert.equal(
          sameScopes(canonicalScopes(scopes), canonicalScopes([...scopes, more])),
          scopes.includes(more),
        ),
      ),
    );
    assert.ok(!sameScopes(['a'], ['b']));
  });

  it("come in the grant's words where the issuer has its own", () => {
    assert.deepEqual(
      canonicalScopes(['Read:Users', 'read_users', 'b'], (scope) => scope.toLowerCase().replace(':', '_')),
      ['b', 'read_users'],
    );
  });
});
