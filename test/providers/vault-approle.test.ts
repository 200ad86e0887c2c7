import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { vaultApprole } from '../../functions/providers/vault-approle/index.ts';
import { vaultApproleSimulator } from '../../lib/sandbox/issuers/vault-approle.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { LOGIN, REVOKE_SELF, VAULT_APPROLE } from './vault-approle-contract.ts';

const CONTRACT: ProviderContract = {
  ...VAULT_APPROLE,
  name: 'vault-approle against its simulator',
  createIssuer: (clock) => vaultApproleSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const ROLE = '/v1/auth/approle/role/app-1';
const LIST = `${ROLE}/secret-id/?list=true`;
const LOOKUP = `${ROLE}/secret-id-accessor/lookup`;
const DESTROY = `${ROLE}/secret-id-accessor/destroy`;
const REFUSED = 'invalid role or secret ID';

const login = (change: object = {}) => ({
  auth: { client_token: 'hvs.a', token_type: 'service', metadata: { role_name: 'app-1' }, ...change },
});
const failed = (...errors: readonly string[]) => ({ errors });
const pathsOf = ({ world }: Setup): string[] => world.sent.map(({ path }) => path);
const bodyOf = (text: string): AdminJson => JSON.parse(text.split('\n').at(-1) ?? '');

/** Has the issuer answer this to requests at a path. */
function answering({ world }: Setup, path: string, body: unknown, status = 200): void {
  world.intercept((request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname + search !== path) return undefined;
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  });
}

/** Changes what the issuer shows of a secret ID, or answers to its creation. */
function altering({ issuer, world }: Setup, path: string, change: object): void {
  world.intercept(async (request) => {
    if (new URL(request.url).pathname !== path) return undefined;
    const whole = Object(await (await issuer.fetch(request.clone())).json());
    return Response.json({ ...whole, data: { ...whole.data, ...change } });
  });
}

