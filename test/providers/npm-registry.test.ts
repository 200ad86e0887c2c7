import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { MintingSession } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { npmRegistry } from '../../functions/providers/npm-registry/index.ts';
import { claimsOf } from '../../functions/providers/npm-registry/value.ts';
import { NpmRegistrySimulator } from '../../lib/sandbox/issuers/npm-registry.ts';
import { VerdaccioIssuer } from '../../lib/sandbox/issuers/verdaccio.ts';
import { VirtualClock, type Clock } from '../../lib/sandbox/clock.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { recordingWorld, type World } from '../contracts/world.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function startVerdaccio(clock: Clock, jwtLifetime?: string): Promise<VerdaccioIssuer> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-verdaccio-'));
  folders.push(folder);
  return VerdaccioIssuer.start({ clock, folder, ...(jwtLifetime !== undefined && { jwtLifetime }) });
}

const CONTRACT = {
  provider: npmRegistry,
  hostField: 'url',
  accountFields: ['user', 'password'],
  made: { id: 'key', value: 'token' },
  adminCredentials: (admin: AdminJson) => admin.grants.map((grant: AdminJson) => grant.password),
  malformed: [
    {
      field: 'grants[0].user',
      breakIt: (admin, canary) => {
        admin.grants[0].user = `${canary}:x`;
      },
    },
    {
      field: 'grants[0].password',
      breakIt: (admin, canary) => {
        admin.grants[0].password = { canary };
      },
    },
    {
      field: 'grants[0].secret',
      breakIt: (admin) => {
        admin.grants[0].secret += '*';
      },
    },
    {
      field: 'grants[1].user',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin.grants[1].user = admin.grants[0].user;
      },
    },
    {
      field: 'grants[0].cidr',
      breakIt: (admin, canary) => {
        admin.grants[0].cidr = [canary];
      },
    },
  ],
  mayCall: (sent, account) => {
    if (sent.path === '/-/npm/v1/user') return sent.method === 'GET';
    return sent.path.startsWith('/-/npm/v1/tokens') && sent.text.includes(`${account.split('/').at(-1)}:`);
  },
  throttled: (wait) =>
    new Response('{}', { status: 429, headers: { 'retry-after': String(Math.ceil(wait / SECOND)) } }),
} satisfies Omit<ProviderContract, 'name' | 'createIssuer'>;

defineProviderContract({
  ...CONTRACT,
  name: 'npm-registry against its simulator',
  createIssuer: (clock) => new NpmRegistrySimulator({ clock }),
});
defineProviderContract({
  ...CONTRACT,
  name: 'npm-registry against Verdaccio',
  startAt: Date.now(),
  createIssuer: (clock) => startVerdaccio(clock),
});
defineProviderContract({
  ...CONTRACT,
  name: 'npm-registry against Verdaccio with JWTs',
  startAt: Date.now(),
  createIssuer: (clock) => startVerdaccio(clock, '29d'),
});

const SECRET = 'ci/npm';
const OTHER = 'ci/other';
const MINT = { marker: 'keyturn-unused', expiresAt: undefined };

interface Bench {
  readonly issuer: Issuer;
  readonly world: World;
  readonly admin: AdminJson;
  readonly session: MintingSession;
  readonly other: MintingSession;
  readonly ask: (path: string, init?: RequestInit) => Promise<{ status: number; body: unknown }>;
}

function benchOf(clock: VirtualClock, issuer: Issuer, change: (admin: AdminJson) => void = () => {}): Bench {
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET, OTHER]));
  change(admin);
  const open = (name: string): MintingSession => {
    const session = npmRegistry.open(new Secret(JSON.stringify(admin)), name, world.tools);
    assert.ok(session.kind === 'minting');
    return session;
  };
  const ask = async (path: string, init?: RequestInit) => {
    const response = await issuer.fetch(new Request(`https://${issuer.host}${path}`, init));
    return { status: response.status, body: await response.json() };
  };
  return { issuer, world, admin, session: open(SECRET), other: open(OTHER), ask };
}

function simulated(change?: (admin: AdminJson) => void): Bench & { clock: VirtualClock } {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  return {
    ...benchOf(clock, new NpmRegistrySimulator({ clock, delays: { revokeLag: SECOND } }), change),
    clock,
  };
}

async function withVerdaccio(run: (bench: Bench) => Promise<void>, jwtLifetime?: string): Promise<void> {
  const clock = new VirtualClock(Date.now());
  const issuer = await startVerdaccio(clock, jwtLifetime);
  try {
    await run(benchOf(clock, issuer));
  } finally {
    await issuer.close();
  }
}

