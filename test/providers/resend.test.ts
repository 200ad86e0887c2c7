import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { resend } from '../../functions/providers/resend/index.ts';
import { resendSimulator } from '../../lib/sandbox/issuers/resend.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(resend, {
    accountFields: ['team', 'token'],
    made: { id: 'id', value: 'token' },
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['token']),
    malformed: [
      {
        field: 'grants[0].team',
        breakIt: (admin, canary) => {
          admin['grants'][0].team = `${canary}/../x`;
        },
      },
      {
        field: 'grants[0].token',
        breakIt: (admin, canary) => {
          admin['grants'][0].token = { canary };
        },
      },
      {
        field: 'grants[0].permission',
        breakIt: (admin, canary) => {
          admin['grants'][0].permission = canary;
        },
      },
    ],
    mayCall: ({ path }) => /^\/api-keys(\?limit=(1|100)|\/[0-9a-f-]{36})?$/.test(path),
  }),
  name: 'resend against its simulator',
  createIssuer: (clock) => resendSimulator({ clock }),
};
defineProviderContract(CONTRACT);

describe('resend', () => {
  for (const [status, name, message, outcome] of [
    [400, 'validation_error', 'API key is invalid', 'inactive'],
    [400, 'validation_error', 'The limit is wrong', 'unknown'],
    [401, 'restricted_api_key', 'This API key is restricted to only send emails', 'active'],
    [401, 'missing_api_key', 'Missing API Key', 'unknown'],
    [403, 'suspended_api_key', 'This API key is suspended', 'unknown'],
    [404, 'not_found', 'The requested endpoint does not exist.', 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} that Resend answers ${status} with ${name}: ${message}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ statusCode: status, name, message }, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('calls an admin credential that may send alone unknown, and says what is needed', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      const [grant] = admin['grants'];
      const text = { ...admin, grants: [{ ...grant, token: value.reveal() }] };
      const probe = await resend.examine(new Secret(JSON.stringify(text)), world.tools);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('full access'), JSON.stringify(probe));
    }));

  it('asks for just what the grant says, and never leaves the permission to Resend', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const domain = '01234567-89ab-4cde-8f01-23456789abcd';
      const { permission: _permission, ...grant } = admin['grants'][0];
      const bodyWith = async (more: object): Promise<unknown> => {
        const text = new Secret(JSON.stringify({ ...admin, grants: [{ ...grant, ...more }] }));
        world.sent.length = 0;
        await issue(listing(resend.open(text, SECRET, world.tools)), marked(1));
        return JSON.parse(world.sent[0]?.text.split('\n').at(-2) ?? '');
      };
      const name = marked(1);
      const sending = { name, permission: 'sending_access' };
      assert.deepEqual(await bodyWith({ permission: 'sending_access' }), sending);
      assert.deepEqual(await bodyWith({ permission: 'sending_access', domain }), {
        ...sending,
        domain_id: domain,
      });
      const full = { permission: 'full_access' };
      assert.deepEqual(await bodyWith(full), { name, ...full });
      await assert.rejects(bodyWith({ ...full, domain }), /grants\[0\]\.domain/);
      await assert.rejects(bodyWith({}), /grants\[0\]\.permission/);
    }));

  it('reads all pages of a team, and takes a page that ends without its word for none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      world.intercept(() => Response.json({ object: 'list', has_more: true, data: [] }));
      await assert.rejects(session.list(), /not as documented/);
    }));

  for (const [created, at] of [
    ['2026-03-02 10:17:30.678+00', Date.UTC(2026, 2, 2, 10, 17, 30, 678)],
    ['2026-03-02T10:17:30.678123+00:00', Date.UTC(2026, 2, 2, 10, 17, 30, 678)],
  ] as const)
    it(`reads the time of creation ${created}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const key = { id: '00000000-0000-4000-8000-000000000000', name: 'x', created_at: created };
        world.intercept(() => Response.json({ object: 'list', has_more: false, data: [key] }));
        assert.equal((await session.list())[0]?.createdAt, at);
      }));
});