describe('a login with a secret ID', () => {
  for (const [status, body, outcome, words] of [
    [200, login(), 'active', ''],
    [200, login({ metadata: { role_name: 'App-1' } }), 'active', ''],
    [200, login({ metadata: { role_name: 'app-2' } }), 'unknown', 'another role than app-1'],
    [200, login({ client_token: '', mfa_requirement: {} }), 'unknown', 'neither yes nor no'],
    [200, login({ token_type: 'another' }), 'unknown', 'neither yes nor no'],
    [200, { data: login().auth }, 'unknown', 'neither yes nor no'],
    [400, failed(REFUSED), 'unknown', 'the same words'],
    [400, failed('invalid secret id'), 'unknown', 'the same words'],
    [400, failed('missing role_id'), 'unknown', 'neither yes nor no'],
    [
      400,
      failed('source address "192.0.2.1" unauthorized by CIDR restrictions on the role: %!w(<nil>)'),
      'unknown',
      'some addresses alone',
    ],
    [403, failed('permission denied'), 'unknown', 'locked after failed logins'],
    [403, failed('1 error occurred:\n\t* permission denied\n\n'), 'unknown', 'locked after failed logins'],
    [404, failed('no handler for route "auth/approle/login"'), 'unknown', 'neither yes nor no'],
  ] as const)
    it(`that is answered ${status} with ${JSON.stringify(body)} leaves it ${outcome}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        answering(setup, LOGIN, body, status);
        const probe = await setup.session.probe(value);
        assert.equal(probe.outcome, outcome);
        assert.ok(probe.outcome !== 'unknown' || probe.reason.includes(words), JSON.stringify(probe));
      }));

  it('brings the role_id of the grant, and no token of the admin', () =>
    withSetup(CONTRACT, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      setup.world.sent.length = 0;
      await setup.session.probe(value);
      const [{ path, text } = { path: '', text: '' }] = setup.world.sent;
      assert.equal(path, LOGIN);
      assert.ok(!text.includes('x-vault-token'));
      assert.deepEqual(bodyOf(text), { role_id: 'role-id-of-app-1', secret_id: value.reveal() });
    }));

  it('makes a token that is revoked at once, with itself', () =>
    withSetup(CONTRACT, async (setup) => {
      const { issuer, session, world } = setup;
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      assert.equal((await session.probe(value)).outcome, 'active');
      assert.deepEqual(pathsOf(setup), [LOGIN, REVOKE_SELF]);
      const [token = ''] = /hvs\.\S+/.exec(world.sent[1]?.text ?? '') ?? [];
      const again = new Request(`https://${issuer.host}${REVOKE_SELF}`, {
        method: 'POST',
        headers: { 'x-vault-token': token },
      });
      assert.equal((await issuer.fetch(again)).status, 403, 'it is gone');
    }));

  for (const [name, status, body] of [
    ['a batch token', 200, login({ token_type: 'batch' })],
    ['no token, since it is refused', 400, failed(REFUSED)],
    ['no token, since it is of another server', 200, { auth: {} }],
  ] as const)
    it(`that makes ${name} is followed by no revocation`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        setup.world.sent.length = 0;
        answering(setup, LOGIN, body, status);
        await setup.session.probe(value);
        assert.deepEqual(pathsOf(setup), [LOGIN]);
      }));

  for (const status of [400, 403, 404, 429, 500, 503])
    it(`is one, whatever comes of its token: the revocation is answered ${status}, and sent once`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        setup.world.sent.length = 0;
        answering(setup, REVOKE_SELF, failed('permission denied'), status);
        assert.equal((await setup.session.probe(value)).outcome, 'active');
        assert.deepEqual(pathsOf(setup), [LOGIN, REVOKE_SELF]);
      }));

  it('is not tried a third time in a session with a value that is refused, so that no role is locked', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, world } = setup;
      const { handle, value } = await issue(session, marked(1));
      const { value: good } = await issue(session, marked(2));
      await session.revoke(handle);
      world.sent.length = 0;
      for (let asked = 0; asked < 4; asked++) assert.equal((await session.probe(value)).outcome, 'unknown');
      assert.deepEqual(pathsOf(setup), [LOGIN, LOGIN]);
      assert.equal((await session.probe(good)).outcome, 'active');
    }));
});

