import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { SubmittedSession } from '../../functions/core/issuer/provider.ts';
import { github } from '../../functions/providers/github/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GithubTokensSimulator } from '../../lib/sandbox/issuers/github.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from '../contracts/world.ts';

const [MINE, OTHER] = ['ci/github', 'ci/other'];

interface Setup {
  readonly clock: VirtualClock;
  readonly issuer: GithubTokensSimulator;
  readonly world: World;
  readonly session: SubmittedSession;
  readonly admin: Secret;
}

function setup(grant: object = {}): Setup {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const issuer = new GithubTokensSimulator({ clock });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const { grants, ...rest } = JSON.parse(issuer.adminSecret([MINE, OTHER]));
  const admin = new Secret(JSON.stringify({ ...rest, grants: [{ ...grants[0], ...grant }, grants[1]] }));
  const session = github.open(admin, MINE, world.tools);
  assert.ok(session.kind === 'submitted');
  return { clock, issuer, world, session, admin };
}

describe('github: a value that a person created', () => {
  it('tells whose it is, what it may do and when it ends', async () => {
    const { issuer, session, clock } = setup();
    const expiresAt = clock.now() + HOUR;
    const value = new Secret(issuer.create(MINE, { scopes: ['repo', 'read:org'], expiresAt }));
    const told = { scopes: ['read:org', 'repo'], expiresAt };
    assert.deepEqual(await session.ask(value), {
      outcome: 'active',
      account: 'users/583231',
      called: 'robot-583231',
      ...told,
    });
    assert.deepEqual(await session.probe(value), { outcome: 'active', ...told });
    const fine = await session.ask(new Secret(issuer.create(MINE)));
    assert.ok(fine.outcome === 'active' && fine.scopes === undefined && fine.expiresAt === undefined);
  });

  it('of another account is none of this one, whether it works or not', async () => {
    const { issuer, session } = setup();
    const probe = await session.probe(new Secret(issuer.create(OTHER)));
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another account than users/583231'));
  });

  for (const [text, at] of [
    ['2026-10-12 09:00:00 UTC', Date.UTC(2026, 9, 12, 9)],
    ['2026-10-12 09:00:00 +0200', Date.UTC(2026, 9, 12, 7)],
    ['soon', undefined],
    ['2026-10-12', undefined],
  ] as const)
    it(`reads the expiry "${text}"${at === undefined ? ', never as none' : ''}`, async () => {
      const { world, session } = setup();
      world.intercept(() =>
        Response.json(
          { id: 583231, login: 'robot', type: 'User' },
          { headers: { 'github-authentication-token-expiration': text } },
        ),
      );
      const shown = await session.ask(new Secret('ghp_x'));
      assert.equal(shown.outcome, at === undefined ? 'unknown' : 'active');
      assert.equal(shown.outcome === 'active' ? shown.expiresAt : undefined, at);
    });

  const notOfTheValue: readonly [string, () => Response][] = [
    [
      '403 for single sign-on',
      () =>
        Response.json({ message: 'Resource protected by organization SAML enforcement.' }, { status: 403 }),
    ],
    [
      '403 for an address that is not on the allow list',
      () => Response.json({ message: 'not on the IP allow list' }, { status: 403 }),
    ],
    [
      'a limit',
      () =>
        Response.json(
          { message: 'API rate limit exceeded' },
          { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' } },
        ),
    ],
    ['a gateway’s 401', () => new Response('Unauthorized', { status: 401 })],
    ['a gateway’s 200', () => new Response('<html>', { status: 200 })],
    ['a server that is down', () => new Response('', { status: 502 })],
  ];
  for (const [what, answer] of notOfTheValue)
    it(`is unknown after ${what}, never refused`, async () => {
      const { issuer, world, session } = setup();
      const value = new Secret(issuer.create(MINE));
      world.intercept(answer);
      const probe = await session.probe(value);
      assert.equal(probe.outcome, 'unknown');
      assert.ok(!everythingIn(probe).includes(value.reveal()));
    });
});

describe('github: revocation by value', () => {
  it('sends the value alone, once and without a credential, and is verified by its refusal', async () => {
    const { issuer, world, session, clock } = setup();
    const value = new Secret(issuer.create(MINE));
    await session.revoke(value);
    assert.equal(world.sent.length, 1);
    const [sent] = world.sent;
    assert.deepEqual([sent?.method, sent?.path], ['POST', '/credentials/revoke']);
    assert.doesNotMatch(sent?.text ?? 'authorization', /authorization/i);
    await clock.advanceBy(MINUTE);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    await session.revoke(value);
  });

  for (const [what, status, headers, code] of [
    ['is throttled', 403, { 'x-ratelimit-remaining': '0', 'retry-after': '3600' }, 'issuer-throttled'],
    ['does not take it', 422, {}, 'issuer-refused'],
    ['is down', 503, {}, 'issuer-unreachable'],
  ] as const)
    it(`is sent once where GitHub ${what}, and the value is in no error`, async () => {
      const { issuer, world, session } = setup();
      const value = new Secret(issuer.create(MINE));
      world.intercept(() => Response.json({ message: value.reveal() }, { status, headers }));
      const error = await rejection(session.revoke(value));
      assertCode(error, code);
      assert.ok(!everythingIn(error).includes(value.reveal()));
      assert.equal(world.sent.length, 1);
    });
});

describe('github: the admin secret', () => {
  it('holds no credential, and shows that GitHub answers', async () => {
    const { admin, world } = setup();
    assert.deepEqual(github.adminValues(admin), []);
    assert.deepEqual(await github.examine(admin, world.tools), { outcome: 'active' });
    world.intercept(() => new Response('hello'));
    assert.equal((await github.examine(admin, world.tools)).outcome, 'unknown');
  });

  it('says which accounts a secret had before, and what its tokens may do', () => {
    const { admin, session, world } = setup({ scopes: ['repo', 'read:org'], formerly: [{ userId: 7 }] });
    assert.deepEqual(session.scopes, ['read:org', 'repo']);
    assert.deepEqual(
      github.reaches(admin, MINE).map(({ account }) => account),
      ['users/583231', 'users/7'],
    );
    assert.ok(github.openAt(admin, MINE, { ...session.reach, account: 'users/7' }, world.tools));
    assert.equal(
      github.openAt(admin, MINE, { ...session.reach, account: 'users/8' }, world.tools),
      undefined,
    );
  });

  for (const [field, grant] of [
    ['userId', { userId: 'robot' }],
    ['scopes', { scopes: ['everything please'] }],
  ] as const)
    it(`names the field ${field} that is wrong`, async () => {
      assertCode(await rejection(Promise.resolve().then(() => setup(grant))), 'admin-invalid', field);
    });
});
