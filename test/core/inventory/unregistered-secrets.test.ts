import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  surveyed,
  unmanagedIn,
  type ListedSecret,
} from '../../../functions/core/inventory/unregistered-secrets.ts';
import { T0 } from '../../fakes/tokens.ts';

const PLAIN = { prefixes: [], ignore: [] };

function secret(change: Partial<ListedSecret>): ListedSecret {
  return {
    name: 'x',
    description: '',
    tags: new Map(),
    isForeign: false,
    createdAt: T0,
    accessedAt: undefined,
    ...change,
  };
}

describe('secrets that are not registered', () => {
  it('are known by the words of their names, descriptions and tags', () => {
    const yes: Partial<ListedSecret>[] = [
      { name: 'prod/gitlab-token' },
      { name: 'DATADOG_API_KEY' },
      { name: 'billing/apiKey' },
      { name: 'ci/npm' },
      { name: 'x', description: 'Personal access token of the bot' },
      { name: 'x', tags: new Map([['kind', 'client-secret']]) },
    ];
    for (const one of yes) assert.ok(unmanagedIn(secret(one), PLAIN), JSON.stringify(one.name));
    for (const name of [
      'prod/tokenizer',
      'prod/db-password',
      'rds!cluster-token',
      'prod/postgres/token',
      'tls/key',
      'prod/patience',
    ])
      assert.equal(unmanagedIn(secret({ name }), PLAIN), undefined, name);
    assert.equal(unmanagedIn(secret({ name: 'prod/gitlab-token' }), PLAIN)?.why, 'its name says "gitlab"');
  });

  it("are none of those that are registered, Keyturn's own, or somebody else's to rotate", () => {
    assert.equal(
      unmanagedIn(secret({ name: 'a/token', tags: new Map([['keyturn:installation', 'other']]) }), PLAIN),
      undefined,
    );
    assert.equal(unmanagedIn(secret({ name: 'keyturn/admin/gitlab' }), PLAIN), undefined);
    assert.equal(unmanagedIn(secret({ name: 'a/token', isForeign: true }), PLAIN), undefined);
  });

  it('are also what the settings say, and are not what they say', () => {
    assert.equal(
      unmanagedIn(secret({ name: 'legacy/thing' }), { prefixes: ['legacy/'], ignore: [] })?.why,
      'its name begins as the settings say',
    );
    assert.equal(unmanagedIn(secret({ name: 'demo/token' }), { prefixes: [], ignore: ['demo/'] }), undefined);
  });

  it('keep an owner that a tag names', () =>
    assert.equal(
      unmanagedIn(secret({ name: 'a/token', tags: new Map([['team', 'team-x']]) }), PLAIN)?.owner,
      'team-x',
    ));

  it('are one finding, with their number', () => {
    assert.equal(surveyed({ at: T0, secrets: 9, unmanaged: 0, first: [] }), undefined);
    const first = ['a', 'b', 'c', 'd'].map((name) => ({ name, why: 'x' }));
    assert.equal(
      surveyed({ at: T0, secrets: 9, unmanaged: 7, first })?.detail,
      '7 secrets look like API tokens and are not registered, such as a, b, c: `keyturn review list` ' +
        'lists them.',
    );
  });
});
