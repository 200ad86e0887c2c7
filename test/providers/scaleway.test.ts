import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { scaleway } from '../../functions/providers/scaleway/index.ts';
import { scalewaySimulator } from '../../lib/sandbox/issuers/scaleway.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(scaleway, {
    accountFields: ['application'],
    made: { id: 'access_key', value: 'secret_key' },
    mayCall: ({ method, path }, account) =>
      path.startsWith('/iam/v1alpha1/api-keys?organization_id=')
        ? path.includes(`&bearer_id=${account.split('/').at(-1)}&`)
        : /^\/iam\/v1alpha1\/api-keys(\/(SCW[A-Z0-9]{17}|none))?$/.test(path) && method !== 'PATCH',
  }),
  name: 'scaleway against its simulator',
  createIssuer: (clock) => scalewaySimulator({ clock }),
};
defineProviderContract(CONTRACT);

const denied = (reason: string, method = 'api_key') => ({
  message: 'authentication is denied',
  method,
  reason,
  type: 'denied_authentication',
});
const lacking = { action: 'read', resource: 'api_key' };

describe('scaleway', () => {
  for (const [name, status, body, outcome] of [
    ['a key that does not exist', 401, denied('not_found'), 'inactive'],
    ['an expired key', 401, denied('expired'), 'inactive'],
    ['no key at all, as when a proxy takes the header away', 401, denied('invalid_argument'), 'unknown'],
    ['a reason that is not known', 401, denied('unknown_reason'), 'unknown'],
    ['a session', 401, denied('not_found', 'jwt'), 'unknown'],
    [
      'a right that is missing',
      403,
      { type: 'permissions_denied', message: 'insufficient permissions', details: [lacking] },
      'active',
    ],
    ['a refusal without its details', 403, { message: 'insufficient permissions' }, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} of which Scaleway says: ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('takes a key for active that Scaleway shows as itself, and for unknown where it is another', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle, value } = await issue(session, marked(1));
      const [, , application, accessKey] = handle.split('/');
      const shown = {
        access_key: accessKey,
        application_id: application,
        expires_at: '2026-05-01T09:00:00Z',
      };
      const answered = async (more: object) => {
        world.intercept(() => Response.json({ ...shown, ...more }));
        return session.probe(value);
      };
      assert.deepEqual(await answered({}), { outcome: 'active', expiresAt: Date.UTC(2026, 4, 1, 9) });
      assert.deepEqual(await answered({ expires_at: null }), { outcome: 'active' });
      assert.equal((await answered({ application_id: 'another' })).outcome, 'unknown');
      assert.equal((await answered({ access_key: 'SCWAAAAAAAAAAAAAAAAA' })).outcome, 'unknown');
    }));

  it('makes a value of both parts, sends the secret alone, and lists neither', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle, value } = await issue(session, marked(1));
      const [accessKey = '', secretKey = ''] = value.reveal().split(':');
      assert.ok(accessKey !== '' && handle.endsWith(`/${accessKey}`));
      assert.ok(!JSON.stringify(await session.list()).includes(secretKey));
      world.sent.length = 0;
      await session.probe(value);
      const [sent] = world.sent;
      assert.equal(sent?.path, `/iam/v1alpha1/api-keys/${accessKey}`);
      assert.ok(sent.text.includes(`x-auth-token: ${secretKey}\n`));
    }));

  it('asks with the whole of a text that is no pair, and never with it in the path', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      await session.probe(new Secret('11111111-2222-4333-8444-555555555555'));
      assert.equal(world.sent[0]?.path, '/iam/v1alpha1/api-keys/none');
      assert.ok(world.sent[0].text.includes('x-auth-token: 11111111-2222-4333-8444-555555555555'));
    }));

  it('reads a list to the total that Scaleway names', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      for (const index of [1, 2, 3]) await issue(session, marked(index));
      world.intercept((request) => {
        const url = new URL(request.url);
        url.searchParams.set('page_size', '2');
        return issuer.fetch(new Request(url, request));
      });
      assert.equal((await session.list()).length, 3);
    }));

  it('asks for the Project of the grant, and tells when the key has another one', () =>
    withSetup(CONTRACT, async ({ admin, world, issuer }) => {
      const project = '99999999-0000-4000-8000-000000000000';
      const [grant] = admin['grants'];
      const text = new Secret(JSON.stringify({ ...admin, grants: [{ ...grant, project }] }));
      const session = scaleway.open(text, grant.secret, world.tools);
      assert.ok(session.kind === 'minting');
      const request = { marker: marked(1), expiresAt: undefined };
      assert.equal((await session.mint(request)).differs, undefined);
      assert.ok(world.sent[0]?.text.includes(`"default_project_id":"${project}"`));
      world.intercept(async (sent) => {
        const made: unknown = await (await issuer.fetch(sent.clone())).json();
        return Response.json(Object.assign({}, made, { default_project_id: 'x' }));
      });
      assert.equal((await session.mint(request)).differs, 'another default Project');
    }));

  it('leaves out the keys of people, which a list may hold', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const user = {
        access_key: 'SCWAAAAAAAAAAAAAAAAA',
        secret_key: null,
        description: 'a person',
        created_at: '2026-03-01T10:00:00.123456Z',
        expires_at: null,
        user_id: 'u',
      };
      world.intercept(() => Response.json({ api_keys: [user], total_count: 1 }));
      assert.deepEqual(await session.list(), []);
    }));
});
