import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { tailscale } from '../../functions/providers/tailscale/index.ts';
import { tailscaleSimulator } from '../../lib/sandbox/issuers/tailscale.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(tailscale, {
    accountFields: ['tailnet', 'clientSecret'],
    made: { id: 'id', value: 'key' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['clientSecret']),
    malformed: [
      {
        field: 'grants[0].tailnet',
        breakIt: (admin, canary) => {
          admin['grants'][0].tailnet = `${canary}/../x`;
        },
      },
      {
        field: 'grants[0].clientSecret',
        breakIt: (admin, canary) => {
          admin['grants'][0].clientSecret = { canary };
        },
      },
    ],
    mayCall: ({ path }, account) =>
      path === '/api/v2/oauth/token' || path.startsWith(`/api/v2/tailnet/${account.split('/').at(-1)}/keys`),
  }),
  name: 'tailscale against its simulator',
  createIssuer: (clock) => tailscaleSimulator({ clock }),
};

defineProviderContract(CONTRACT);

describe('tailscale', () => {
  for (const [status, body, outcome] of [
    [401, { message: 'API token invalid' }, 'inactive'],
    [401, { message: 'API token invalid', data: [] }, 'unknown'],
    [401, { message: 'not allowed from this address' }, 'unknown'],
    [403, { message: 'API token invalid' }, 'unknown'],
    [403, { message: 'OAuth client cannot grant scopes "all"' }, 'unknown'],
    [200, { access_token: 'x', token_type: 'Bearer', expires_in: 3600 }, 'active'],
    [200, { access_token: 'x' }, 'unknown'],
  ] as const)
    it(`takes a client for ${outcome} at ${status} ${Object.values(body).join(', ')}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('asks about a secret with the secret alone, under the id that stands in it', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value, handle } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      const [sent] = world.sent;
      const form = new URLSearchParams(sent?.text.split('\n').at(-1) ?? '');
      assert.deepEqual(Object.fromEntries(form), {
        client_id: handle.split('/').at(-1),
        client_secret: value.reveal(),
        grant_type: 'client_credentials',
      });
      assert.ok(!sent?.text.includes('authorization'));
    }));

  it('asks for scopes and tags, and tells of a client that has others', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const { scopes, differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.deepEqual([scopes, differs], [['auth_keys', 'dns:read', 'tag:ci'], undefined]);
      const body = JSON.parse(world.sent.at(-1)?.text.split('\n').at(-1) ?? '');
      assert.deepEqual(body, {
        keyType: 'client',
        description: marked(1),
        scopes: ['auth_keys', 'dns:read'],
        tags: ['tag:ci'],
      });
      for (const more of [{ tags: [] }, { tags: ['tag:ci', 'tag:prod'] }, { scopes: ['all'] }]) {
        world.intercept(async (request) =>
          Response.json({ ...JSON.parse(await (await issuer.fetch(request.clone())).text()), ...more }),
        );
        const made = await session.mint({ marker: marked(2), expiresAt: undefined });
        assert.equal(made.differs, 'other scopes');
      }
    }));

  it('lists OAuth clients alone, and takes an answer without its own for no list', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { handle } = await issue(session, marked(1));
      assert.deepEqual(
        (await session.list()).map((one) => one.handle),
        [handle],
      );
      world.intercept(async (request) => {
        const { keys } = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ keys: keys.filter((key: AdminJson) => key['description'] !== 'Keyturn') });
      });
      assertCode(await rejection(session.list()), 'issuer-response-invalid', 'lacks the admin credential');
      const token = { id: 'kToken1CNTRL', keyType: 'api' };
      for (const answer of [{}, { keys: [] }, { keys: [token] }, { keys: [{ id: 'kNew1CNTRL' }] }]) {
        world.intercept(() => Response.json(answer));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
      }
    }));

  it('never ends the client that it asks with', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const [, , own] = String(admin['grants'][0].clientSecret).split('-');
      world.sent.length = 0;
      await session.revoke(`${session.account}/${own}`);
      assert.ok(world.sent.every(({ method }) => method !== 'DELETE'));
    }));

  it('takes a client that is shown as invalid for revoked', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      await issue(session, marked(1));
      world.intercept(async (request) => {
        const { keys } = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ keys: keys.map((key: object) => ({ ...key, invalid: true })) });
      });
      assert.deepEqual(
        (await session.list()).map(({ state, active }) => [state, active]),
        [['revoked', false]],
      );
    }));

  it('ends nothing that its list does not show: an id reaches auth keys and API access tokens too', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      world.sent.length = 0;
      await session.revoke(`${session.account}/kToken1CNTRL`);
      assert.ok(world.sent.every(({ method }) => method !== 'DELETE'));
    }));

  it('takes a deletion for done only when the list shows it', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept((request) => (request.method === 'DELETE' ? new Response('') : undefined));
      assertCode(await rejection(session.revoke(handle)), 'issuer-refused');
    }));

  it('names no client by the id in a text alone', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { value } = await issue(session, marked(1));
      assert.equal(await session.identify(new Secret(`${value.reveal()}x`)), undefined);
    }));

  for (const [field, change] of [
    ['grants[0].scopes[0]', { scopes: ['all'] }],
    ['grants[0].tags', { scopes: ['auth_keys'], tags: [] }],
    ['grants[0].tags', { scopes: ['dns:read', 'devices:core'], tags: undefined }],
    ['grants[0].tailnet', { tailnet: '-' }],
  ] as const)
    it(`refuses a grant with ${JSON.stringify(change)}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        Object.assign(admin['grants'][0], change);
        const text = new Secret(JSON.stringify(admin));
        const opening = Promise.resolve().then(() => tailscale.open(text, SECRET, world.tools));
        assertCode(await rejection(opening), 'admin-invalid', field);
      }));

  it('says that Tailscale refuses the client of a grant, or shows it no such tailnet, and no secret', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const [grant] = admin['grants'];
      const refused = async (change: object) => {
        const text = JSON.stringify({ ...admin, grants: [{ ...grant, ...change }] });
        return rejection(listing(tailscale.open(new Secret(text), SECRET, world.tools)).list());
      };
      const wrong = await refused({ clientSecret: 'canary-client-0001' });
      assertCode(wrong, 'admin-credential-rejected', '/api/v2/oauth/token');
      assert.ok(!everythingIn(wrong).includes('canary'));
      assertCode(await refused({ tailnet: 'T9CNTRL' }), 'issuer-refused', 'no tailnet T9CNTRL');
    }));
});