describe('the list of secret IDs', () => {
  it('is empty where Vault answers 404 without a word', () =>
    withSetup(CONTRACT, async (setup) => {
      assert.deepEqual(await setup.session.list(), []);
      assert.deepEqual(pathsOf(setup), [LIST]);
    }));

  for (const [status, body, code] of [
    [404, failed('no handler for route "auth/approle/role/app-1/secret-id/"'), 'issuer-refused'],
    [404, { message: 'Not Found' }, 'issuer-refused'],
    [400, failed('role "app-1" does not exist'), 'issuer-refused'],
    [200, { data: { keys: ['../../x'] } }, 'issuer-response-invalid'],
    [200, { data: {} }, 'issuer-response-invalid'],
  ] as const)
    it(`is none where that is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        answering(setup, LIST, body, status);
        const error = await rejection(setup.session.list());
        assertCode(error, code);
        if (status === 400) assert.match(String(error), /the role does not exist/);
      }));

  it('leaves out one that is gone by the time it is looked up', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { handle } = await issue(session, marked(1));
      const { handle: left } = await issue(session, marked(2));
      world.intercept(async (request) => {
        if (request.url.endsWith(LOOKUP)) await issuer.revokeByHand(handle);
        return undefined;
      });
      assert.deepEqual(
        (await session.list()).map((one) => one.handle),
        [left],
      );
    }));

  for (const [status, body, code] of [
    [
      404,
      { data: { error: 'failed to find accessor entry for secret_id_accessor: "x"' } },
      'issuer-response-invalid',
    ],
    [404, failed(), 'issuer-response-invalid'],
    [404, { message: 'Not Found' }, 'issuer-response-invalid'],
    [204, undefined, 'issuer-response-invalid'],
    [403, failed('permission denied'), 'admin-credential-rejected'],
    [500, failed('internal error'), 'issuer-unreachable'],
  ] as const)
    it(`is none where a look-up is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        await issue(setup.session, marked(1));
        answering(setup, LOOKUP, body, status);
        assertCode(await rejection(setup.session.list()), code);
      }));

  it('is none where a look-up shows another secret ID than was asked for', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      altering(setup, LOOKUP, { secret_id_accessor: '00000000-0000-4000-8000-000000000000' });
      assertCode(await rejection(setup.session.list()), 'issuer-response-invalid');
    }));

  it('is refused where it is too long, before any is looked up', () =>
    withSetup(CONTRACT, async (setup) => {
      const keys = (count: number) =>
        Array.from({ length: count }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
      answering(setup, LIST, { data: { keys: keys(501) } });
      assertCode(await rejection(setup.session.list()), 'issuer-refused');
      assert.deepEqual(pathsOf(setup), [LIST]);
      answering(setup, LIST, { data: { keys: keys(500) } });
      assert.deepEqual(await setup.session.list(), [], 'all of them are gone');
    }));

  it('shows what is made by hand, what ended, and from where one is taken', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, issuer, clock } = setup;
      await issuer.createByHand(SECRET);
      await issue(session, marked(1), clock.now() + DAY);
      await clock.advanceBy(DAY);
      const states = (await session.list()).map(({ state, name, expiresAt }) => [
        state,
        name ?? '',
        expiresAt,
      ]);
      assert.deepEqual(states, [
        ['active', '', undefined],
        ['expired', marked(1), clock.now()],
      ]);
      altering(setup, LOOKUP, { cidr_list: ['192.0.2.0/24'], metadata: null });
      assert.deepEqual(
        (await session.list()).map(({ name, onlyFrom }) => [name, onlyFrom]),
        [
          [undefined, ['192.0.2.0/24']],
          [undefined, ['192.0.2.0/24']],
        ],
      );
    }));
});

describe('a new secret ID', () => {
  it('is asked for with a name in its metadata, a life in seconds and no limit of uses', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      await issue(session, marked(1), clock.now() + 3 * DAY + 1);
      await issue(session, marked(2));
      assert.deepEqual(
        world.sent.filter(({ path }) => path === `${ROLE}/secret-id`).map(({ text }) => bodyOf(text)),
        [
          { metadata: JSON.stringify({ keyturn: marked(1) }), num_uses: 0, ttl: '259200s' },
          { metadata: JSON.stringify({ keyturn: marked(2) }), num_uses: 0, ttl: '5184000s' },
        ],
      );
    }));

  for (const [path, change, differs] of [
    [`${ROLE}/secret-id`, { secret_id_num_uses: 5 }, 'a limit of uses'],
    [`${ROLE}/secret-id`, { secret_id_ttl: 0 }, 'a later expiry'],
    [`${ROLE}/secret-id`, { secret_id_ttl: 5_184_001 }, 'a later expiry'],
    [`${ROLE}/secret-id`, { secret_id_ttl: 3_600 }, undefined],
    [LOOKUP, { metadata: { keyturn: 'another' } }, 'another name'],
    [LOOKUP, { cidr_list: ['192.0.2.0/24'] }, 'other networks (cidr_list)'],
  ] as const)
    it(`that is shown with ${JSON.stringify(change)} differs by: ${differs ?? 'nothing'}`, () =>
      withSetup(CONTRACT, async (setup) => {
        assert.ok(setup.session.kind === 'minting');
        altering(setup, path, change);
        const minted = await setup.session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(minted.differs, differs);
        assert.deepEqual(minted.fields, { role_id: 'role-id-of-app-1' });
      }));

  it('is returned where it cannot be looked up', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, issuer } = setup;
      assert.ok(session.kind === 'minting');
      answering(setup, LOOKUP, failed('permission denied'), 403);
      const { differs, handle, createdAt } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.deepEqual([differs, createdAt], [undefined, undefined]);
      assert.equal((await issuer.credentials(SECRET))[0]?.handle, handle);
    }));

  for (const [words, says] of [
    ["ttl cannot be longer than the role's secret_id_ttl", 'lower maxDays of the grant'],
    ["num_uses cannot be higher than the role's secret_id_num_uses", 'secret_id_num_uses of the role to 0'],
    ['bind_secret_id is not set on the role', 'bind_secret_id is not set on the role'],
  ] as const)
    it(`that Vault refuses since "${words}" is refused in words that help`, () =>
      withSetup(CONTRACT, async (setup) => {
        answering(setup, `${ROLE}/secret-id`, failed(words), 400);
        const error = await rejection(issue(setup.session, marked(1)));
        assertCode(error, 'issuer-refused', says);
      }));
});

