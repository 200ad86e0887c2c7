import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { DAY, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { GitlabSimulator } from '../../../lib/sandbox/issuers/gitlab.ts';
import type { GitlabOptions } from '../../../lib/sandbox/issuers/gitlab-options.ts';
import type { IssuerKnobs } from '../../../lib/sandbox/issuers/knobs.ts';

const Made = z.object({
  id: z.number(),
  token: z.string(),
  expires_at: z.string(),
  access_level: z.number().optional(),
  user_id: z.number(),
});
const GOOD = { name: 'n', scopes: ['read_api'], expires_at: '2026-03-20', access_level: 20 };

function setUp(options: Partial<GitlabOptions> = {}) {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:00:00Z'));
  const gitlab = new GitlabSimulator({ clock, ...options });
  const { token: admin } = z.object({ token: z.string() }).parse(JSON.parse(gitlab.adminSecret(['a', 'b'])));
  const call = (
    method: string,
    path: string,
    { token = admin, body }: { token?: string; body?: unknown } = {},
  ) =>
    gitlab.fetch(
      new Request(`https://${gitlab.host}/api/v4${path}`, {
        method,
        headers: { 'private-token': token },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  const make = async (change: Record<string, unknown> = {}, path = '/projects/101/access_tokens') =>
    Made.parse(await (await call('POST', path, { body: { ...GOOD, ...change } })).json());
  const self = (token: string) => call('GET', '/personal_access_tokens/self', { token });
  return { clock, gitlab, admin, call, make, self };
}

describe('GitLab simulator', () => {
  it('is the same for the same seed, and another for another', async () => {
    const value = async (seed: number) => (await setUp({ seed }).make()).token;
    assert.equal(await value(3), await value(3));
    assert.notEqual(await value(3), await value(4));
    assert.match(await value(3), /^glpat-[\w-]{27}\.01\.[0-9a-z]{9}$/);
  });

  const complaints: readonly (readonly [Record<string, unknown>, unknown])[] = [
    [{ name: undefined }, { error: 'name is missing' }],
    [{ scopes: undefined }, { error: 'scopes is missing' }],
    [{ scopes: ['everything'] }, { error: 'scopes does not have a valid value' }],
    [{ scopes: ['read_user'] }, { error: 'scopes does not have a valid value' }],
    [{ access_level: 60 }, { error: 'access_level does not have a valid value' }],
    [{ expires_at: 'soon' }, { error: 'expires_at is invalid' }],
    [{ expires_at: '2027-03-03' }, { message: '400 Bad request - Expires at must be before 2027-03-02' }],
    [{ expires_at: '2026-03-02' }, { message: '400 Bad request - Expires at cannot be in the past' }],
  ];
  for (const [change, complaint] of complaints)
    it(`complains of ${JSON.stringify(change)}`, async () => {
      const answer = await setUp().call('POST', '/projects/101/access_tokens', {
        body: { ...GOOD, ...change },
      });
      assert.deepEqual([answer.status, await answer.json()], [400, complaint]);
    });

  it('takes the last day that the instance allows, and the longest lifetime when none is named', async () => {
    assert.equal((await setUp().make({ expires_at: '2027-03-02' })).expires_at, '2027-03-02');
    assert.equal((await setUp({ maxDays: 400 }).make({ expires_at: '2027-04-06' })).expires_at, '2027-04-06');
    assert.equal((await setUp().make({ expires_at: undefined })).expires_at, '2027-03-02');
  });

  it('makes a Maintainer by default, with a bot of its own', async () => {
    const { make } = setUp();
    const [first, second] = [await make({ access_level: undefined }), await make()];
    assert.equal(first.access_level, 40);
    assert.notEqual(first.user_id, second.user_id);
  });

  it('tells unknown, revoked and expired values apart', async () => {
    const { self, make, call, clock } = setUp();
    const [revoked, expired] = [await make(), await make({ expires_at: '2026-03-03' })];
    assert.equal((await call('DELETE', `/projects/101/access_tokens/${revoked.id}`)).status, 204);
    await clock.advanceBy(DAY);
    const said = async (token: string) => {
      const answer = await self(token);
      assert.equal(answer.status, 401);
      return answer.text();
    };
    assert.match(await said(revoked.token), /Token was revoked/);
    assert.match(await said(expired.token), /Token is expired/);
    assert.match(await said('glpat-nobody'), /401 Unauthorized/);
  });

  it('delays new credentials and revocations as its options say', async () => {
    const { self, make, clock, call } = setUp({ delays: { propagation: 5 * SECOND, revokeLag: 8 * SECOND } });
    const { id, token } = await make();
    const statusAfter = async (wait: number) => (await clock.advanceBy(wait), (await self(token)).status);
    assert.equal(await statusAfter(4_999), 401);
    assert.equal(await statusAfter(1), 200);
    await call('DELETE', `/projects/101/access_tokens/${id}`);
    assert.equal(await statusAfter(7_999), 200);
    assert.equal(await statusAfter(1), 401);
  });

  it('lets no minted token manage tokens', async () => {
    const { make, call } = setUp();
    const weak = await make();
    const strong = await make({ scopes: ['api'] });
    assert.equal((await call('GET', '/projects/101/access_tokens', { token: weak.token })).status, 403);
    assert.equal((await call('GET', '/projects/101/access_tokens', { token: strong.token })).status, 401);
    const said = async (method: string, path: string, body?: unknown) => {
      const answer = await call(method, path, { token: strong.token, ...(body !== undefined && { body }) });
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await said('POST', '/projects/101/access_tokens', GOOD), [
      400,
      '{"message":"400 Bad request - User does not have permission to create project access token"}',
    ]);
    assert.deepEqual(await said('DELETE', `/projects/101/access_tokens/${weak.id}`), [
      400,
      '{"message":"400 Bad request - Ann Example cannot delete n"}',
    ]);
    assert.equal(
      (await call('DELETE', `/projects/101/access_tokens/${weak.id}`, { token: weak.token })).status,
      403,
    );
  });

  for (const owner of ['groups/7', 'projects/42'])
    it(`answers for service accounts of ${owner} as GitLab does, also what it refuses`, async () => {
      const { make, call } = setUp({ resourceOf: (index) => `${owner}/service_accounts/${90 + index}` });
      const path = `/${owner}/service_accounts/91/personal_access_tokens`;
      const { id, token, user_id: user, access_level: level } = await make({ scopes: ['api'] }, path);
      assert.deepEqual([user, level], [91, undefined]);
      const said = async (method: string, at: string, asked: { token?: string; body?: unknown } = {}) => {
        const answer = await call(method, at, asked);
        return [answer.status, z.object({ message: z.string() }).parse(await answer.json()).message];
      };
      const forbidden = [403, '403 Forbidden'];
      assert.deepEqual(await said('GET', path, { token }), forbidden);
      assert.deepEqual(await said('POST', path, { token, body: GOOD }), forbidden);
      assert.deepEqual(await said('DELETE', `${path}/${id}`, { token }), forbidden);
      const nobody = [404, '404 User Not Found'];
      assert.deepEqual(await said('GET', path.replace('91', '99')), nobody);
      assert.deepEqual(await said('DELETE', `${path}/1`), [404, '404 Personal Access Token Not Found']);
      assert.deepEqual(await said('POST', path, { body: { ...GOOD, expires_at: '2027-03-03' } }), [
        422,
        'Expires at must be before 2027-03-02',
      ]);
      assert.equal((await call('DELETE', `${path}/${id}`)).status, 204);
    });

  it('has a limit of tokens and gives no role above its own, where its options say so', async () => {
    const said = async (options: Partial<GitlabOptions>, times: number) => {
      const { call } = setUp(options);
      let answer = await call('POST', '/projects/101/access_tokens', { body: GOOD });
      for (let time = 1; time < times; time++)
        answer = await call('POST', '/projects/101/access_tokens', { body: GOOD });
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await said({ tokenLimit: 1 }, 2), [
      400,
      '{"message":"400 Bad request - Access token limit reached"}',
    ]);
    assert.deepEqual(await said({ adminLevel: 10 }, 1), [
      400,
      '{"message":"400 Bad request - Access level of the token contains permissions ' +
        'not held by the creating user"}',
    ]);
    assert.equal((await said({ adminLevel: 20, tokenLimit: 2 }, 2))[0], 201);
  });

  it('takes scopes of accounts for tokens of accounts, and the roles and scopes of 2026', async () => {
    const { call, make } = setUp({ resourceOf: (index) => `users/${10 + index}` });
    assert.equal(
      (
        await call('POST', '/users/11/personal_access_tokens', {
          body: { ...GOOD, scopes: ['read_user', 'read_virtual_registry'] },
        })
      ).status,
      201,
    );
    const refused = await call('POST', '/users/11/personal_access_tokens', {
      body: { ...GOOD, scopes: ['everything'] },
    });
    assert.deepEqual(await refused.json(), {
      message: '400 Bad request - Scopes can only contain available scopes',
    });
    assert.equal(
      (await setUp().make({ scopes: ['write_observability'], access_level: 25 })).access_level,
      25,
    );
    assert.equal((await make({}, '/users/11/personal_access_tokens')).access_level, undefined);
  });

  it('tells a token no role of itself', async () => {
    const { make, self } = setUp();
    const fields = z.record(z.string(), z.unknown()).parse(await (await self((await make()).token)).json());
    assert.ok('scopes' in fields && !('access_level' in fields));
  });

  it('lies below a base path, and nowhere else, when it has one', async () => {
    const { gitlab, admin } = setUp({ basePath: '/gitlab' });
    const get = async (path: string) =>
      (
        await gitlab.fetch(
          new Request(`https://${gitlab.host}${path}`, { headers: { 'private-token': admin } }),
        )
      ).status;
    assert.equal(await get('/gitlab/api/v4/projects/101/access_tokens'), 200);
    assert.equal(await get('/api/v4/projects/101/access_tokens'), 404);
    assert.match(gitlab.adminSecret(['a']), /"https:\/\/gitlab\.keyturn\.test\/gitlab"/);
    assert.equal((await gitlab.fetch(gitlab.consume(await gitlab.createByHand('a'), 'x'))).status, 200);
  });

  describe('in a rough world', () => {
    it('is not reached through what stands before it', async () => {
      const knobs: IssuerKnobs = {};
      const { gitlab, self, make } = setUp({ knobs });
      const { token } = await make();
      knobs.gateway = () => Response.json({ message: 'Unauthorized' }, { status: 401 });
      assert.deepEqual(await (await self(token)).json(), { message: 'Unauthorized' });
      assert.equal(gitlab.log().at(-1)?.handle, undefined);
      delete knobs.gateway;
      assert.equal((await self(token)).status, 200);
    });

    it('keeps other names, lists late, leaves out and gives ids out again', async () => {
      const knobs: IssuerKnobs = {
        rename: (asked) => `ci-${asked.slice(0, 3)}`,
        listDelay: MINUTE,
        reusesIds: true,
      };
      const { gitlab, make, call, clock } = setUp({ knobs });
      const listed = async () =>
        z
          .array(z.object({ id: z.number(), name: z.string() }))
          .parse(await (await call('GET', '/projects/101/access_tokens')).json());
      const first = await make({ name: 'marker' });
      assert.deepEqual(await listed(), []);
      await clock.advanceBy(MINUTE);
      assert.deepEqual(await listed(), [{ id: first.id, name: 'ci-mar' }]);
      knobs.omits = (handle) => handle.endsWith(`/${first.id}`);
      assert.deepEqual(await listed(), []);
      knobs.omits = () => false;
      await call('DELETE', `/projects/101/access_tokens/${first.id}`);
      const second = await make();
      assert.equal(second.id, first.id);
      assert.equal((await call('GET', '/personal_access_tokens/self', { token: first.token })).status, 401);
      assert.deepEqual(
        (await gitlab.credentials('a')).map(({ value, live }) => [value, live]),
        [
          [second.token, true],
          [first.token, false],
        ],
      );
    });

    it('has forgotten an account that was deleted, and its tokens', async () => {
      const { gitlab, make, call, self } = setUp({ knobs: { gone: new Set(['b']) } });
      const { token } = await make();
      assert.equal((await self(token)).status, 200);
      assert.equal((await call('GET', '/projects/102/access_tokens')).status, 404);
      const gone = await gitlab.createByHand('b');
      const answer = await gitlab.fetch(gitlab.consume(gone, 'x'));
      assert.deepEqual([answer.status, await answer.json()], [401, { message: '401 Unauthorized' }]);
      assert.equal((await gitlab.credentials('b'))[0]?.live, false);
    });
  });

  it('knows only the resources it granted, and keeps them apart', async () => {
    const { make, call } = setUp();
    const { id } = await make();
    for (const [method, path] of [
      ['GET', '/projects/999/access_tokens'],
      ['GET', `/projects/102/access_tokens/${id}`],
      ['DELETE', `/projects/102/access_tokens/${id}`],
      ['GET', '/nonsense'],
    ] as const)
      assert.equal((await call(method, path)).status, 404, path);
  });

  it('throttles in plain text and says until when', async () => {
    const { call, clock } = setUp({ requestsPerMinute: 2 });
    for (const expected of [200, 200, 429]) assert.equal((await call('GET', '/version')).status, expected);
    await clock.advanceBy(10 * SECOND);
    const answer = await call('GET', '/version');
    assert.equal(await answer.text(), 'Retry later\n');
    assert.equal(answer.headers.get('retry-after'), '50');
    assert.equal(answer.headers.get('ratelimit-reset'), String((clock.now() + 50 * SECOND) / SECOND));
    await clock.advanceBy(50 * SECOND);
    assert.equal((await call('GET', '/version')).status, 200);
  });

  it('pages, twenty at a time and a hundred at most', async () => {
    const { call, make } = setUp();
    for (let index = 0; index < 101; index++) await make();
    const look = async (query: string) => {
      const answer = await call('GET', `/projects/101/access_tokens${query}`);
      return [
        z.array(z.unknown()).parse(await answer.json()).length,
        answer.headers.get('x-next-page'),
        answer.headers.has('link'),
      ];
    };
    assert.deepEqual(await look(''), [20, '2', true]);
    assert.deepEqual(await look('?per_page=500'), [100, '2', true]);
    assert.deepEqual(await look('?per_page=100&page=2'), [1, '', false]);
  });

  it('serves a consumer with either kind of secret, and notes who called', async () => {
    const { gitlab, clock } = setUp();
    const text = await gitlab.createByHand('a');
    const bare = z.object({ token: z.string() }).parse(JSON.parse(text)).token;
    for (const secret of [text, bare])
      assert.equal((await gitlab.fetch(gitlab.consume(secret, 'billing/1.0'))).status, 200);
    const [credential] = await gitlab.credentials('a');
    assert.deepEqual(gitlab.log().at(-1), {
      at: clock.now(),
      operation: 'GET /api/v4/version',
      status: 200,
      handle: credential?.handle,
      agent: 'billing/1.0',
    });
    await gitlab.revokeByHand(credential?.handle ?? '');
    assert.equal((await gitlab.credentials('a'))[0]?.live, false);
    assert.equal((await gitlab.fetch(gitlab.consume(text, 'billing/1.0'))).status, 401);
    assert.equal(gitlab.log().at(-1)?.handle, credential?.handle);
  });

  it('updates the last use every ten minutes at most', async () => {
    const { make, self, clock } = setUp();
    const { token } = await make();
    const seen = async () =>
      z.object({ last_used_at: z.string().nullable() }).parse(await (await self(token)).json()).last_used_at;
    await seen();
    const first = await seen();
    await clock.advanceBy(10 * MINUTE - 1);
    assert.equal(await seen(), first);
    await seen();
    await clock.advanceBy(MINUTE);
    await seen();
    assert.notEqual(await seen(), first);
  });
});
