import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { redisTransport } from '../../functions/adapters/redis-transport.ts';
import { encoded } from '../../functions/adapters/resp.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import type { ChoosingSession } from '../../functions/core/issuer/provider.ts';
import { redis } from '../../functions/providers/redis/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { hashed } from '../../lib/sandbox/issuers/redis-users.ts';
import { RedisSimulator } from '../../lib/sandbox/issuers/redis.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { testRandomness } from '../contracts/randomness.ts';
import { assertCode, recordingWorld, rejection } from '../contracts/world.ts';
import { REDIS } from '../providers/redis-contract.ts';
import {
  ADMIN,
  AclIssuer,
  HOST,
  asAdmin,
  asked,
  connectTo,
  restarted,
  startServer,
  stopServer,
  type Server,
} from './redis-server.ts';

/** The program, named by `test/issuers/run`. */
const program =
  process.env['REDIS_SERVER'] ?? assert.fail('Say where it is: REDIS_SERVER=/usr/bin/redis-server.');
const root = await mkdtemp(join(tmpdir(), 'keyturn-redis-'));
const running: Server[] = [];
async function start(name: string, options: { hasAclFile?: boolean } = {}): Promise<Server> {
  const folder = join(root, name);
  await mkdir(folder);
  const server = await startServer(program, folder, options);
  running.push(server);
  return server;
}
const server = await start('main');
after(async () => {
  await Promise.all(running.map(stopServer));
  await rm(root, { recursive: true });
});

defineProviderContract({
  ...REDIS,
  name: 'redis against the real program',
  startAt: Date.now(),
  createIssuer: (clock) => new AclIssuer(server, clock),
});

/** A session about one user of a server, and the issuer that it goes to. */
function sessionAt(at: Server): { session: ChoosingSession; issuer: AclIssuer; user: string } {
  const clock = new VirtualClock(Date.now());
  const issuer = new AclIssuer(at, clock);
  const text = issuer.adminSecret(['a/b']);
  const { tools } = recordingWorld(clock, (request) => issuer.fetch(request));
  const session = redis.open(new Secret(text), 'a/b', tools);
  assert.ok(session.kind === 'choosing');
  return { session, issuer, user: issuer.userFor('a/b') };
}

const random = testRandomness();

async function added(session: ChoosingSession): Promise<{ value: Secret; handle: string }> {
  const { value, fields = {} } = session.choose(random);
  return { value, ...(await session.install(value, fields)) };
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b']));
  const user: string = admin['grants'][0].user;
  const answers: unknown[] = [];
  async function ask(as: readonly [string, string], ...commands: string[][]): Promise<void> {
    const authorization = `Basic ${Buffer.from(as.join(':')).toString('base64')}`;
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}/`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(commands),
      }),
    );
    const text = (await answer.text()).replaceAll(user, 'USER').replace(/(?<="aclfile",)"[^"]+"/, '"/file"');
    answers.push([answer.status, commands.map(String).join().replaceAll(user, 'USER'), JSON.parse(text)]);
  }
  const master = [admin['username'], admin['password']] as const;
  const get = ['ACL', 'GETUSER', user];
  const set = (rule: string): string[] => ['ACL', 'SETUSER', user, rule];
  await ask(master);
  await ask([master[0], 'wrong']);
  await ask(['nobody', 'wrong']);
  await ask([user, '']);
  await ask(master, ['CONFIG', 'GET', 'aclfile'], ['ACL', 'GETUSER', 'nobody']);
  await ask(master, set(`#${hashed('first')}`), ['ACL', 'SAVE']);
  await ask(master, set(`#${hashed('first')}`), set(`#${hashed('second')}`));
  await ask([user, 'first']);
  await ask([user, 'second'], ['PING'], ['PING']);
  await ask([user, 'second'], get);
  await ask([user, 'second'], ['CONFIG', 'GET', 'aclfile']);
  await ask([user, 'second'], set('nopass'));
  await ask([user, 'second'], ['ACL', 'SAVE']);
  await ask([user, 'third']);
  await ask(master, set(`!${hashed('first')}`), ['ACL', 'SAVE']);
  await ask([user, 'first']);
  await ask(master, set(`!${hashed('first')}`), ['ACL', 'SAVE']);
  await ask(master, set('#nonsense'));
  return answers;
}

/** What a user is, without what its rights are. */
async function shapeOf(issuer: Issuer): Promise<unknown> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret(['a/b']));
  const as = `${admin['username']}:${admin['password']}`;
  const answer = await issuer.fetch(
    new Request(`https://${issuer.host}/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(as).toString('base64')}` },
      body: JSON.stringify([['ACL', 'GETUSER', admin['grants'][0].user]]),
    }),
  );
  const { replies }: { replies: unknown[][] } = JSON.parse(await answer.text());
  return replies[0]?.map((one, at) => (at % 2 === 0 || at < 4 ? one : typeof one));
}

describe('redis simulator', () => {
  it('answers every question as Redis does', async () => {
    const real = new AclIssuer(server, new VirtualClock(Date.now()));
    const simulated = new RedisSimulator({ clock: new VirtualClock(Date.now()) });
    assert.deepEqual(await interview(simulated), await interview(real));
    assert.deepEqual(await shapeOf(simulated), await shapeOf(real));
  });
});

