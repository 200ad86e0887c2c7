import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import {
  AdminSecret,
  AdminText,
  GrantedSecret,
  grantFor,
  oneSecretEach,
  oneSecretEachEver,
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
      'The field grants[1].level of the admin secret of acme is wrong: invalid input: expected number, received string.',
    );
    assert.equal(
      await said({ ...GOOD, grants: [{ secret: '*', level: 1 }] }),
      'The field grants[0].secret of the admin secret of acme is wrong: must be the name of a secret, or the start of names followed by *.',
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
  interface Given {
    readonly secret: string;
    readonly app: string;
    readonly formerly?: readonly { readonly app: string }[];
  }
  const issuesOf = (
    check: (grants: readonly Given[], context: z.RefinementCtx) => void,
    grants: readonly Given[],
  ) =>
    z
      .array(z.custom<Given>(() => true))
      .superRefine(check)
      .safeParse(grants)
      .error?.issues.map(({ code, path, message }) => ({ code, path, message }));
  const now = oneSecretEach('app', 'application');
  const ever = oneSecretEachEver('app', 'application');
  const A = { secret: 'a', app: '1' };
  const B = { secret: 'b', app: '2' };

  it('serves one secret', () => {
    for (const check of [now, ever]) {
      assert.equal(issuesOf(check, [A, B]), undefined);
      assert.deepEqual(issuesOf(check, [B, A, { secret: 'c', app: '1' }]), [
        {
          code: 'custom',
          path: [2, 'app'],
          message:
            'It grants the application 1 to c, and grants[1] grants it to a: one application serves one secret',
        },
      ]);
    }
  });

  it('that one secret had before is not what another one has now', () => {
    assert.equal(issuesOf(ever, [A, { ...B, formerly: [{ app: '3' }] }]), undefined);
    assert.deepEqual(issuesOf(ever, [A, { ...B, formerly: [{ app: '3' }, { app: '1' }] }]), [
      {
        code: 'custom',
        path: [1, 'formerly', 1, 'app'],
        message:
          'It names the application 1, which grants[0] grants to a now: one application serves one secret',
      },
    ]);
    assert.deepEqual(
      issuesOf(ever, [{ ...A, formerly: [{ app: '2' }] }, B])?.map((one) => one.path),
      [[0, 'formerly', 0, 'app']],
    );
  });
});

describe('grantFor', () => {
  const grants = ['team-a/*', 'team-a/x*', 'team-a/x', 'team-b/y'].map((secret) => ({
    secret,
    resource: secret,
  }));
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
    assertCode(
      await failing(() => grantFor('acme', [wide], 'keyturn/admin/gitlab')),
      'not-granted',
      'keyturn/admin/gitlab',
    );
    assert.equal(
      grantFor('acme', [wide, { secret: 'keyturn/admin/gitlab', resource: 'own' }], 'keyturn/admin/gitlab')
        .resource,
      'own',
    );
    assert.equal(grantFor('acme', [wide], 'keyturn/other').resource, 'wide');
  });

  it('refuses to choose between two', async () => {
    assertCode(
      await failing(() =>
        grantFor('acme', [...grants, { secret: 'team-a/x', resource: 'other' }], 'team-a/x'),
      ),
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
                'acme',
                list.map((pattern) => ({ secret: pattern })),
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
