import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import type { ChoosingSession, Probe } from '../../functions/core/issuer/provider.ts';
import { redis } from '../../functions/providers/redis/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { RedisSimulator } from '../../lib/sandbox/issuers/redis.ts';
import { hashed } from '../../lib/sandbox/issuers/redis-users.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { assertCode, losingAnswers, recordingWorld, rejection, type World } from '../contracts/world.ts';
import { REDIS } from './redis-contract.ts';

defineProviderContract({
  ...REDIS,
  name: 'redis against its simulator',
  createIssuer: (clock) => new RedisSimulator({ clock }),
});

const SECRET = 'shop/redis';
const random = testRandomness();

interface Bench {
  readonly issuer: RedisSimulator;
  readonly world: World;
  readonly session: ChoosingSession;
  readonly user: string;
  readonly knobs: IssuerKnobs;
  readonly examined: () => Promise<Probe>;
}

function bench(options: { readonly hasNoAclFile?: true } = {}): Bench {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const knobs: IssuerKnobs = {};
  const issuer = new RedisSimulator({ clock, knobs, ...options });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin = new Secret(issuer.adminSecret([SECRET]));
  const session = redis.open(admin, SECRET, world.tools);
  assert.ok(session.kind === 'choosing');
  const examined = (): Promise<Probe> => redis.examine(admin, world.tools);
  return { issuer, world, session, user: issuer.userFor(SECRET), knobs, examined };
}

async function added(session: ChoosingSession): Promise<{ value: Secret; handle: string }> {
  const { value, fields = {} } = session.choose(random);
  return { value, ...(await session.install(value, fields)) };
}

/** The commands of each request that was sent. */
function commandsIn({ sent }: World): string[] {
  return sent.map(({ text }) => text.split('\n').find((line) => line.startsWith('[')) ?? '');
}

describe('redis: a new password', () => {
  it('is sent as its hash alone, and kept in the same request', async () => {
    const { session, world, user } = bench();
    const { value } = await added(session);
    assert.deepEqual(commandsIn(world), [
      `[["CONFIG","GET","aclfile"],["ACL","GETUSER","${user}"]]`,
      `[["ACL","SETUSER","${user}","#${hashed(value.reveal())}"],["ACL","SAVE"]]`,
    ]);
    assert.ok(!world.sent.some(({ text }) => text.includes(value.reveal())));
  });

  it('has 43 characters that need no quoting, and the user beside it', () => {
    const { session, user } = bench();
    const { value, fields } = session.choose(random);
    assert.match(value.reveal(), /^[\w-]{43}$/);
    assert.deepEqual(fields, { username: user });
  });

  it('is there once, however often it is added', async () => {
    const { session } = bench();
    const { value, fields = {} } = session.choose(random);
    const first = await session.install(value, fields);
    assert.deepEqual(await session.install(value, fields), first);
    assert.deepEqual(await session.list(), [first]);
  });

  it('is kept by the next try where the file could not be written', async () => {
    const { session, world, issuer, user } = bench();
    const { value, fields = {} } = session.choose(random);
    world.intercept(async (request) => {
      const text = await request.clone().text();
      if (!text.includes('"#')) return undefined;
      issuer.users.add(user, hashed(value.reveal()));
      const error =
        'ERR There was an error trying to save the ACLs. Please check the server logs for more information';
      return Response.json({ replies: ['OK', { error }] }, { status: 400 });
    });
    assertCode(
      await rejection(session.install(value, fields)),
      'issuer-refused',
      'could not write its ACL file',
    );
    world.intercept(undefined);
    await session.install(value, fields);
    issuer.users.restart();
    assert.equal((await session.probe(value)).outcome, 'active');
  });

  it('is not added where a restart would undo what is changed', async () => {
    const { session, issuer, user, examined } = bench({ hasNoAclFile: true });
    assertCode(await rejection(added(session)), 'issuer-refused', 'no ACL file', 'set aclfile');
    assert.deepEqual(issuer.users.of(user), []);
    const probe = await examined();
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('Set aclfile'));
  });

  it('is not added to a user that is off, needs none, or is not there', async () => {
    const { session, issuer, user, knobs } = bench();
    const account = issuer.users.account(user);
    account.isOn = false;
    assertCode(await rejection(added(session)), 'issuer-refused', 'is off');
    account.isOn = true;
    account.isOpen = true;
    assertCode(await rejection(added(session)), 'issuer-refused', 'nopass');
    account.isOpen = false;
    knobs.gone = new Set([SECRET]);
    assertCode(await rejection(added(session)), 'issuer-refused', `no user ${user}`);
    assert.deepEqual(issuer.users.of(user), []);
  });
});

