import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { grantFor, readableGrants } from '../../functions/providers/grant-of.ts';
import {
  AdminSecret,
  AdminText,
  GrantedSecret,
  readAdmin,
  readJson,
} from '../../functions/providers/grants.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';

const failing = (run: () => unknown) => rejection(Promise.resolve().then(run));
const Admin = z.strictObject({
  token: AdminText,
  grants: z.array(z.strictObject({ secret: GrantedSecret, level: z.number() })).min(1),
});
const read = (json: unknown) =>
  readAdmin('acme', new Secret(typeof json === 'string' ? json : JSON.stringify(json)), Admin);
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
    [
      'a field deep inside',
      { ...GOOD, grants: [...GOOD.grants, { secret: 'b', level: 'canary' }] },
      'grants[1].level',
    ],
    ['an unknown field', { ...GOOD, grant: 'canary' }, 'not known', 'grant'],
    ['a secret where a name belongs', { ...GOOD, glpatcanary00000000000000: 1 }, 'not known'],
    ['a bare star', { ...GOOD, grants: [{ secret: '*', level: 1 }] }, 'grants[0].secret'],
    ['a star in the middle', { ...GOOD, grants: [{ secret: 'a*b', level: 1 }] }, 'grants[0].secret'],
  ];
  for (const [what, json, ...words] of cases)
    it(`refuses ${what}, naming the field and no value`, async () => {
      const error = await failing(() => read(json));
      assertCode(error, 'admin-invalid', 'acme', ...words);
      assert.ok(!everythingIn(error).includes('canary'), everythingIn(error));
    });

  it('says in one sentence which field is wrong, and how', async () => {
    const said = async (json: unknown): Promise<string> =>
      ((await failing(() => read(json))) as Error).message;
    assert.equal(
      await said({ ...GOOD, grants: [...GOOD.grants, { secret: 'b', level: 'x' }] }),
      'The field grants[1].level of the admin secret of acme is wrong: invalid input: expected number, ' +
        'received string.',
    );
    assert.equal(
      await said({ ...GOOD, grants: [{ secret: '*', level: 1 }] }),
      'The field grants[0].secret of the admin secret of acme is wrong: must be the name of a secret, ' +
        'or the start of names followed by *.',
    );
    assert.equal(await said('canary'), 'The admin secret of acme is not valid JSON.');
    for (const other of [['canary'], 'null', '7'])
      assert.match(
        await said(other),
        /^The admin secret of acme is wrong: invalid input: expected object, received (array|null|number)\.$/,
      );
    assert.equal(
      await said({ ...GOOD, grant: 1, token_: 2 }),
      'The admin secret of acme is wrong: it has a field that is not known: grant, token_.',
    );
    for (const name of ['glpat0', 'a'.repeat(25), '-abc'])
      assert.equal(
        await said({ ...GOOD, [name]: 1 }),
        'The admin secret of acme is wrong: it has a field that is not known.',
      );
  });

  it('reads past the stamp of Keyturn, in an object alone', () => {
    assert.deepEqual(read({ ...GOOD, _keyturn: { seal: 'x' } }), { token: 't0ken', grants: GOOD.grants });
    assert.deepEqual(
      readJson(new Secret('[1]'), z.array(z.number()), { code: 'admin-invalid', what: 'a list' }),
      [1],
    );
  });

  it('makes a credential a secret from the moment it is read', () => {
    const parsed = AdminSecret.parse(' t0ken\n');
    assert.ok(parsed instanceof Secret && parsed.reveal() === 't0ken');
  });

  it('never quotes a value, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.object({
          withNullPrototype: false,
          values: [fc.constant('canary-42'), fc.integer(), fc.constant(null)],
        }),
        async (json) => {
          assert.ok(!everythingIn(await failing(() => read(json))).includes('canary-42'));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('an account', () => {
  const App = z.strictObject({ app: z.string().regex(/^\w+$/) });
  const alone = { field: 'app', kind: 'application' };
  const rule = {
    provider: 'acme',
    schema: App.extend({
      secret: GrantedSecret,
      formerly: z.array(App).optional(),
      scopes: z.array(z.string()).optional(),
    }),
    alone,
  };
  const A = { secret: 'a', app: '1' };
  const B = { secret: 'b', app: '2' };
  const D = { secret: 'd', app: '4' };
  const refusals = (grants: readonly unknown[], names = ['a', 'b', 'c', 'd']) =>
    names.flatMap((name) => {
      try {
        grantFor(rule, grants, name);
        return [];
      } catch (error) {
        return error instanceof KeyturnError && error.code === 'not-granted'
          ? []
          : [`${name}: ${(error as Error).message}`];
      }
    });

  it('serves one secret: the secrets of the grants that name it go without, and no other does', () => {
    assert.deepEqual(refusals([A, B]), []);
    assert.deepEqual(refusals([B, A, { secret: 'c', app: '1' }, D]), [
      'a: The field grants[1].app of the admin secret of acme is wrong: it grants the application 1 to ' +
        'a, and grants[2] grants it to c: one application serves one secret.',
      'c: The field grants[2].app of the admin secret of acme is wrong: it grants the application 1 to ' +
        'c, and grants[1] grants it to a: one application serves one secret.',
    ]);
  });

  it('that one secret had before is not what another one has now', () => {
    assert.deepEqual(refusals([A, { ...B, formerly: [{ app: '3' }] }]), []);
    assert.deepEqual(refusals([A, { ...B, formerly: [{ app: '3' }, { app: '1' }] }, D]), [
      'a: The field grants[0].app of the admin secret of acme is wrong: it grants the application 1 to ' +
        'a, and grants[1], for b, names it under formerly: one application serves one secret.',
      'b: The field grants[1].formerly[1].app of the admin secret of acme is wrong: it names the ' +
        'application 1, which grants[0] grants to a now: one application serves one secret.',
    ]);
    assert.deepEqual(
      refusals([
        { ...A, formerly: [{ app: '9' }] },
        { ...B, formerly: [{ app: '9' }] },
      ]),
      [],
      'both had it once',
    );
  });

  it('is shared with a grant that is wrong otherwise too, whose texts are not repeated', () => {
    const told = refusals([A, { secret: 'canary secret', app: '1', scopes: 'canary' }, D], ['a', 'd']);
    assert.deepEqual(told, [
      'a: The field grants[0].app of the admin secret of acme is wrong: it grants the application 1 to ' +
        'a, and grants[1] grants it to another secret: one application serves one secret.',
    ]);
    assert.equal(refusals([A, { ...B, scopes: 7, formerly: [{ app: '1' }, 'x', null] }], ['a']).length, 1);
  });

  it('may be shared where the rule does not say otherwise', () => {
    const { alone: _alone, ...shared } = rule;
    assert.equal(grantFor(shared, [A, { ...B, app: '1' }], 'b').app, '1');
  });
});

describe('a fault in one grant', () => {
  const rule = {
    provider: 'acme',
    schema: z.strictObject({ secret: GrantedSecret, level: z.number() }),
  };
  const good = [
    { secret: 'a', level: 1 },
    { secret: 'team/*', level: 2 },
  ];
  const WRONG: readonly (readonly [string, unknown, string])[] = [
    ['a field of another type', { secret: 'b', level: 'canary' }, 'grants[2].level'],
    ['a field that is not known', { secret: 'b', level: 1, canary: 1 }, 'grants[2]'],
    ['a name with white space', { secret: 'b ', level: 1 }, 'grants[2].secret'],
    ['a name with a star in the middle', { secret: 'b*c', level: 1 }, 'grants[2].secret'],
    ['no name', { level: 1 }, 'grants[2].secret'],
    ['a bare star', { secret: '*', level: 1 }, 'grants[2].secret'],
    ['no grant at all', null, 'grants[2]'],
    ['a list', ['canary'], 'grants[2]'],
    ['a text', 'canary', 'grants[2]'],
  ];
  for (const [what, wrong, field] of WRONG)
    it(`(${what}) concerns the secrets of that grant alone, and is named`, async () => {
      const grants = [...good, wrong];
      assert.equal(grantFor(rule, grants, 'a').level, 1);
      assert.equal(grantFor(rule, grants, 'team/x').level, 2);
      const error = await failing(() => grantFor(rule, grants, 'b'));
      assertCode(error, 'admin-invalid', field, 'acme');
      assert.ok(!everythingIn(error).includes('canary') || what === 'a field that is not known');
      assert.deepEqual(readableGrants(rule, grants), good);
    });

  it('does not hand its secret over to a wider grant', async () => {
    for (const secret of ['team/x ', 'team/x,', ' team/x', 'team/x*y'])
      assertCode(
        await failing(() => grantFor(rule, [...good, { secret, level: 1 }], 'team/x')),
        'admin-invalid',
        'grants[2].secret',
      );
    assert.equal(grantFor(rule, [...good, { secret: 'team/x ', level: 1 }], 'team/y').level, 2);
  });
});

describe('grantFor', () => {
  const grants = ['team-a/*', 'team-a/x*', 'team-a/x', 'team-b/y'].map((secret) => ({
    secret,
    resource: secret,
  }));
  const rule = {
    provider: 'acme',
    schema: z.strictObject({ secret: GrantedSecret, resource: z.string() }),
  };
  const granted = (name: string) => grantFor(rule, grants, name).secret;

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
    assertCode(
      await failing(() => grantFor(rule, [wide], 'keyturn/admin/gitlab')),
      'not-granted',
      'keyturn/admin/gitlab',
    );
    assert.equal(
      grantFor(rule, [wide, { secret: 'keyturn/admin/gitlab', resource: 'own' }], 'keyturn/admin/gitlab')
        .resource,
      'own',
    );
    assert.equal(grantFor(rule, [wide], 'keyturn/other').resource, 'wide');
  });

  it('refuses to choose between two', async () => {
    assertCode(
      await failing(() => grantFor(rule, [...grants, { secret: 'team-a/x', resource: 'other' }], 'team-a/x')),
      'admin-invalid',
      'team-a/x',
    );
  });

  it('finds the same whatever the order', () => {
    const name = fc.stringMatching(/^[ab]{1,4}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(name, fc.boolean()).map(([text, star]) => text + (star ? '*' : '')),
          { minLength: 1 },
        ),
        name,
        (patterns, secret) => {
          const find = (list: readonly string[]) => {
            try {
              return grantFor(
                rule,
                list.map((pattern) => ({ secret: pattern, resource: pattern })),
                secret,
              ).secret;
            } catch {
              return undefined;
            }
          };
          const found = find(patterns);
          assert.equal(find(patterns.toReversed()), found);
          const fitting = patterns.filter(
            (pattern) =>
              pattern === secret || (pattern.endsWith('*') && secret.startsWith(pattern.slice(0, -1))),
          );
          assert.equal(found === undefined, fitting.length === 0);
          if (fitting.includes(secret)) assert.equal(found, secret);
          else if (found !== undefined) assert.ok(fitting.every((pattern) => pattern.length <= found.length));
        },
      ),
    );
  });
});
