import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as z from 'zod';
import type { MintingSession, Session } from '../../functions/core/provider.ts';
import { Secret } from '../../functions/core/secret.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/time.ts';
import { gitlab } from '../../functions/providers/gitlab/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { GitlabSimulator, type GitlabOptions } from '../../lib/sandbox/issuers/gitlab.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { assertCode, everythingIn, recordingWorld, rejection } from '../contracts/world.ts';

const KINDS: Record<string, (index: number) => string> = {
  'project tokens': (index) => `projects/${40 + index}`,
  'group tokens': (index) => `groups/${6 + index}`,
  'service account tokens': (index) => `groups/7/service_accounts/${90 + index}`,
  'personal tokens': (index) => `users/${11 + index}`,
};

function mayCall({ method, path }: { method: string; path: string }, account: string): boolean {
  const resource = account.slice(account.indexOf('/') + 1);
  const user = /^users\/(\d+)$/.exec(resource)?.[1];
  if (path === '/api/v4/personal_access_tokens/self') return method === 'GET';
  if (user === undefined) return path.startsWith(`/api/v4/${resource}/`);
  return path.startsWith(`/api/v4/users/${user}/`) || /^\/api\/v4\/personal_access_tokens\/\d+$/.test(path) || (path.startsWith('/api/v4/personal_access_tokens?') && path.includes(`user_id=${user}`));
}

function contractOf(kind: string, resourceOf: (index: number) => string): ProviderContract {
  return {
    name: `GitLab ${kind}`,
    provider: gitlab,
    createIssuer: (clock) => new GitlabSimulator({ clock, resourceOf }),
    hostField: 'url',
    adminCredentials: (admin) => [admin['token']],
    malformed: [
      { field: 'token', breakIt: (admin, canary) => (admin['token'] = { canary }) },
      { field: 'url', breakIt: (admin, canary) => (admin['url'] = canary) },
      { field: 'grants', breakIt: (admin, canary) => (admin['grants'] = canary) },
      { field: 'grants[0].resource', breakIt: (admin, canary) => (admin['grants'][0].resource = `projects/../${canary}`) },
      { field: 'grants[0].scopes', breakIt: (admin) => (admin['grants'][0].scopes = []) },
      { field: 'grants[1].scopes[0]', breakIt: (admin, canary) => (admin['grants'][1].scopes = [`${canary} !`]) },
      { field: 'grants[0].accessLevel', breakIt: (admin, canary) => (admin['grants'][0].accessLevel = canary) },
      { field: 'grants[0].maxDays', breakIt: (admin) => delete admin['grants'][0].maxDays },
      { field: 'grants[1].secret', breakIt: (admin) => (admin['grants'][1].secret = '*') },
      { field: 'grants[0]', breakIt: (admin, canary) => (admin['grants'][0][canary] = true) },
    ],
    mayCall,
    throttled: (wait, now) => new Response('Retry later\n', { status: 429, headers: { 'ratelimit-reset': String(Math.ceil((now + wait) / SECOND)) } }),
    grantedDays: 90,
  };
}