describe('redis: revoke', () => {
  it('removes by the hash in the list, keeps that in the same request, and sends it once', async () => {
    const { session, world, user, issuer } = bench();
    await added(session);
    const { value, handle } = await added(session);
    world.sent.length = 0;
    await session.revoke(handle);
    assert.deepEqual(commandsIn(world), [
      `[["ACL","GETUSER","${user}"]]`,
      `[["ACL","SETUSER","${user}","!${hashed(value.reveal())}"],["ACL","SAVE"]]`,
    ]);
    issuer.users.restart();
    assert.equal(await session.identify(value), undefined);
  });

  it('writes the file for one that is gone: it may have been removed and not kept', async () => {
    const { session, world, issuer, user } = bench();
    const { value, handle } = await added(session);
    issuer.users.remove(user, hashed(value.reveal()));
    world.sent.length = 0;
    await session.revoke(handle);
    assert.deepEqual(commandsIn(world).slice(1), ['[["ACL","SAVE"]]']);
    issuer.users.restart();
    assert.deepEqual(await session.list(), []);
  });

  it('is done by the next one where its answer was lost', async () => {
    const { session, world, issuer } = bench();
    const { value, handle } = await added(session);
    world.intercept(
      losingAnswers(
        (request) => issuer.fetch(request),
        async (request) => (await request.clone().text()).includes('"!'),
      ),
    );
    assertCode(await rejection(session.revoke(handle)), 'issuer-unreachable');
    world.intercept(undefined);
    await session.revoke(handle);
    issuer.users.restart();
    assert.equal(await session.identify(value), undefined);
  });

  it('removes without an ACL file, and does not count as done', async () => {
    const { session, issuer } = bench({ hasNoAclFile: true });
    const { password } = JSON.parse(await issuer.createByHand(SECRET));
    const [{ handle } = { handle: '' }] = await session.list();
    for (let time = 0; time < 2; time++) {
      assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no ACL file', 'restart');
      assert.equal((await session.probe(new Secret(password))).outcome, 'unknown');
    }
  });

  it('touches no password of another user, whatever its hash', async () => {
    const { session, issuer } = bench();
    const { value, handle } = await added(session);
    issuer.users.addPassword('other', value.reveal());
    await session.revoke(handle);
    assert.equal(issuer.users.present('other').length, 1);
  });
});

describe('redis: what is known of a password', () => {
  it('is its user and a mark of its hash, which is not the hash', async () => {
    const { session, issuer, user } = bench();
    const { value, handle } = await added(session);
    assert.match(handle, new RegExp(`^${issuer.host}/users/${user}/passwords/[0-9a-f]{16}$`));
    assert.ok(!handle.includes(hashed(value.reveal()).slice(0, 16)));
  });

  it('is disabled while its user is off', async () => {
    const { session, issuer, user } = bench();
    const { value, handle } = await added(session);
    issuer.users.account(user).isOn = false;
    const off = { handle, state: 'disabled', active: false };
    assert.deepEqual(await session.list(), [off]);
    assert.deepEqual(await session.identify(value), off);
    assert.equal((await session.probe(value)).outcome, 'unknown');
  });

  it('is not asked under another name than that of the grant', async () => {
    const { session, world, user } = bench();
    const { value } = await added(session);
    assert.equal((await session.probe(value, { username: user })).outcome, 'active');
    world.sent.length = 0;
    const probe = await session.probe(value, { username: 'other' });
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('username'));
    assert.equal(world.sent.length, 0);
  });

  it('is nothing where an answer is no user', async () => {
    const { session, world } = bench();
    const hash = hashed('x');
    for (const user of [
      [],
      ['flags', ['on']],
      ['passwords', [hash]],
      ['flags', [], 'passwords', [hash]],
      ['flags', ['on', 'off'], 'passwords', [hash]],
      ['flags', ['on'], 'passwords', ['redacted']],
      ['flags', 'on', 'passwords', [hash]],
      ['x', 'flags', ['on'], 'passwords', [hash]],
      {},
    ]) {
      world.intercept(() => Response.json({ replies: [user] }));
      assertCode(await rejection(session.list()), 'issuer-response-invalid');
    }
    world.intercept(() =>
      Response.json({ replies: [['passwords', [hash], 'flags', ['on', 'x'], 'new', 1]] }),
    );
    assert.equal((await session.list()).length, 1);
  });
});

describe('redis: errors', () => {
  it('name the right that is missing, in the words of 7.0 and of later versions', async () => {
    const { session, world } = bench();
    for (const who of ['this user', 'User keyturn']) {
      const error = `NOPERM ${who} has no permissions to run the 'acl|getuser' command`;
      world.intercept(() => Response.json({ replies: [{ error }] }, { status: 403 }));
      assertCode(
        await rejection(session.list()),
        'admin-credential-rejected',
        "run the 'acl|getuser' command",
      );
    }
  });

  it('take both forms of the refusal, and no other words, for one', async () => {
    const { session, world } = bench();
    const { value } = await added(session);
    const said = async (error: string, status = 401): Promise<string> => {
      world.intercept(() => Response.json({ replies: [{ error }] }, { status }));
      const probe = await session.probe(value);
      return probe.outcome === 'unknown' ? probe.reason : probe.outcome;
    };
    assert.match(await said('WRONGPASS invalid username-password pair or user is disabled.'), /off or gone/);
    assert.match(await said('WRONGPASS invalid username-password pair'), /off or gone/);
    assert.match(await said('NOAUTH Authentication required.'), /neither yes nor no/);
  });

  it('take no replies to other commands for an acceptance', async () => {
    const { session, world } = bench();
    const { value } = await added(session);
    for (const body of [{ replies: ['OK'] }, { replies: [null] }, {}, { replies: [], more: 1 }]) {
      world.intercept(() => Response.json(body));
      assert.equal((await session.probe(value)).outcome, 'unknown');
    }
  });
});