const basicOf = ({ user, password }: AdminJson) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Texts of a kind, since keys and values differ from run to run. */
function shapeOf(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(shapeOf);
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [key, key === 'error' ? value : shapeOf(value)]),
    );
  return typeof body === 'string'
    ? body
        .replace(/^.{5}\.\.\..{5}$/, 'mask')
        .replace(/^[0-9a-f]{32}$/, 'key')
        .replace(/^\d{4}-.*Z$/, 'date')
        .replace(/^[A-Za-z0-9+/=]{60,}$/, 'value')
    : body;
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview({ admin, ask }: Bench): Promise<unknown[]> {
  const [grant] = admin.grants;
  const headers = { authorization: basicOf(grant), 'content-type': 'application/json' };
  const tokens = '/-/npm/v1/tokens';
  const create = (body: unknown, as: Record<string, string> = headers) =>
    ask(tokens, { method: 'POST', headers: as, body: JSON.stringify(body) });
  const as = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const answers: unknown[] = [];
  const note = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await answer;
    answers.push([status, shapeOf(body)]);
    return typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  };
  await note(ask(tokens, { headers }));
  await note(ask(`${tokens}/token/unknown`, { method: 'DELETE', headers }));
  await note(ask(tokens, { headers: { authorization: basicOf({ ...grant, password: 'wrong' }) } }));
  await note(ask(tokens));
  await note(create({ password: 'wrong' }));
  await note(create({ password: grant.password, readonly: 'yes' }));
  const { token, key } = await note(
    create({ password: grant.password, readonly: false, cidr_whitelist: [] }),
  );
  const reader = await note(create({ password: grant.password, readonly: true }));
  const near = await note(
    create({ password: grant.password, readonly: false, cidr_whitelist: ['127.0.0.0/8'] }),
  );
  const far = await note(
    create({ password: grant.password, readonly: false, cidr_whitelist: ['10.9.8.0/24'] }),
  );
  for (const text of [token, near.token, far.token])
    for (const path of ['/-/npm/v1/user', '/-/whoami', tokens]) await note(ask(path, { headers: as(text) }));
  await note(ask(tokens, { headers }));
  for (const text of [token, reader.token, 'made-up']) await note(ask('/-/whoami', { headers: as(text) }));
  await note(ask('/-/whoami'));
  await note(create({ password: grant.password }, as(reader.token)));
  await note(ask(`${tokens}/token/${key}`, { method: 'DELETE', headers }));
  await note(ask(`${tokens}/token/${key}`, { method: 'DELETE', headers }));
  for (const path of ['/-/whoami', tokens, '/-/npm/v1/user']) await note(ask(path, { headers: as(token) }));
  for (const path of ['/-/npm/v1/user', tokens]) await note(ask(path, { headers: as('made-up') }));
  await note(ask(tokens, { headers: as(reader.token) }));
  return answers;
}

describe('npm-registry simulator', () => {
  it('answers every question as Verdaccio does', async () => {
    const clock = new VirtualClock(0);
    const answers = await interview(benchOf(clock, new NpmRegistrySimulator({ clock })));
    await withVerdaccio(async (bench) => assert.deepEqual(answers, await interview(bench)));
  });
});

for (const [name, run] of [
  ['the simulator', (test: (bench: Bench) => Promise<void>) => test(simulated())],
  ['Verdaccio', withVerdaccio],
] as const)
  describe(`npm-registry: consumers of ${name}`, () => {
    it('are known by their credential and agent, and refused once it is deleted', () =>
      run(async ({ issuer }) => {
        const text = await issuer.createByHand(SECRET);
        const [credential] = await issuer.credentials(SECRET);
        assert.ok(credential?.live);
        assert.equal((await issuer.fetch(issuer.consume(text, 'build/1'))).status, 200);
        assert.equal((await issuer.fetch(issuer.consume(credential.value, 'build/2'))).status, 200);
        await issuer.revokeByHand(credential.handle);
        assert.equal((await issuer.credentials(SECRET))[0]?.live, false);
        const uses = issuer.log().map(({ agent, status, handle }) => [agent, status, handle]);
        assert.deepEqual(uses, [
          ['build/1', 200, credential.handle],
          ['build/2', 200, credential.handle],
        ]);
      }));
  });