describe('redis: what is kept', () => {
  it('keeps a new password and a removed one over a restart', async () => {
    const at = await start('kept');
    const { session, user, issuer } = sessionAt(at);
    const [one, other] = [await added(session), await added(session)];
    await session.revoke(one.handle);
    const again = await restarted(at);
    running.push(again);
    assert.equal((await asked(again, [user, one.value.reveal()], [])).status, 401);
    assert.equal((await asked(again, [user, other.value.reveal()], [])).status, 200);
    assert.equal((await session.list()).length, 1);
    assert.equal((await issuer.credentials('a/b')).filter(({ live }) => live).length, 1);
  });

  it('adds nothing without an ACL file, and says so of the admin secret', async () => {
    const at = await start('none', { hasAclFile: false });
    const { session, issuer, user } = sessionAt(at);
    assertCode(await rejection(added(session)), 'issuer-refused', 'no ACL file');
    assert.deepEqual(await session.list(), []);
    const { tools } = recordingWorld(new VirtualClock(Date.now()), (request) => issuer.fetch(request));
    const probe = await redis.examine(new Secret(issuer.adminSecret([])), tools);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('Set aclfile'));
    // What is to be revoked is removed all the same, and the revoke counts as not done.
    const { password } = JSON.parse(await issuer.createByHand('a/b'));
    const [{ handle } = { handle: '' }] = await session.list();
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no ACL file');
    assert.equal((await asked(at, [user, password], [])).status, 401);
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'no ACL file');
  });

  it('says where it cannot write the file', async () => {
    const at = await start('unwritable');
    const { session } = sessionAt(at);
    const { handle } = await added(session);
    // The file is written beside and moved, which a folder of its name stops.
    await rm(join(at.folder, 'users.acl'));
    await mkdir(join(at.folder, 'users.acl', 'taken'), { recursive: true });
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', 'could not write its ACL file');
    assert.deepEqual(await session.list(), []);
    await rm(join(at.folder, 'users.acl'), { recursive: true });
    await session.revoke(handle);
  });
});

describe('redis: users', () => {
  it('lists the passwords of a user that is off as disabled, and adds none', async () => {
    const { session, user } = sessionAt(server);
    const { value, handle } = await added(session);
    await asAdmin(server, [['ACL', 'SETUSER', user, 'off']]);
    assert.equal((await session.probe(value)).outcome, 'unknown');
    assert.deepEqual(await session.list(), [{ handle, state: 'disabled', active: false }]);
    assertCode(await rejection(added(session)), 'issuer-refused', 'is off');
    await asAdmin(server, [['ACL', 'SETUSER', user, 'on']]);
    assert.equal((await session.probe(value)).outcome, 'active');
  });

  it('adds no password to a user that needs none, since that would shut others out', async () => {
    const { session, user } = sessionAt(server);
    await session.list();
    await asAdmin(server, [['ACL', 'SETUSER', user, 'nopass']]);
    assert.equal((await asked(server, [user, 'anything'], [])).status, 200);
    assertCode(await rejection(added(session)), 'issuer-refused', 'nopass');
    await asAdmin(server, [['ACL', 'SETUSER', user, `#${hashed('first')}`]]);
    assert.equal((await asked(server, [user, 'anything'], [])).status, 401);
  });

  it('lets an open connection go on when its password is removed', async () => {
    const { session, user } = sessionAt(server);
    const { value, handle } = await added(session);
    const socket = connectTo(server)(HOST, 6379);
    assert.equal(await said(socket, ['AUTH', user, value.reveal()]), '+OK\r\n');
    await session.revoke(handle);
    assert.equal(await said(socket, ['PING']), '+PONG\r\n');
    socket.destroy();
    assert.equal((await session.probe(value)).outcome, 'unknown');
  });
});

async function said(socket: Duplex, command: readonly string[]): Promise<string> {
  socket.write(encoded([command]));
  const [piece] = await once(socket, 'data');
  return String(piece);
}

describe('redis transport', () => {
  const request = (signal?: AbortSignal): Request =>
    new Request(`https://${HOST}:6379/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ADMIN}:${server.password}`).toString('base64')}` },
      body: '[]',
      ...(signal && { signal }),
    });

  it('takes no certificate of another name', async () => {
    const connect = connectTo(server);
    const failure = await rejection(
      redisTransport((_, port) => connect('other.keyturn.test', port))(request()),
    );
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.equal(failure.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('takes no certificate that nobody vouches for', async () => {
    const other = await start('other');
    const connect = connectTo({ folder: server.folder, port: other.port });
    const failure = await rejection(redisTransport(connect)(request()));
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.match(String(failure.code), /SELF_SIGNED|VERIFY|UNABLE/);
  });

  it('gives up when its time is over, and leaves no connection', async () => {
    const at = await start('slow');
    at.process.kill('SIGSTOP');
    const failure = await rejection(redisTransport(connectTo(at))(request(AbortSignal.timeout(200))));
    assert.ok(failure instanceof Error);
    assert.equal(failure.name, 'TimeoutError');
    at.process.kill('SIGCONT');
    await pause(10);
  });
});
