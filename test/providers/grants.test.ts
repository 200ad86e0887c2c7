import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as z from 'zod';
import { Secret } from '../../functions/core/secret.ts';
import { AdminText, GrantedSecret, grantFor, readAdmin } from '../../functions/providers/grants.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';

const failing = (run: () => unknown) => rejection(Promise.resolve().then(run));
const Admin = z.strictObject({ token: AdminText, grants: z.array(z.strictObject({ secret: GrantedSecret, level: z.number() })).min(1) });
const read = (json: unknown) => readAdmin('acme', new Secret(typeof json === 'string' ? json : JSON.stringify(json)), Admin);
const GOOD = { token: ' t0ken\n', grants: [{ secret: 'team-a/x', level: 1 }] };

describe('readAdmin', () => {
  it('reads, and trims what was pasted', () => {
    assert.deepEqual(read(GOOD), { token: 't0ken', grants: [{ secret: 'team-a/x', level: 1 }] });
  });

  const cases: readonly (readonly [string, unknown, ...string[]])[] = [
    ['text that is no JSON', 'canary', 'not valid JSON'],
    ['nothing', '', 'not valid JSON'],
    ['another kind of JSON', ['canary'], 'admin secret of acme'],
    ['a missing field', { grants: GOOD.grants }, 'token'],
    ['an empty field', { ...GOOD, token: ' ' }, 'token'],
    ['a field of another type', { ...GOOD, token: { canary: 'canary' } }, 'token'],
    ['no grants', { ...GOOD, grants: [] }, 'grants'],
    ['a field deep inside', { ...GOOD, grants: [...GOOD.grants, { secret: 'b', level: 'canary' }] }, 'grants[1].level'],
    ['an unknown field', { ...GOOD, grant: 'canary' }, 'not known', 'grant'],
    ['a secret where a name belongs', { ...GOOD, glpatcanary00000000000000: 1 }, 'not known'],
    ['a bare star', { ...GOOD, grants: [{ secret: '*', level: 1 }] }, 'grants[0].secret'],
    ['a star in the middle', { ...GOOD, grants: [{ secret: 'a*b', level: 1 }] }, 'grants[0].secret'],
  ];
  for (const [what, json, ...words] of cases)
    it(`refuses ${what}, naming the field and no value`, async () => {
      const error = await failing(() => read(json));
      assertCode(error, 'admin-malformed', 'acme', ...words);
      assert.ok(!everythingIn(error).includes('canary'), everythingIn(error));
    });

  it('never quotes a value, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object({ withNullPrototype: false, values: [fc.constant('canary-42'), fc.integer(), fc.constant(null)] }), async (json) => {
        assert.ok(!everythingIn(await failing(() => read(json))).includes('canary-42'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('grantFor', () => {
  const grants = ['team-a/*', 'team-a/x*', 'team-a/x', 'team-b/y'].map((secret) => ({ secret, resource: secret }));
  const granted = (name: string) => grantFor('acme', grants, name).secret;

  it('prefers the exact name, then the longest start', () => {
    assert.equal(granted('team-a/x'), 'team-a/x');
    assert.equal(granted('team-a/xy'), 'team-a/x*');
    assert.equal(granted('team-a/z'), 'team-a/*');
    assert.equal(granted('team-b/y'), 'team-b/y');
  });

  it('names the secret that has none', async () => {
    for (const name of ['team-b/yy', 'team-b', 'team-', 'other/team-a/x', ''])
      assertCode(await failing(() => granted(name)), 'not-granted', name, 'grants', 'acme');
  });

  it('grants an admin secret by its exact name alone', async () => {
    const wide = { secret: 'keyturn/*', resource: 'wide' };
    assertCode(await failing(() => grantFor('acme', [wide], 'keyturn/admin/gitlab')), 'not-granted', 'keyturn/admin/gitlab');
    assert.equal(grantFor('acme', [wide, { secret: 'keyturn/admin/gitlab', resource: 'own' }], 'keyturn/admin/gitlab').resource, 'own');
    assert.equal(grantFor('acme', [wide], 'keyturn/other').resource, 'wide');
  });

  it('refuses to choose between two', async () => {
    assertCode(await failing(() => grantFor('acme', [...grants, { secret: 'team-a/x', resource: 'other' }], 'team-a/x')), 'admin-malformed', 'team-a/x');
  });

  it('finds the same whatever the order', () => {
    const name = fc.stringMatching(/^[ab]{1,4}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, fc.boolean()).map(([text, star]) => text + (star ? '*' : '')), { minLength: 1 }), name, (patterns, secret) => {
        const find = (list: readonly string[]) => {
          try {
            return grantFor('acme', list.map((pattern) => ({ secret: pattern })), secret).secret;
          } catch {
            return undefined;
          }
        };
        const found = find(patterns);
        assert.equal(find(patterns.toReversed()), found);
        const fitting = patterns.filter((pattern) => pattern === secret || (pattern.endsWith('*') && secret.startsWith(pattern.slice(0, -1))));
        assert.equal(found === undefined, fitting.length === 0);
        if (fitting.includes(secret)) assert.equal(found, secret);
        else if (found !== undefined) assert.ok(fitting.every((pattern) => pattern.length <= found.length));
      }),
    );
  });
});
