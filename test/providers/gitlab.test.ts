import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as z from 'zod';
import type { MintingSession, Session } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { gitlab } from '../../functions/providers/gitlab/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { GitlabOptions } from '../../lib/sandbox/issuers/gitlab-options.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { assertCode, recordingWorld, rejection } from '../contracts/world.ts';

const KINDS: Record<string, (index: number) => string> = {
  'project tokens': (index) => `projects/${40 + index}`,
  'group tokens': (index) => `groups/${6 + index}`,
  'service account tokens': (index) => `groups/7/service_accounts/${90 + index}`,
  'project service account tokens': (index) => `projects/42/service_accounts/${90 + index}`,
  'personal tokens': (index) => `users/${11 + index}`,
};

function mayCall({ method, path }: { method: string; path: string }, account: string): boolean {
  const resource = account.slice(account.indexOf('/') + 1);
  const user = /^users\/(\d+)$/.exec(resource)?.[1];
  if (path === '/api/v4/personal_access_tokens/self') return method === 'GET';
  if (user === undefined) return path.startsWith(`/api/v4/${resource}/`);
  return (
    path.startsWith(`/api/v4/users/${user}/`) ||
    /^\/api\/v4\/personal_access_tokens\/\d+$/.test(path) ||
    (path.startsWith('/api/v4/personal_access_tokens?') && path.includes(`user_id=${user}`))
  );
}

function contractOf(
  kind: string,
  options: Pick<GitlabOptions, 'resourceOf' | 'basePath' | 'knobs'>,
): ProviderContract {
  const { basePath = '' } = options;
  return {
    name: `GitLab ${kind}`,
    provider: gitlab,
    createIssuer: (clock) => new GitlabSimulator({ clock, ...options }),
    hostField: 'url',
    accountFields: ['resource'],
    made: { id: 'id', value: 'token' },
    adminCredentials: (admin) => [admin['token']],
    malformed: [
      { field: 'token', breakIt: (admin, canary) => (admin['token'] = { canary }) },
      { field: 'url', breakIt: (admin, canary) => (admin['url'] = canary) },
      { field: 'grants', breakIt: (admin, canary) => (admin['grants'] = canary) },
      {
        field: 'grants[0].resource',
        breakIt: (admin, canary) => (admin['grants'][0].resource = `projects/../${canary}`),
      },
      { field: 'grants[0].scopes', breakIt: (admin) => (admin['grants'][0].scopes = []) },
      {
        field: 'grants[1].scopes[0]',
        of: OTHER_SECRET,
        breakIt: (admin, canary) => (admin['grants'][1].scopes[0] = `${canary} !`),
      },
      {
        field: 'grants[0].accessLevel',
        breakIt: (admin, canary) => (admin['grants'][0].accessLevel = canary),
      },
      { field: 'grants[0].maxDays', breakIt: (admin) => delete admin['grants'][0].maxDays },
      { field: 'grants[1].secret', of: OTHER_SECRET, breakIt: (admin) => (admin['grants'][1].secret = '*') },
      { field: 'grants[0]', breakIt: (admin, canary) => (admin['grants'][0][canary] = true) },
    ],
    mayCall: ({ method, path }, account) =>
      path.startsWith(basePath) &&
      mayCall({ method, path: path.slice(basePath.length) }, account.replace(basePath, '')),
    throttled: (wait, now) =>
      new Response('Retry later\n', {
        status: 429,
        headers: { 'ratelimit-reset': String(Math.ceil((now + wait) / SECOND)) },
      }),
    grantedDays: 90,
  };
}

for (const [kind, resourceOf] of Object.entries(KINDS))
  defineProviderContract(contractOf(kind, { resourceOf }));
defineProviderContract(contractOf('under a relative URL', { basePath: '/git/lab' }));
defineProviderContract(
  contractOf('where names get a prefix', { knobs: { rename: (asked) => `acme-${asked}` } }),
);
defineProviderContract(
  contractOf('where names are shortened', { knobs: { rename: (asked) => asked.slice(0, 20) } }),
);

const SECRET = 'billing/gitlab';

/** A simulator, a session for its first secret, and a look at all that is sent. */
function setUp(options: Partial<GitlabOptions> = {}) {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new GitlabSimulator({ clock, ...options });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin = issuer.adminSecret([SECRET]);
  const open = (text = admin) => gitlab.open(new Secret(text), SECRET, world.tools);
  return { clock, issuer, admin, open, ...world, session: minting(open()) };
}

function minting(session: Session): MintingSession {
  assert.ok(session.kind === 'minting');
  return session;
}