for (const [kind, resourceOf] of Object.entries(KINDS)) defineProviderContract(contractOf(kind, resourceOf));

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
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse(sent[0]?.text.split('\n').find((line) => line.startsWith('{')) ?? ''));
    const { description, ...rest } = body;
    assert.deepEqual(rest, { name: 'keyturn-m', scopes: ['read_api', 'read_repository'], expires_at: '2026-04-01', access_level: 30 });
    assert.match(String(description), /Keyturn/);
  });

  it('ends a token tomorrow at the earliest, since GitLab knows days alone', async () => {
    const { session, clock } = setUp();
    const { expiresAt } = await session.mint({ marker: 'm', expiresAt: clock.now() + HOUR });
    assert.equal(expiresAt, Date.parse('2026-03-03T00:00:00Z'));
  });

  it('counts the longest life of a grant from the date that is today everywhere, since the instance counts it in its own zone', async () => {
    const instance = (zone: number, now: number): string => new Date(now + zone * HOUR + 90 * DAY).toISOString().slice(0, 10);
    for (const [zone, hour] of [[-12, 0], [-8, 1], [-8, 23], [0, 0], [0, 23], [14, 11]] as const) {
      const { session, clock } = setUp();
      await clock.advanceTo(Date.parse(`2026-03-10T${String(hour).padStart(2, '0')}:30:00Z`));
      const { expiresAt = Infinity } = await session.mint({ marker: 'm', expiresAt: undefined });
      assert.ok(expiresAt <= Date.parse(instance(zone, clock.now())), `${zone} ${hour}`);
      assert.ok(expiresAt > clock.now() + 88 * DAY);
    }
  });

  it('sees a token die at midnight of its date', async () => {
    const { session, clock } = setUp();
    const { value, handle } = await session.mint({ marker: 'm', expiresAt: clock.now() + HOUR });
    await clock.advanceTo(Date.parse('2026-03-03T00:00:00Z') - 1);
    assert.equal((await session.probe(value)).outcome, 'alive');
    await clock.advanceBy(1);
    assert.equal((await session.probe(value)).outcome, 'refused');
    assert.equal((await session.list()).find((entry) => entry.handle === handle)?.active, false);
  });

  for (const [field, change] of Object.entries({ name: { name: 'other' }, scopes: { scopes: ['api'] }, 'more scopes': { scopes: ['read_api', 'read_repository', 'api'] }, 'fewer scopes': { scopes: ['read_api'] }, 'no expiry': { expires_at: null }, 'a later expiry': { expires_at: '2027-01-01' }, 'another role': { access_level: 40 } }))
    it(`gives up a token made with ${field}, and leaves it to be found by its marker`, async () => {
      const { session, issuer, intercept } = setUp();
      const alter = created(change);
      intercept((request) => (request.method === 'POST' ? alter(request, issuer.fetch(request.clone())) : undefined));
      const error = await rejection(session.mint({ marker: 'keyturn-m', expiresAt: undefined }));
      assertCode(error, 'issuer-answer');
      intercept(undefined);
      const [lost] = await issuer.credentials(SECRET);
      assert.ok(lost && !everythingIn(error).includes(lost.value));
      assert.deepEqual((await session.list()).map(({ name, handle }) => [name, handle]), [['keyturn-m', lost.handle]]);
    });

  it('reads every page, by number and by link, and takes no address from a link', async () => {
    const { session, issuer, intercept, sent } = setUp();
    for (let index = 0; index < 230; index++) await session.mint({ marker: `m${index}`, expiresAt: undefined });
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
    assertCode(await rejection(session.list()), 'issuer-answer');
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

  it('believes a 404 to a revoke only when the list agrees', async () => {
    const { session, intercept, issuer } = setUp();
    const { handle } = await session.mint({ marker: 'm', expiresAt: undefined });
    intercept((request) => (request.method === 'DELETE' ? new Response('{}', { status: 404 }) : undefined));
    assertCode(await rejection(session.revoke(handle)), 'issuer-answer', handle);
    await issuer.killByHand(handle);
    await session.revoke(handle);
  });

  it('takes 403, a proxy and a proof of possession for unknown, and only a refusal for a refusal', async () => {
    const { session, intercept } = setUp();
    const outcome = async (response: Response) => {
      intercept(() => response);
      return (await session.probe(new Secret('glpat-x'))).outcome;
    };
    assert.equal(await outcome(Response.json({ message: '401 Unauthorized' }, { status: 401 })), 'refused');
    assert.equal(await outcome(Response.json({ error: 'invalid_token' }, { status: 401 })), 'refused');
    assert.equal(await outcome(Response.json({ error: 'dpop_error' }, { status: 401 })), 'unknown');
    assert.equal(await outcome(new Response('<html>Proxy login', { status: 401 })), 'unknown');
    assert.equal(await outcome(Response.json({}, { status: 401 })), 'unknown');
    assert.equal(await outcome(Response.json({ message: '403 Forbidden' }, { status: 403 })), 'unknown');
    assert.equal(await outcome(new Response('', { status: 404 })), 'unknown');
  });

  it('revokes no other user\'s token, though GitLab would let an administrator', async () => {
    const { issuer, world, sessions } = twoUsers();
    const { handle, value } = await sessions[1].mint({ marker: 'm', expiresAt: undefined });
    const forged = handle.replace('/users/13/', '/users/12/');
    assert.notEqual(forged, handle);
    assertCode(await rejection(sessions[0].revoke(forged)), 'not-granted');
    assert.ok(!world.sent.some(({ method }) => method === 'DELETE'));
    assert.equal((await sessions[1].probe(value)).outcome, 'alive');
    assert.equal((await issuer.credentials('b'))[0]?.live, true);
  });

  it('takes no other user\'s token for its own, even from an instance that ignores the filter', async () => {
    const { issuer, world, sessions } = twoUsers();
    const { value } = await sessions[1].mint({ marker: 'm', expiresAt: undefined });
    world.intercept((request) => (new URL(request.url).searchParams.has('user_id') ? issuer.fetch(new Request(request.url.replace('user_id=12', 'user_id=13'), request)) : undefined));
    assert.deepEqual(await sessions[0].list(), []);
    assert.equal(await sessions[0].identify(value), undefined);
  });

  it('never replaces in place: no file of it knows the call', () => {
    const folder = new URL('../../functions/providers/gitlab/', import.meta.url);
    for (const file of readdirSync(folder)) assert.doesNotMatch(readFileSync(new URL(file, folder), 'utf8'), /\/rotate/, file);
  });

  it('asks for the role where GitLab would take Maintainer unasked, and refuses it where it means nothing', async () => {
    const { admin, open } = setUp();
    const grants = (change: Record<string, unknown>) => JSON.stringify({ ...JSON.parse(admin), grants: [{ secret: SECRET, scopes: ['api'], maxDays: 9, ...change }] });
    const opening = (change: Record<string, unknown>) => rejection(Promise.resolve().then(() => open(grants(change))));
    for (const resource of ['projects/1', 'groups/1']) assertCode(await opening({ resource }), 'admin-malformed', 'grants[0].accessLevel');
    for (const resource of ['users/1', 'groups/1/service_accounts/2']) assertCode(await opening({ resource, accessLevel: 30 }), 'admin-malformed', 'grants[0].accessLevel');
    for (const resource of ['projects/a', 'projects/1/2', 'projects/1/', '/projects/1', 'groups/1/service_accounts', 'instance', 'projects/1?x']) assertCode(await opening({ resource, accessLevel: 30 }), 'admin-malformed', 'grants[0].resource');
  });
});

function twoUsers() {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = new GitlabSimulator({ clock, resourceOf: (index) => `users/${11 + index}` });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin = new Secret(issuer.adminSecret(['a', 'b']));
  const sessions = [minting(gitlab.open(admin, 'a', world.tools)), minting(gitlab.open(admin, 'b', world.tools))] as const;
  return { issuer, world, sessions };
}