describe('npm-registry against Verdaccio', () => {
  it('knows when a JWT ends, though no list tells', () =>
    withVerdaccio(async ({ session }) => {
      const { value, expiresAt, handle } = await session.mint(MINT);
      assert.ok(expiresAt !== undefined && Math.abs(expiresAt - Date.now() - 29 * DAY) < 60 * SECOND);
      assert.deepEqual(await session.probe(value), { outcome: 'active', expiresAt });
      assert.equal((await session.identify(value))?.expiresAt, expiresAt);
      assert.equal((await session.identify(value))?.handle, handle);
    }, '29d'));

  it('takes an ended JWT for refused, which Verdaccio answers with 200', () =>
    withVerdaccio(async ({ session, issuer }) => {
      const { value } = await session.mint(MINT);
      const response = await issuer.fetch(
        new Request(`https://${issuer.host}/-/whoami`, {
          headers: { authorization: `Bearer ${value.reveal()}` },
        }),
      );
      assert.deepEqual([response.status, await response.json()], [200, {}]);
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    }, '0s'));

  it('does not know whether a token limited to networks is inactive, and knows the others', () =>
    withVerdaccio(async ({ world, admin }) => {
      const open = (cidr: string[]) => {
        const session = npmRegistry.open(
          new Secret(JSON.stringify({ ...admin, grants: [{ ...admin.grants[0], cidr }] })),
          SECRET,
          world.tools,
        );
        assert.ok(session.kind === 'minting');
        return session;
      };
      const [far, near, anywhere] = [open(['10.9.8.0/24']), open(['127.0.0.0/8']), open([])];
      const lives = await far.mint(MINT);
      assert.equal(lives.differs, undefined);
      const fromElsewhere = await far.probe(lives.value);
      assert.ok(fromElsewhere.outcome === 'unknown' && fromElsewhere.reason.includes('cidr'));
      assert.deepEqual((await far.list())[0]?.onlyFrom, ['10.9.8.0/24']);
      const { value, handle } = await near.mint(MINT);
      assert.equal((await near.probe(value)).outcome, 'active');
      await near.revoke(handle);
      assert.equal((await near.probe(value)).outcome, 'unknown');
      assert.deepEqual(await anywhere.probe(value), { outcome: 'inactive' });
      assert.deepEqual(await near.probe(new Secret('made-up')), { outcome: 'inactive' });
    }));

  it('sees all tokens inactive when the password was changed', () =>
    withVerdaccio(async ({ session, admin, ask }) => {
      const { value } = await session.mint(MINT);
      const [grant] = admin.grants;
      const body = JSON.stringify({ password: { old: grant.password, new: 'another-password' } });
      const changed = await ask('/-/npm/v1/user', {
        method: 'POST',
        headers: { authorization: basicOf(grant), 'content-type': 'application/json' },
        body,
      });
      assert.equal(changed.status, 200);
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    }));

  it('mints for reading only when the grant says so', () =>
    withVerdaccio(async ({ issuer, world, admin, ask }) => {
      const reading = { ...admin, grants: [{ ...admin.grants[0], readonly: true }] };
      const session = npmRegistry.open(new Secret(JSON.stringify(reading)), SECRET, world.tools);
      assert.ok(session.kind === 'minting');
      const { value } = await session.mint(MINT);
      assert.equal((await session.probe(value)).outcome, 'active');
      const write = await ask('/some-package', {
        method: 'PUT',
        headers: { authorization: `Bearer ${value.reveal()}`, 'content-type': 'application/json' },
        body: '{}',
      });
      assert.equal(write.status, 403);
      assert.equal((await issuer.credentials(SECRET)).length, 1);
    }));
});

describe('npm-registry: the text of a token', () => {
  const jwt = (payload: unknown) =>
    new Secret(['e30', Buffer.from(JSON.stringify(payload)).toString('base64url'), 'x'].join('.'));

  it('is read without trust, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.deepEqual(claimsOf(new Secret(text)), {})));
    fc.assert(
      fc.property(fc.json(), (payload) => {
        const { expiresAt = 0 } = claimsOf(jwt(JSON.parse(payload)));
        assert.ok(!Number.isNaN(new Date(expiresAt).getTime()));
      }),
    );
  });

  it('tells its key and its end when it is a JWT', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: fc.constantFrom('0', 'a', 'f') }), (exp, key) =>
        assert.deepEqual(claimsOf(jwt({ exp, token: { key } })), { key, expiresAt: exp * SECOND }),
      ),
    );
    for (const exp of [-1, 1e300, '7']) assert.deepEqual(claimsOf(jwt({ exp })), {});
  });

  it("needs a user that is no other secret's", () => {
    const broken = (admin: AdminJson) => {
      admin.grants[1].user = admin.grants[0].user;
    };
    assert.throws(() => simulated(broken), {
      code: 'admin-invalid',
      message: /grants\[0\]\.user .*ci\/npm.*ci\/other/,
    });
  });
});