describe('a secret ID of the role', () => {
  it('is destroyed by its accessor, and one that is gone is a success that Vault answers with 500', () =>
    withSetup(CONTRACT, async (setup) => {
      const { handle } = await issue(setup.session, marked(1));
      for (let time = 0; time < 2; time++) {
        setup.world.sent.length = 0;
        await setup.session.revoke(handle);
        assert.deepEqual(pathsOf(setup), time === 0 ? [DESTROY] : [DESTROY, LOOKUP]);
        assert.deepEqual(bodyOf(setup.world.sent[0]?.text ?? ''), {
          secret_id_accessor: handle.split('/').at(-1),
        });
      }
    }));

  for (const [status, code] of [
    [200, 'issuer-response-invalid'],
    [400, 'issuer-response-invalid'],
    [500, 'issuer-unreachable'],
  ] as const)
    it(`is not revoked that Vault answers with ${status} and still shows`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { handle } = await issue(setup.session, marked(1));
        answering(setup, DESTROY, failed('x'), status);
        assertCode(await rejection(setup.session.revoke(handle)), code);
      }));

  it('is known by its value without a login, whoever made it, where the list shows it', () =>
    withSetup(CONTRACT, async (setup) => {
      const { issuer, session, world } = setup;
      const value = new Secret(JSON.parse(await issuer.createByHand(SECRET)).secret_id);
      const [made] = await issuer.credentials(SECRET);
      world.sent.length = 0;
      assert.equal((await session.identify(value))?.handle, made?.handle);
      assert.deepEqual(pathsOf(setup), [`${ROLE}/secret-id/lookup`, LIST]);
      answering(setup, LIST, failed(), 404);
      assert.equal(await session.identify(value), undefined);
    }));

  it('is not said to be none by a 204 that is not of Vault', () =>
    withSetup(CONTRACT, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      answering(setup, `${ROLE}/secret-id/lookup`, undefined, 204);
      assertCode(await rejection(setup.session.identify(value)), 'issuer-response-invalid');
    }));
});

