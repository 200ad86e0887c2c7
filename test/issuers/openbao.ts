import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { vaultApprole } from '../../functions/providers/vault-approle/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { vaultApproleSimulator } from '../../lib/sandbox/issuers/vault-approle.ts';
import { defineProviderContract, type AdminJson } from '../contracts/provider.ts';
import { OTHER_SECRET, SECRET, THIRD_SECRET } from '../contracts/setup.ts';
import { recordingWorld } from '../contracts/world.ts';
import { VAULT_APPROLE } from '../providers/vault-approle-contract.ts';
import { RolesIssuer } from './openbao-roles.ts';
import { asRoot, ownName, startBao, stopBao } from './openbao-server.ts';

/** The program of a virtual environment, named by `test/issuers/run`. */
const program = process.env['OPENBAO'] ?? assert.fail('Say where bao is: OPENBAO=/…/bin/bao.');
const folder = await mkdtemp(join(tmpdir(), 'keyturn-openbao-'));
const bao = await startBao(program, folder);
after(async () => {
  await stopBao(bao);
  await rm(folder, { recursive: true });
});

defineProviderContract({
  ...VAULT_APPROLE,
  name: `vault-approle against OpenBao ${bao.version}`,
  startAt: Date.now(),
  createIssuer: (clock) => RolesIssuer.create(bao, clock, [SECRET, OTHER_SECRET, THIRD_SECRET]),
});

/** What differs from one Vault to the next is written as what it is. */
function shapeOf(body: unknown, role: string): unknown {
  if (Array.isArray(body)) return body.map((one) => shapeOf(one, role));
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(
      Object.entries(body)
        .map(([key, value]) => [
          key,
          /^(client_token|accessor|entity_id)$/.test(key) ? '' : shapeOf(value, role),
        ])
        .toSorted(([one], [other]) => String(one).localeCompare(String(other))),
    );
  if (typeof body !== 'string') return body;
  return body
    .replaceAll(role, 'ROLE')
    .replace(/^u[0-9a-f]{8}(-keyturn)?$/, 'keyturn')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replace(/^[1-9]\d{3}-.*Z$/, 'date');
}