describe('npm-registry simulator in a rough world', () => {
  const knobs: IssuerKnobs = {};
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const rough = benchOf(clock, new NpmRegistrySimulator({ clock, knobs }));

  it('is hidden by a gateway, lists late, leaves out, and forgets a user with all its tokens', async () => {
    const { session, other } = rough;
    knobs.listDelay = SECOND;
    const { value, handle } = await session.mint(MINT);
    assert.deepEqual(await session.list(), []);
    await clock.advanceBy(SECOND);
    assert.deepEqual(
      (await session.list()).map((one) => one.handle),
      [handle],
    );
    knobs.omits = (listed) => listed === handle;
    assert.deepEqual(await session.list(), []);
    knobs.gateway = () => Response.json({ error: 'unauthorized access', id: 7 }, { status: 403 });
    assert.equal((await session.probe(value)).outcome, 'unknown');
    delete knobs.gateway;
    assert.equal((await session.probe(value)).outcome, 'active');
    knobs.gone = new Set([SECRET]);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    await assert.rejects(session.list(), { code: 'admin-credential-rejected' });
    assert.equal((await rough.issuer.credentials(SECRET))[0]?.live, false);
    assert.deepEqual(await other.list(), []);
  });
});

describe('npm-registry: what a probe and an identification must not believe', () => {
  it('does not know a token of another user', async () => {
    const { session, other } = simulated();
    const { value } = await other.mint(MINT);
    const probe = await session.probe(value);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user'));
  });

  it("deletes what the list leaves out, and takes no other server's 200 for a deletion", async () => {
    const knobs: IssuerKnobs = {};
    const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
    const { session, world } = benchOf(clock, new NpmRegistrySimulator({ clock, knobs }));
    await session.mint(MINT);
    const { value, handle } = await session.mint(MINT);
    world.intercept((request) =>
      request.method === 'DELETE' ? new Response('<html>Sign in</html>') : undefined,
    );
    await assert.rejects(session.revoke(handle), {
      code: 'issuer-refused',
      message: /answered 200 .* and lists it/,
    });
    world.intercept(undefined);
    knobs.omits = (listed) => listed === handle;
    await session.revoke(handle);
    assert.equal((await session.probe(value)).outcome, 'inactive');
  });

  it('tells what the registry made otherwise than asked', async () => {
    const { session, world, issuer } = simulated();
    const differing = async (change: Record<string, unknown>) => {
      world.intercept(async (request) => {
        if (request.method !== 'POST') return undefined;
        const body: unknown = await (await issuer.fetch(request.clone())).json();
        return Response.json({ ...(typeof body === 'object' && body), ...change });
      });
      return (await session.mint(MINT)).differs;
    };
    assert.equal(await differing({}), undefined);
    assert.equal(await differing({ cidr: null }), undefined);
    assert.equal(await differing({ readonly: true }), 'another right to write');
    assert.equal(await differing({ cidr: ['10.0.0.0/8'] }), 'other networks (cidr)');
  });

  it('does not take a refusal by something in between for one by the registry', async () => {
    const { session, world } = simulated();
    const { value } = await session.mint(MINT);
    world.intercept(() => new Response('<html>Forbidden</html>', { status: 403 }));
    assert.equal((await session.probe(value)).outcome, 'unknown');
  });

  it('does not identify a made-up value with the ends of a real one', async () => {
    const { session } = simulated();
    const text = (await session.mint(MINT)).value.reveal();
    assert.equal(
      await session.identify(new Secret(`${text.slice(0, 5)}made-up${text.slice(-5)}`)),
      undefined,
    );
  });

  it('does not identify a value whose ends two tokens have', async () => {
    const { session, world } = simulated();
    const { value } = await session.mint(MINT);
    const mask = `${value.reveal().slice(0, 5)}...${value.reveal().slice(-5)}`;
    const objects = ['a', 'b'].map((key) => ({ key, token: mask, created: '2026-03-02T10:17:30.000Z' }));
    world.intercept((request) =>
      request.url.endsWith('/tokens') ? Response.json({ objects, urls: { next: '' } }) : undefined,
    );
    assert.equal(await session.identify(value), undefined);
  });

  it('reads all pages of a registry that has pages, and does not go on for ever', async () => {
    const { session, world, issuer } = simulated();
    const page = (key: string, next: string) =>
      Response.json({ objects: [{ key, token: 'x', created: '2026-03-02T10:17:30.000Z' }], urls: { next } });
    world.intercept((request) =>
      request.url.includes('page=2')
        ? page('b', '')
        : page('a', `https://elsewhere.example/-/npm/v1/tokens?page=2`),
    );
    assert.deepEqual(
      (await session.list()).map(({ handle }) => handle.split('/').at(-1)),
      ['a', 'b'],
    );
    assert.ok(world.sent.every((sent) => sent.host === issuer.host));
    world.intercept(() => page('a', '/-/npm/v1/tokens?page=2'));
    await assert.rejects(session.list(), { code: 'issuer-response-invalid' });
  });

  it('sees the lag of the simulator', async () => {
    const { session, clock } = simulated();
    const { value, handle } = await session.mint(MINT);
    await session.revoke(handle);
    assert.equal((await session.probe(value)).outcome, 'active');
    await clock.advanceBy(SECOND);
    assert.equal((await session.probe(value)).outcome, 'inactive');
  });
});
