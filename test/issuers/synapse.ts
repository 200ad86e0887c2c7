import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { synapseSimulator } from '../../lib/sandbox/issuers/synapse.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { SYNAPSE } from '../providers/synapse-contract.ts';
import { startServer, stopServer } from './synapse-server.ts';
import { SynapseUsers } from './synapse-users.ts';

/** The program of a virtual environment, named by `test/issuers/run`. */
const program =
  process.env['SYNAPSE'] ?? assert.fail('Say where Synapse is: SYNAPSE=/…/bin/synapse_homeserver.');
const folder = await mkdtemp(join(tmpdir(), 'keyturn-synapse-'));
const server = await startServer(program, folder);
after(async () => {
  await stopServer(server);
  await rm(folder, { recursive: true });
});

const CONTRACT: ProviderContract = {
  ...SYNAPSE,
  name: `synapse against Synapse ${server.version}`,
  startAt: Date.now(),
  createIssuer: (clock) => new SynapseUsers(server, clock),
};

defineProviderContract(CONTRACT);

/** Does something to a user of the real Synapse, as its admin. */
async function asAdmin(issuer: Issuer, method: string, path: string, json: object): Promise<void> {
  assert.ok(issuer instanceof SynapseUsers);
  assert.ok((await issuer.asAdmin(method, path, json)).ok, path);
}

it('says unknown of a token while Synapse has locked its user', () =>
  withSetup(CONTRACT, async ({ session, issuer, admin }) => {
    const { value } = await issue(session, marked(1));
    const { user }: AdminJson = admin['grants'][0];
    await asAdmin(issuer, 'PUT', `/v2/users/${user}`, { locked: true });
    assert.deepEqual(await session.probe(value), {
      outcome: 'unknown',
      reason: `Synapse has locked the user ${user}, and may unlock it again.`,
    });
    await asAdmin(issuer, 'PUT', `/v2/users/${user}`, { locked: false });
    assert.equal((await session.probe(value)).outcome, 'active');
  }));

it('says that a token of a deactivated user is refused, and lists none', () =>
  withSetup(CONTRACT, async ({ session, issuer, admin }) => {
    const { handle, value } = await issue(session, marked(1));
    const { user }: AdminJson = admin['grants'][0];
    await asAdmin(issuer, 'POST', `/v1/deactivate/${user}`, { erase: false });
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    assert.deepEqual(await session.list(), []);
    await session.revoke(handle);
  }));

it('ends every token of a device with the device', () =>
  withSetup(CONTRACT, async ({ session, issuer, admin }) => {
    const { handle, value } = await issue(session, marked(1));
    const { user, password }: AdminJson = admin['grants'][0];
    const again = await issuer.fetch(
      new Request(`https://${issuer.host}/_matrix/client/v3/login`, {
        method: 'POST',
        body: JSON.stringify({
          type: 'm.login.password',
          identifier: { type: 'm.id.user', user },
          password,
          device_id: handle.split('/').at(-1),
        }),
      }),
    );
    assert.equal(again.status, 200);
    // Synapse keeps both, so that an id which is used twice would stand for two values.
    const values = (await issuer.credentials(SECRET)).map((one) => one.value);
    assert.equal(values.length, 2);
    const asked = [];
    for (let round = 0; round < 2; round++) {
      for (const one of values)
        asked.push(
          (
            await issuer.fetch(
              new Request(`https://${issuer.host}/_matrix/client/v3/account/whoami`, {
                headers: { authorization: `Bearer ${one}` },
              }),
            )
          ).status,
        );
      if (round === 0) await session.revoke(handle);
    }
    assert.deepEqual(asked, [200, 200, 401, 401]);
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
  }));

type Names = readonly (readonly [string, string])[];