describe('a namespace', () => {
  it('stands in a header of each request and in the account, and a mount of several parts in the path', () =>
    withSetup(CONTRACT, async ({ admin, world, issuer }) => {
      const [grant] = admin['grants'];
      const grants = [{ ...grant, namespace: 'team/shop', mount: 'ci/approle' }];
      const session = vaultApprole.open(
        new Secret(JSON.stringify({ ...admin, grants })),
        SECRET,
        world.tools,
      );
      assert.equal(session.account, `${issuer.host}/team/shop/auth/ci/approle/role/app-1`);
      assert.ok(session.kind === 'minting');
      world.intercept((request) => {
        const { pathname } = new URL(request.url);
        return pathname.endsWith('/login') ? Response.json(login()) : undefined;
      });
      await session.probe(new Secret('any'));
      await session.list().catch(() => []);
      assert.deepEqual(
        world.sent.map(({ path, text }) => [path, /^x-vault-namespace: (.+)$/m.exec(text)?.[1]]),
        [
          ['/v1/auth/ci/approle/login', 'team/shop'],
          [REVOKE_SELF, 'team/shop'],
          [LOGIN, undefined],
          ['/v1/auth/ci/approle/role/app-1/secret-id/?list=true', 'team/shop'],
        ],
      );
    }));

  for (const [field, wrong] of [
    ['namespace', '../x'],
    ['namespace', 'team/'],
    ['mount', 'approle/../token'],
    ['mount', ''],
    ['role', 'App'],
    ['role', 'app.'],
    ['roleId', 'a/b'],
  ] as const)
    it(`or another part of a place is refused that could lead elsewhere: ${field} ${wrong}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        admin['grants'][0][field] = wrong;
        assert.throws(
          () => vaultApprole.open(new Secret(JSON.stringify(admin)), SECRET, world.tools),
          new RegExp(`grants\\[0\\]\\.${field}`),
        );
      }));
});

describe('the admin', () => {
  const BY_VALUE = `${ROLE}/secret-id/lookup`;
  const examined = ({ admin, world }: Setup) =>
    vaultApprole.examine(new Secret(JSON.stringify(admin)), world.tools);
  const open = ({ admin, world }: Setup) =>
    listing(vaultApprole.open(new Secret(JSON.stringify(admin)), SECRET, world.tools));

  /** Has the admin be a secret ID of the role that its first grant names. */
  async function owning(setup: Setup): Promise<Setup> {
    const { value } = await issue(setup.session, marked(1), setup.clock.now() + 5 * DAY);
    const { roleId } = setup.admin['grants'][0];
    setup.world.sent.length = 0;
    return { ...setup, admin: { ...setup.admin, role_id: roleId, secret_id: value.reveal() } };
  }

  it('logs in once for each session, at its first request', () =>
    withSetup(CONTRACT, async (setup) => {
      const session = open(setup);
      await session.list();
      await session.list();
      await open(setup).list();
      assert.deepEqual(pathsOf(setup), [LOGIN, LIST, LIST, LOGIN, LIST]);
      const [{ text } = { text: '' }] = setup.world.sent;
      assert.deepEqual(bodyOf(text), {
        role_id: 'role-id-of-keyturn',
        secret_id: setup.admin['secret_id'],
      });
    }));

  it('logs in where it is, and asks where the role is', () =>
    withSetup(CONTRACT, async (setup) => {
      const admin = { ...setup.admin, namespace: 'admin', mount: 'ci/approle' };
      const grants = [{ ...setup.admin['grants'][0], namespace: 'admin/shop' }];
      answering(setup, '/v1/auth/ci/approle/login', login());
      await open({ ...setup, admin: { ...admin, grants } })
        .list()
        .catch(() => []);
      assert.deepEqual(
        setup.world.sent.map(({ path, text }) => [path, /^x-vault-namespace: (.+)$/m.exec(text)?.[1]]),
        [
          ['/v1/auth/ci/approle/login', 'admin'],
          [LIST, 'admin/shop'],
        ],
      );
    }));

  for (const [status, body, code] of [
    [400, failed(REFUSED), 'admin-credential-rejected'],
    [400, failed('missing role_id'), 'issuer-refused'],
    [403, failed('permission denied'), 'admin-credential-rejected'],
    [200, { auth: { client_token: '' } }, 'issuer-response-invalid'],
  ] as const)
    it(`says ${code} of a login that is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        answering(setup, LOGIN, body, status);
        assertCode(await rejection(open(setup).list()), code);
        assert.deepEqual(pathsOf(setup), [LOGIN]);
        assert.equal((await examined(setup)).outcome, 'unknown');
      }));

  it('is asked about each role', () =>
    withSetup(CONTRACT, async (setup) => {
      assert.deepEqual(await examined(setup), { outcome: 'active' });
      assert.deepEqual(pathsOf(setup), [
        LOGIN,
        ROLE,
        `${ROLE}/role-id`,
        ROLE.replace('app-1', 'app-2'),
        `${ROLE.replace('app-1', 'app-2')}/role-id`,
      ]);
    }));

  it('tells when it ends where it is of a role that it grants, as when Keyturn replaces it', () =>
    withSetup(CONTRACT, async (setup) => {
      const own = await owning(setup);
      const isAllowed = (request: Request): boolean => !request.url.endsWith('/login');
      setup.world.intercept(async (request) => {
        if (!isAllowed(request)) return Response.json(login());
        const headers = new Headers(request.headers);
        if (headers.get('x-vault-token') === 'hvs.a') headers.set('x-vault-token', await tokenOf(setup));
        return setup.issuer.fetch(new Request(request, { headers }));
      });
      assert.deepEqual(await examined(own), {
        outcome: 'active',
        expiresAt: setup.clock.now() + 5 * DAY,
      });
      assert.equal(pathsOf(setup).at(-1), BY_VALUE);
      own.admin['grants'][1].roleId = 'another';
      assert.equal((await examined(own)).outcome, 'unknown', 'its other roles count too');
    }));

  for (const [change, words] of [
    [{ status: 403, body: failed('permission denied') }, 'may not look up its own'],
    [{ status: 204, body: undefined }, 'neither yes nor no'],
    [{ status: 200, body: { data: {} } }, 'neither yes nor no'],
  ] as const)
    it(`is unknown where its own secret ID is looked up with ${JSON.stringify(change)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const own = await owning(setup);
        const token = await tokenOf(setup);
        setup.world.intercept((request) => {
          if (request.url.endsWith('/login')) return Response.json(login());
          if (request.url.endsWith(BY_VALUE))
            return new Response(change.body && JSON.stringify(change.body), { status: change.status });
          const headers = new Headers(request.headers);
          headers.set('x-vault-token', token);
          return setup.issuer.fetch(new Request(request, { headers }));
        });
        const probe = await examined(own);
        assert.ok(probe.outcome === 'unknown' && probe.reason.includes(words), JSON.stringify(probe));
      }));

  for (const [path, change, words] of [
    [ROLE, { bind_secret_id: false }, 'takes no secret IDs'],
    [ROLE, { secret_id_num_uses: 1 }, 'end after some uses'],
    [ROLE, { secret_id_ttl: 60 * 86_400 - 1 }, 'from living 60 days'],
    [`${ROLE}/role-id`, { role_id: 'role-id-of-app-2' }, 'another role_id than the grant'],
  ] as const)
    it(`does not rotate where ${path} shows ${JSON.stringify(change)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        altering(setup, path, change);
        const probe = await examined(setup);
        assert.ok(probe.outcome === 'unknown' && probe.reason.includes(words), JSON.stringify(probe));
      }));

  for (const change of [{ secret_id_ttl: 60 * 86_400 }, { secret_id_bound_cidrs: ['192.0.2.0/24'] }])
    it(`rotates where the role shows ${JSON.stringify(change)}`, () =>
      withSetup(CONTRACT, async (setup) => {
        altering(setup, ROLE, change);
        assert.equal((await examined(setup)).outcome, 'active');
      }));

  for (const [path, words] of [
    [ROLE, 'may not read the role app-1'],
    [`${ROLE}/role-id`, 'may not read the role_id of app-1'],
  ] as const)
    it(`is not called refused where ${path} is denied: Vault says that in the words of every "may not"`, () =>
      withSetup(CONTRACT, async (setup) => {
        answering(setup, path, failed('permission denied'), 403);
        const probe = await examined(setup);
        assert.ok(probe.outcome === 'unknown' && probe.reason.includes(words), JSON.stringify(probe));
      }));

  it('is not asked about where it grants nothing', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const text = JSON.stringify({ ...admin, grants: [{ secret: 'x' }] });
      assert.equal((await vaultApprole.examine(new Secret(text), world.tools)).outcome, 'unknown');
      assert.equal(world.sent.length, 0);
    }));
});

/** What the simulator gives the admin for a login. */
async function tokenOf({ admin, issuer }: Setup): Promise<string> {
  const { role_id, secret_id } = JSON.parse(JSON.stringify(admin));
  const answer = await issuer.fetch(
    new Request(`https://${issuer.host}${LOGIN}`, {
      method: 'POST',
      body: JSON.stringify({ role_id, secret_id }),
    }),
  );
  return Object(await answer.json()).auth.client_token;
}