const created = (change: Record<string, unknown>) => async (request: Request, answer: Promise<Response>) => {
  if (request.method !== 'POST') return undefined;
  const body = z.record(z.string(), z.unknown()).parse(await (await answer).json());
  return Response.json({ ...body, ...change }, { status: 201 });
};

describe('GitLab provider', () => {
  it('says in the token who made it, and asks for what the grant says', async () => {
    const { session, sent } = setUp();
    await session.mint({ marker: 'keyturn-m', expiresAt: Date.parse('2026-04-01T09:00:00Z') });
    const body = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(sent[0]?.text.split('\n').find((line) => line.startsWith('{')) ?? ''));
    const { description, ...rest } = body;
    assert.deepEqual(rest, {
      name: 'keyturn-m',
      scopes: ['read_api', 'read_repository'],
      expires_at: '2026-04-01',
      access_level: 30,
    });
    assert.match(String(description), /Keyturn/);
  });

  it('ends a token tomorrow at the earliest, since GitLab knows days alone', async () => {
    const { session, clock } = setUp();
    const { expiresAt } = await session.mint({ marker: 'm', expiresAt: clock.now() + HOUR });
    assert.equal(expiresAt, Date.parse('2026-03-03T00:00:00Z'));
  });

  it(
    'counts the longest life of a grant from the date that is today everywhere, since the instance ' +
      'counts it in its own zone',
    async () => {
      const instance = (zone: number, now: number): string =>
        new Date(now + zone * HOUR + 90 * DAY).toISOString().slice(0, 10);
      for (const [zone, hour] of [
        [-12, 0],
        [-8, 1],
        [-8, 23],
        [0, 0],
        [0, 23],
        [14, 11],
      ] as const) {
        const { session, clock } = setUp();
        await clock.advanceTo(Date.parse(`2026-03-10T${String(hour).padStart(2, '0')}:30:00Z`));
        const { expiresAt = Infinity } = await session.mint({ marker: 'm', expiresAt: undefined });
        assert.ok(expiresAt <= Date.parse(instance(zone, clock.now())), `${zone} ${hour}`);
        assert.ok(expiresAt > clock.now() + 88 * DAY);
      }
    },
  );

  it('sees a token expire at midnight of its date', async () => {
    const { session, clock } = setUp();
    const { value, handle } = await session.mint({ marker: 'm', expiresAt: clock.now() + HOUR });
    await clock.advanceTo(Date.parse('2026-03-03T00:00:00Z') - 1);
    assert.equal((await session.probe(value)).outcome, 'active');
    await clock.advanceBy(1);
    assert.equal((await session.probe(value)).outcome, 'inactive');
    assert.equal((await session.list()).find((entry) => entry.handle === handle)?.active, false);
  });

  const differing: Record<string, readonly [Record<string, unknown>, string]> = {
    'another name': [{ name: 'other', description: null }, 'another name'],
    'other scopes': [{ scopes: ['api'] }, 'other scopes'],
    'more scopes': [{ scopes: ['read_api', 'read_repository', 'api'] }, 'other scopes'],
    'fewer scopes': [{ scopes: ['read_api'] }, 'other scopes'],
    'no expiry': [{ expires_at: null }, 'a later expiry'],
    'a later expiry': [{ expires_at: '2027-01-01' }, 'a later expiry'],
    'another role': [{ access_level: 40 }, 'another access level'],
    'a state that is not active': [{ active: false }, 'a state that is not active'],
  };
  for (const [field, [change, differs]] of Object.entries(differing))
    it(`returns a token that was made with ${field}, and says so`, async () => {
      const { session, issuer, intercept } = setUp();
      const alter = created(change);
      intercept((request) =>
        request.method === 'POST' ? alter(request, issuer.fetch(request.clone())) : undefined,
      );
      const minted = await session.mint({ marker: 'keyturn-m', expiresAt: undefined });
      const [made] = await issuer.credentials(SECRET);
      assert.deepEqual(
        [minted.handle, minted.value.reveal(), minted.differs],
        [made?.handle, made?.value, differs],
      );
    });

  it('takes scopes for the same in whatever order, and however often, they are written', async () => {
    const { session, issuer, intercept } = setUp();
    const alter = created({ scopes: ['read_repository', 'read_api', 'read_repository'] });
    intercept((request) =>
      request.method === 'POST' ? alter(request, issuer.fetch(request.clone())) : undefined,
    );
    const { differs, scopes } = await session.mint({ marker: 'keyturn-m', expiresAt: undefined });
    assert.deepEqual([differs, scopes], [undefined, ['read_api', 'read_repository']]);
  });

  it('reads every page, by number and by link, and takes no address from a link', async () => {
    const { session, issuer, intercept, sent } = setUp();
    for (let index = 0; index < 230; index++)
      await session.mint({ marker: `m${index}`, expiresAt: undefined });
    sent.length = 0;
    assert.equal(new Set((await session.list()).map(({ handle }) => handle)).size, 230);
    assert.equal(sent.length, 3);
    // Keyset pages carry a link and no number.
    intercept(async (request) => {
      const answer = await issuer.fetch(request.clone());
      answer.headers.delete('x-next-page');
      const link = answer.headers.get('link');
      if (link) answer.headers.set('link', link.replace(issuer.host, 'evil.example'));
      return answer;
    });
    assert.equal((await session.list()).length, 230);
    assert.ok(sent.every(({ host }) => host === issuer.host));
  });

  it('gives up on a list without end', async () => {
    const { session, intercept } = setUp();
    intercept(() => Response.json([], { headers: { 'x-next-page': '2' } }));
    assertCode(await rejection(session.list()), 'issuer-response-invalid');
  });

  it('tells when a token was last used, as coarsely as GitLab does', async () => {
    const { session, clock } = setUp();
    const { value } = await session.mint({ marker: 'm', expiresAt: undefined });
    const used = async () => (await session.list())[0]?.lastUsedAt;
    assert.equal(await used(), undefined);
    await session.probe(value);
    const first = clock.now();
    assert.equal(await used(), first);
    await clock.advanceBy(9 * MINUTE);
    await session.probe(value);
    assert.equal(await used(), first);
    await clock.advanceBy(MINUTE);
    await session.probe(value);
    assert.equal(await used(), clock.now());
  });

  it("tells GitLab's own reason for a refused creation, and nothing else of the answer", async () => {
    const limited = setUp({ tokenLimit: 0 });
    assertCode(
      await rejection(limited.session.mint({ marker: 'm', expiresAt: undefined })),
      'issuer-refused',
      'answered 400',
      'Access token limit reached',
    );
    const low = setUp({ adminLevel: 20 });
    assertCode(
      await rejection(low.session.mint({ marker: 'm', expiresAt: undefined })),
      'issuer-refused',
      'accessLevel in the grant is higher',
    );
    const { session, intercept } = setUp();
    intercept(() => Response.json({ message: '400 Bad request - canary' }, { status: 400 }));
    const error = await rejection(session.mint({ marker: 'm', expiresAt: undefined }));
    assertCode(error, 'issuer-refused', 'answered 400 to POST');
    assert.ok(!String(error).includes('canary'));
  });

  it("tells GitLab's own reason for a token of an account too, refused with 422", async () => {
    for (const resource of ['users/12', 'groups/7/service_accounts/99', 'projects/42/service_accounts/99']) {
      const { admin, open, clock, intercept } = setUp({ resourceOf: () => resource });
      const json = JSON.parse(admin);
      json.grants[0].maxDays = 400;
      const session = minting(open(JSON.stringify(json)));
      const mintingIt = () => rejection(session.mint({ marker: 'm', expiresAt: clock.now() + 399 * DAY }));
      assertCode(await mintingIt(), 'issuer-refused', 'answered 422', 'Expires at must be before 2027-03-02');
      intercept(() => Response.json({ message: 'Not permitted to create' }, { status: 422 }));
      assertCode(await mintingIt(), 'issuer-refused', 'may not create tokens of the account in the grant');
    }
  });

  it('looks into the list when GitLab cannot find the bot user of a token it is to revoke', async () => {
    const { session, intercept, issuer } = setUp();
    const { handle } = await session.mint({ marker: 'm', expiresAt: undefined });
    intercept((request) =>
      request.method === 'DELETE'
        ? Response.json({ message: '400 Bad request - Failed to find bot user' }, { status: 400 })
        : undefined,
    );
    assertCode(
      await rejection(session.revoke(handle)),
      'issuer-response-invalid',
      handle,
      '400 (Failed to find bot user)',
    );
    await issuer.revokeByHand(handle);
    await session.revoke(handle);
  });

  it("takes no other success than GitLab's own for a revocation", async () => {
    const { session, intercept } = setUp();
    const { handle, value } = await session.mint({ marker: 'm', expiresAt: undefined });
    for (const status of [200, 202]) {
      intercept((request) =>
        request.method === 'DELETE' ? new Response('<html>Sign in</html>', { status }) : undefined,
      );
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', String(status));
    }
    assert.equal((await session.probe(value)).outcome, 'active');
  });

  it('says why a token is not active: revoked and expired are for ever', async () => {
    const { session, clock, intercept } = setUp();
    const [revoked, expired] = [
      await session.mint({ marker: 'r', expiresAt: undefined }),
      await session.mint({ marker: 'e', expiresAt: clock.now() + HOUR }),
    ];
    await session.revoke(revoked.handle);
    await clock.advanceBy(24 * HOUR);
    const states = async () => new Map((await session.list()).map(({ handle, state }) => [handle, state]));
    assert.deepEqual(
      await states(),
      new Map([
        [revoked.handle, 'revoked'],
        [expired.handle, 'expired'],
      ]),
    );
    const strange = {
      id: 1,
      name: 'n',
      active: false,
      revoked: false,
      created_at: '2026-03-02T10:00:00Z',
      expires_at: null,
      scopes: ['api'],
      user_id: 1,
    };
    intercept(() => Response.json([strange]));
    assert.deepEqual([...(await states()).values()], ['disabled']);
  });

  it('refuses the path of the API as a part of its address', async () => {
    const { admin, open } = setUp();
    assertCode(
      await rejection(
        Promise.resolve().then(() =>
          open(admin.replace('gitlab.keyturn.test', 'gitlab.keyturn.test/api/v4')),
        ),
      ),
      'admin-invalid',
      'url',
      'before /api/v4',
    );
  });

  it('believes a 404 to a revoke only when the list agrees', async () => {
    const { session, intercept, issuer } = setUp();
    const { handle } = await session.mint({ marker: 'm', expiresAt: undefined });
    intercept((request) => (request.method === 'DELETE' ? new Response('{}', { status: 404 }) : undefined));
    assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
    await issuer.revokeByHand(handle);
    await session.revoke(handle);
  });

  it('takes for a refusal the words of GitLab about this token, and nothing else', async () => {
    const { session, intercept } = setUp();
    const said = async (status: number, body: unknown) => {
      intercept(() => Response.json(body, { status }));
      return (await session.probe(new Secret('glpat-x'))).outcome;
    };
    const invalid = (description?: string) => ({ error: 'invalid_token', error_description: description });
    for (const body of [
      { message: '401 Unauthorized' },
      invalid('Token was revoked. You have to re-authorize from the user.'),
      invalid('Token is expired. You can either do re-authorization or token refresh.'),
    ]) {
      assert.equal(await said(401, body), 'inactive');
      for (const status of [200, 400, 403, 404]) assert.equal(await said(status, body), 'unknown');
    }
    // An impersonation token while impersonation is off works again when it is on.
    for (const body of [
      invalid('Token is an impersonation token but impersonation was disabled.'),
      invalid(),
      invalid('Token was revoked.'),
      { message: '401 unauthorized' },
      { message: '401 Unauthorized', id: 1 },
      { error: 'dpop_error' },
      { error: 'restricted_language_server_client_error' },
    ])
      assert.equal(await said(401, body), 'unknown', JSON.stringify(body));
  });

  it('creates, lists and revokes at the service account that the grant names, and nowhere else', async () => {
    for (const owner of ['groups/7', 'projects/42']) {
      const { session, sent } = setUp({ resourceOf: () => `${owner}/service_accounts/99` });
      const { handle } = await session.mint({ marker: 'm', expiresAt: undefined });
      assert.equal((await session.list())[0]?.active, true);
      await session.revoke(handle);
      assert.equal((await session.list())[0]?.state, 'revoked');
      const tokens = `/api/v4/${owner}/service_accounts/99/personal_access_tokens`;
      assert.deepEqual(
        sent.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
        [`POST ${tokens}`, `GET ${tokens}`, `DELETE ${tokens}/${handle.split('/').at(-1)}`, `GET ${tokens}`],
      );
    }
  });

  it("keeps a project's tokens and those of its service account apart", async () => {
    const { issuer, tools } = setUp({
      resourceOf: (index) => ['projects/42', 'projects/42/service_accounts/99'][index - 1] ?? 'projects/1',
    });
    const admin = new Secret(issuer.adminSecret(['a', 'b']));
    const [project, account] = ['a', 'b'].map((name) => minting(gitlab.open(admin, name, tools)));
    assert.ok(project && account);
    const { handle, value } = await account.mint({ marker: 'm', expiresAt: undefined });
    assert.deepEqual(await project.list(), []);
    assertCode(await rejection(project.revoke(handle)), 'not-granted');
    assert.equal((await account.probe(value)).outcome, 'active');
  });

  it("takes no other user's token from the list of a service account", async () => {
    const { session, intercept, issuer } = setUp({ resourceOf: () => 'projects/42/service_accounts/99' });
    const { handle } = await session.mint({ marker: 'm', expiresAt: undefined });
    assert.deepEqual(
      (await session.list()).map((entry) => entry.handle),
      [handle],
    );
    intercept(async (request) => {
      const tokens = z
        .array(z.record(z.string(), z.unknown()))
        .parse(await (await issuer.fetch(request)).json());
      return Response.json(tokens.map((token) => ({ ...token, user_id: 98 })));
    });
    assert.deepEqual(await session.list(), []);
  });

  it("revokes no other user's token, though GitLab would let an administrator", async () => {
    const { issuer, world, sessions } = twoUsers();
    const { handle, value } = await sessions[1].mint({ marker: 'm', expiresAt: undefined });
    const forged = handle.replace('/users/13/', '/users/12/');
    assert.notEqual(forged, handle);
    assertCode(await rejection(sessions[0].revoke(forged)), 'not-granted');
    assert.ok(!world.sent.some(({ method }) => method === 'DELETE'));
    assert.equal((await sessions[1].probe(value)).outcome, 'active');
    assert.equal((await issuer.credentials('b'))[0]?.live, true);
  });

  it("believes a 404 about a user's token only when the list agrees", async () => {
    const { world, sessions } = twoUsers();
    const { handle } = await sessions[0].mint({ marker: 'm', expiresAt: undefined });
    world.intercept((request) =>
      /\/personal_access_tokens\/\d+$/.test(request.url) ? new Response('{}', { status: 404 }) : undefined,
    );
    assertCode(await rejection(sessions[0].revoke(handle)), 'issuer-response-invalid', handle);
    assert.ok(!world.sent.some(({ method }) => method === 'DELETE'));
  });

  it("takes no other user's token for its own, even from an instance that ignores the filter", async () => {
    const { issuer, world, sessions } = twoUsers();
    const { value } = await sessions[1].mint({ marker: 'm', expiresAt: undefined });
    world.intercept((request) =>
      new URL(request.url).searchParams.has('user_id')
        ? issuer.fetch(new Request(request.url.replace('user_id=12', 'user_id=13'), request))
        : undefined,
    );
    assert.deepEqual(await sessions[0].list(), []);
    assert.equal(await sessions[0].identify(value), undefined);
  });

  it('takes grants of 400 days, which an instance may allow, and of no more', async () => {
    const { admin, open } = setUp();
    const lasting = (maxDays: number) => {
      const json = JSON.parse(admin);
      json.grants[0].maxDays = maxDays;
      return JSON.stringify(json);
    };
    assert.equal(open(lasting(400)).maxDays, 400);
    assertCode(
      await rejection(Promise.resolve().then(() => open(lasting(401)))),
      'admin-invalid',
      'grants[0].maxDays',
    );
  });

  it('never replaces in place: no file of it knows the call', () => {
    const folder = new URL('../../functions/providers/gitlab/', import.meta.url);
    for (const file of readdirSync(folder))
      assert.doesNotMatch(readFileSync(new URL(file, folder), 'utf8'), /\/rotate/, file);
  });

  it(
    'asks for the role where GitLab would take Maintainer unasked, ' +
      'and refuses it where it means nothing',
    async () => {
      const { admin, open } = setUp();
      const grants = (change: Record<string, unknown>) =>
        JSON.stringify({
          ...JSON.parse(admin),
          grants: [{ secret: SECRET, scopes: ['api'], maxDays: 9, ...change }],
        });
      const opening = (change: Record<string, unknown>) =>
        rejection(Promise.resolve().then(() => open(grants(change))));
      for (const resource of ['projects/1', 'groups/1'])
        assertCode(await opening({ resource }), 'admin-invalid', 'grants[0].accessLevel');
      for (const resource of ['users/1', 'groups/1/service_accounts/2', 'projects/1/service_accounts/2'])
        assertCode(await opening({ resource, accessLevel: 30 }), 'admin-invalid', 'grants[0].accessLevel');
      for (const resource of [
        'projects/a',
        'projects/1/2',
        'projects/1/',
        '/projects/1',
        'groups/1/service_accounts',
        'projects/1/service_accounts',
        'projects/1/service_accounts/2/3',
        'users/1/service_accounts/2',
        'instance',
        'projects/1?x',
      ])
        assertCode(await opening({ resource, accessLevel: 30 }), 'admin-invalid', 'grants[0].resource');
    },
  );
});

function twoUsers() {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new GitlabSimulator({ clock, resourceOf: (index) => `users/${11 + index}` });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin = new Secret(issuer.adminSecret(['a', 'b']));
  const sessions = [
    minting(gitlab.open(admin, 'a', world.tools)),
    minting(gitlab.open(admin, 'b', world.tools)),
  ] as const;
  return { issuer, world, sessions };
}