/** What differs from one Synapse to the next is written as what it is. */
function shapeOf(body: unknown, names: Names): unknown {
  if (Array.isArray(body))
    return body
      .map((one) => shapeOf(one, names))
      .toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  if (typeof body === 'number' && body > 1_000) return 'time';
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [
        key,
        key === 'last_seen_user_agent' && typeof value === 'string' ? 'agent' : shapeOf(value, names),
      ]),
    );
  if (typeof body !== 'string') return body;
  return names
    .reduce((text, [name, word]) => text.replaceAll(name, word), body)
    .replace(/\b[A-Z]{10}$/, 'DEVICE')
    .replace(/^syt_.*$/, 'value');
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const { token: master, grants }: AdminJson = JSON.parse(issuer.adminSecret(['a/b', 'c/d']));
  const [one, other]: AdminJson[] = grants;
  assert.ok(one && other);
  const names: Names = [one, other].flatMap(({ user }, index) => {
    const word = index === 0 ? 'ONE' : 'OTHER';
    return [
      [user, word],
      [encodeURIComponent(user), word],
    ] as const;
  });
  const answers: unknown[] = [];
  async function ask(method: string, path: string, as?: string, json?: unknown): Promise<AdminJson> {
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}${path}`, {
        method,
        headers: { ...(as !== undefined && { authorization: as }) },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
    const body: AdminJson = JSON.parse(await answer.text());
    answers.push([method, shapeOf(path, names), answer.status, shapeOf(body, names)]);
    return body;
  }
  const admin = `Bearer ${master}`;
  const self = '/_matrix/client/v3/account/whoami';
  const rooms = '/_matrix/client/v3/joined_rooms';
  const devicesOf = (user: string) => `/_synapse/admin/v2/users/${encodeURIComponent(user)}/devices`;
  const login = (user: string, password: string, name?: string) =>
    ask('POST', '/_matrix/client/v3/login', admin, {
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user },
      password,
      ...(name !== undefined && { initial_device_display_name: name }),
    });
  const devices = devicesOf(one['user']);
  await ask('GET', devices, admin);
  await ask('GET', self, admin);
  const first = await login(one['user'], one['password'], 'first');
  const second = await login(one['user'].replace('@u', '@U'), one['password'], 'first');
  assert.notEqual(first['device_id'], second['device_id']);
  await login(other['user'], one['password'], 'wrong password');
  await login('@nobody:keyturn.test', one['password']);
  await login(one['user'], one['password'], 'x'.repeat(101));
  await ask('POST', '/_matrix/client/v3/login', undefined, {});
  await ask('GET', devices, admin);
  await ask('GET', self, `Bearer ${first['access_token']}`);
  await ask('GET', rooms, `Bearer ${second['access_token']}`);
  await ask('GET', devices, admin);
  const mine = `Bearer ${first['access_token']}`;
  for (const as of [mine, 'Bearer made-up', 'Bearer made up', 'Basic eDp5', undefined]) {
    await ask('GET', devices, as);
    await ask('DELETE', `${devices}/${second['device_id']}`, as);
  }
  for (const as of ['Bearer made-up', 'Bearer made up', 'Basic eDp5', undefined]) await ask('GET', self, as);
  for (const user of ['@nobody:keyturn.test', '@u1:elsewhere.test']) {
    await ask('GET', devicesOf(user), admin);
    await ask('DELETE', `${devicesOf(user)}/${first['device_id']}`, admin);
  }
  await ask('DELETE', `${devicesOf(other['user'])}/${first['device_id']}`, admin);
  await ask('GET', self, mine);
  await ask('DELETE', `${devices}/${first['device_id']}`, admin);
  await ask('DELETE', `${devices}/${first['device_id']}`, admin);
  await ask('GET', self, mine);
  await ask('GET', rooms, mine);
  await ask('GET', devices, admin);
  await ask('GET', '/_synapse/admin/v2/nothing', admin);
  return answers;
}

describe('synapse simulator', () => {
  it('answers every question as Synapse does', async () => {
    const real = await interview(new SynapseUsers(server, new VirtualClock(Date.now())));
    assert.deepEqual(await interview(synapseSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });
});