/** Every question that the provider or a consumer may put, and the wrong ones. */
async function interview(issuer: Issuer): Promise<unknown[]> {
  const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET, OTHER_SECRET]));
  const [{ role, roleId }] = admin['grants'];
  const answers: unknown[] = [];
  async function ask(method: string, path: string, token?: string, json?: object): Promise<AdminJson> {
    const answer = await issuer.fetch(
      new Request(`https://${issuer.host}/v1/auth/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { 'x-vault-token': token }),
        },
        ...(json && { body: JSON.stringify(json) }),
      }),
    );
    const text = await answer.text();
    const body: AdminJson = text === '' ? {} : JSON.parse(text);
    const stored = answer.headers.get('cache-control');
    answers.push([method, shapeOf(path, role), answer.status, stored, shapeOf(body, role)]);
    return body;
  }
  const at = `approle/role/${role}`;
  const login = (value: string, id = roleId) =>
    ask('POST', 'approle/login', undefined, { role_id: id, secret_id: value });
  const { auth: admitted } = await login(admin['secret_id'], admin['role_id']);
  const master: string = admitted['client_token'];
  await ask('POST', 'token/revoke-self', master);
  await ask('GET', at, master);
  await ask('GET', `${at}/role-id`, master);
  await ask('GET', `${at}/secret-id/?list=true`, master);
  const asked = { metadata: '{"keyturn":"one"}', num_uses: 0, ttl: '3600s' };
  const { data: made } = await ask('POST', `${at}/secret-id`, master, asked);
  await ask('POST', `${at}/secret-id`, master, {});
  const named = { secret_id_accessor: made['secret_id_accessor'] };
  const nobody = { secret_id_accessor: '00000000-0000-4000-8000-000000000000' };
  await ask('POST', `${at}/secret-id-accessor/lookup`, master, named);
  await ask('POST', `${at}/secret-id-accessor/lookup`, master, nobody);
  await ask('POST', `${at}/secret-id/lookup`, master, { secret_id: made['secret_id'] });
  await ask('POST', `${at}/secret-id/lookup`, master, { secret_id: 'made-up' });
  const { auth } = await login(made['secret_id']);
  await ask('GET', at, auth['client_token']);
  await ask('GET', at, 'made-up');
  await ask('GET', at);
  await ask('POST', 'token/revoke-self', auth['client_token']);
  await ask('POST', 'token/revoke-self', auth['client_token']);
  await login('made-up');
  await login(made['secret_id'], 'made-up');
  await ask('POST', `${at}/secret-id-accessor/destroy`, master, named);
  await ask('POST', `${at}/secret-id-accessor/destroy`, master, named);
  await ask('POST', `${at}/secret-id-accessor/lookup`, master, named);
  await login(made['secret_id']);
  return answers;
}

const realRoles = () => RolesIssuer.create(bao, new VirtualClock(Date.now()), [SECRET, OTHER_SECRET]);

describe('vault-approle simulator', () => {
  it('answers every question as OpenBao does', async () => {
    const real = await interview(await realRoles());
    assert.deepEqual(await interview(vaultApproleSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });
});

describe('vault-approle against OpenBao', () => {
  it('is told by the role what does not fit, and that it is locked after five failed logins', async () => {
    const issuer = await realRoles();
    const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET]));
    const { tools } = recordingWorld(new VirtualClock(Date.now()), (request) => issuer.fetch(request));
    const open = () => vaultApprole.open(new Secret(JSON.stringify(admin)), SECRET, tools);
    const examined = () => vaultApprole.examine(new Secret(JSON.stringify(admin)), tools);
    assert.equal((await examined()).outcome, 'active');
    const { role } = admin['grants'][0];
    await asRoot(bao, 'POST', `auth/approle/role/${role}`, { secret_id_num_uses: 3 });
    assert.match(JSON.stringify(await examined()), /end after some uses/);
    await asRoot(bao, 'POST', `auth/approle/role/${role}`, { secret_id_num_uses: 0, secret_id_ttl: '1h' });
    assert.match(JSON.stringify(await examined()), /from living 60 days/);
    const { secret_id: good } = JSON.parse(await issuer.createByHand(SECRET));
    assert.equal((await open().probe(new Secret(good))).outcome, 'active');
    for (let failed = 0; failed < 5; failed++) await open().probe(new Secret(`made-up-${failed}`));
    assert.match(JSON.stringify(await open().probe(new Secret(good))), /locked after failed logins/);
  });

  it('says that a role takes secret IDs from other addresses alone', async () => {
    const issuer = await realRoles();
    const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET]));
    const { tools } = recordingWorld(new VirtualClock(Date.now()), (request) => issuer.fetch(request));
    const { role } = admin['grants'][0];
    await asRoot(bao, 'POST', `auth/approle/role/${role}`, { secret_id_bound_cidrs: ['192.0.2.0/24'] });
    const { secret_id: value } = JSON.parse(await issuer.createByHand(SECRET));
    const session = vaultApprole.open(new Secret(JSON.stringify(admin)), SECRET, tools);
    assert.match(JSON.stringify(await session.probe(new Secret(value))), /some addresses alone/);
  });

  it('works in a namespace, for an admin of the one above', async () => {
    const name = ownName();
    await asRoot(bao, 'POST', `sys/namespaces/${name}`, {});
    await asRoot(bao, 'POST', `${name}/sys/auth/ci/approle`, { type: 'approle' });
    await asRoot(bao, 'POST', `${name}/auth/ci/approle/role/shop`, { role_id: 'shop-id' });
    const grant = { secret: SECRET, namespace: name, mount: 'ci/approle', role: 'shop', roleId: 'shop-id' };
    const issuer = await realRoles();
    const { tools } = recordingWorld(new VirtualClock(Date.now()), (request) => issuer.fetch(request));
    const policy = `path "${name}/auth/ci/approle/role/shop*" {
      capabilities = ["read", "list", "update"]
    }`;
    await asRoot(bao, 'PUT', `sys/policies/acl/${name}`, { policy });
    const own = 'auth/approle/role/for-a-namespace';
    await asRoot(bao, 'POST', own, { role_id: 'above', token_policies: [name] });
    const made = Object(await asRoot(bao, 'POST', `${own}/secret-id`, {}));
    const secret = new Secret(
      JSON.stringify({
        url: 'https://vault.keyturn.test',
        role_id: 'above',
        secret_id: made.data.secret_id,
        grants: [{ ...grant, maxDays: 30 }],
      }),
    );
    assert.equal((await vaultApprole.examine(secret, tools)).outcome, 'active');
    const session = vaultApprole.open(secret, SECRET, tools);
    assert.ok(session.kind === 'minting');
    const { handle, value } = await session.mint({ marker: 'one', expiresAt: undefined });
    assert.equal((await session.probe(value)).outcome, 'active');
    assert.equal((await session.identify(value))?.handle, handle);
    await session.revoke(handle);
    assert.deepEqual(await session.list(), []);
  });

  it('replaces its own admin: a secret ID that it makes can make, list and destroy others', async () => {
    const name = ownName();
    const at = `auth/approle/role/${name}`;
    const policy = [at, `${at}/*`].map(
      (path) => `path "${path}" {
      capabilities = ["read", "list", "update"]
    }`,
    );
    await asRoot(bao, 'PUT', `sys/policies/acl/${name}`, { policy: policy.join('\n') });
    await asRoot(bao, 'POST', at, { role_id: name, token_policies: [name], token_type: 'batch' });
    const made = Object(await asRoot(bao, 'POST', `${at}/secret-id`, { ttl: '30m' }));
    const issuer = await realRoles();
    const { tools } = recordingWorld(new VirtualClock(Date.now()), (request) => issuer.fetch(request));
    const grants = [{ secret: SECRET, role: name, roleId: name, maxDays: 30 }];
    const adminOf = (secretId: string, roleId: string) =>
      new Secret(
        JSON.stringify({ url: 'https://vault.keyturn.test', role_id: roleId, secret_id: secretId, grants }),
      );
    const first = adminOf(made.data.secret_id, name);
    const probe = await vaultApprole.examine(first, tools);
    assert.ok(probe.outcome === 'active' && probe.expiresAt !== undefined);
    const session = vaultApprole.open(first, SECRET, tools);
    assert.ok(session.kind === 'minting');
    const { value, fields, handle } = await session.mint({ marker: 'next', expiresAt: undefined });
    const next = vaultApprole.open(adminOf(value.reveal(), fields?.['role_id'] ?? ''), SECRET, tools);
    assert.ok(next.kind === 'minting');
    const third = await next.mint({ marker: 'third', expiresAt: undefined });
    assert.equal((await next.list()).length, 3);
    await next.revoke(third.handle);
    assert.deepEqual(
      (await next.list()).filter((one) => one.name !== undefined).map((one) => one.handle),
      [handle],
    );
  });
});
