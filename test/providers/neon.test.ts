import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { neon } from '../../functions/providers/neon/index.ts';
import { neonSimulator } from '../../lib/sandbox/issuers/neon.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(neon, {
    accountFields: ['organization'],
    made: { id: 'id', value: 'key' },
    mayCall: ({ path }, account) =>
      path === '/api/v2/auth' ||
      path.startsWith(`/api/v2/${account.slice(account.indexOf('/') + 1)}/api_keys`),
  }),
  name: 'neon against its simulator',
  createIssuer: (clock) => neonSimulator({ clock }),
};

defineProviderContract(CONTRACT);

describe('neon', () => {
  it('takes the key of another organization for none of its own', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another account'));
    }));

  it('asks for a key of the project that a grant names, and for all projects without one', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      await issue(session, marked(1));
      await issue(other, marked(2));
      const bodies = world.sent.map(({ text }) => JSON.parse(text.split('\n').at(-1) ?? ''));
      assert.deepEqual(bodies, [
        { key_name: marked(1), project_id: 'calm-sea-87654321' },
        { key_name: marked(2) },
      ]);
    }));

  for (const project of ['another-sea-1', undefined])
    it(`tells of a key that reaches ${project ?? 'all projects'} where one was asked for`, () =>
      withSetup(CONTRACT, async ({ session, issuer, world }) => {
        assert.ok(session.kind === 'minting');
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, project_id: project });
        });
        const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(differs, 'other scopes');
      }));

  it('takes a revocation for done by the word of Neon alone, else by its list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      for (const body of [{}, { id: 201 }, { id: 201, revoked: false }]) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json(body) : undefined));
        await assert.rejects(session.revoke(handle));
      }
      world.intercept(undefined);
      await session.revoke(handle);
    }));

  it('takes no admin key for a good one that may not see the keys of the organization', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      const probe = await neon.examine(
        new Secret(JSON.stringify({ ...admin, token: value.reveal() })),
        world.tools,
      );
      assert.equal(probe.outcome, 'unknown');
    }));

  for (const [name, body] of [
    ['without a code', { message: 'supplied credentials do not pass authentication' }],
    [
      'with a request id',
      { request_id: 'x', code: '', message: 'supplied credentials do not pass authentication' },
    ],
  ] as const)
    it(`knows the refusal ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, 'inactive');
      }));

  for (const message of ['not allowed', 'organization does not allow this IP address'])
    it(`takes a refusal with the words "${message}" for no verdict on a key`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ code: '', message }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));
});
