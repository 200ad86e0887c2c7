import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { honeycomb } from '../../functions/providers/honeycomb/index.ts';
import { honeycombSimulator } from '../../lib/sandbox/issuers/honeycomb.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(honeycomb, {
    accountFields: ['environment'],
    made: { id: 'data.id', value: 'data.attributes.secret' },
    mayCall: ({ path }) => path === '/1/auth' || /^\/2\/teams\/acme\/api-keys([/?]|$)/.test(path),
  }),
  name: 'honeycomb against its simulator',
  createIssuer: (clock) => honeycombSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const self = (team: string, events = true) => ({
  api_key_access: { events },
  environment: { name: 'Shop', slug: 'shop' },
  team: { name: 'Team', slug: team },
});

describe('honeycomb', () => {
  for (const [name, status, body, outcome] of [
    ['itself', 200, self('acme'), 'active'],
    ['itself, in another team', 200, self('other'), 'unknown'],
    ['itself, and that it sends no events', 200, self('acme', false), 'unknown'],
    ['that it is unknown', 401, { error: 'unknown API key - check your credentials' }, 'inactive'],
    [
      'that it is unknown, in newer words',
      401,
      { error: 'unknown API key - check your credentials, region, and API URL' },
      'inactive',
    ],
    ['that it is disabled', 401, { error: 'attempted to use disabled API key' }, 'unknown'],
    ['something else', 401, { error: 'missing header' }, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} to which Honeycomb says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('makes a value of the id and the secret, which its list never shows', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { handle, value } = await issue(session, marked(1));
      const id = handle.split('/').at(-1) ?? '';
      assert.ok(value.reveal().startsWith(id));
      assert.ok(!JSON.stringify(await session.list()).includes(value.reveal().slice(id.length)));
    }));

  it('lists a key that a person disabled as disabled, and never as revoked', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept(async (request) => {
        const text = await (await issuer.fetch(request.clone())).text();
        return new Response(text.replaceAll('"disabled":false', '"disabled":true'));
      });
      const [entry] = await session.list();
      assert.deepEqual([entry?.handle, entry?.state, entry?.active], [handle, 'disabled', false]);
    }));

  it('disables no key of another environment, though its management key could', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      const { handle, value } = await issue(other, marked(1));
      const forged = `${session.account}/${handle.split('/').at(-1)}`;
      assertCode(await rejection(Promise.resolve(session.toggle?.disable(forged))), 'issuer-refused');
      assert.ok(!world.sent.some(({ method }) => method === 'PATCH'));
      assert.equal((await other.probe(value)).outcome, 'active');
    }));

  it('reads all pages of a team, keeps to its environment, and wants the word that there is no more', () =>
    withSetup(CONTRACT, async ({ session, other, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      await issue(other, marked(1));
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      world.intercept(() => Response.json({ data: [] }));
      await assert.rejects(session.list(), /"links"/);
    }));

  it('asks for just what the grant allows, and tells when a key may do more or is elsewhere', () =>
    withSetup(CONTRACT, async ({ admin, world, issuer }) => {
      const mint = async (createDatasets: boolean) => {
        const [grant] = admin['grants'];
        const text = new Secret(JSON.stringify({ ...admin, grants: [{ ...grant, createDatasets }] }));
        world.sent.length = 0;
        const session = honeycomb.open(text, SECRET, world.tools);
        assert.ok(session.kind === 'minting');
        return session.mint({ marker: marked(1), expiresAt: undefined });
      };
      for (const may of [true, false]) {
        assert.equal((await mint(may)).differs, undefined);
        assert.ok(world.sent[0]?.text.includes(`"permissions":{"create_datasets":${may}}`));
      }
      const altering = (from: RegExp, to: string) =>
        world.intercept(async (request) => {
          const made = await issuer.fetch(request.clone());
          return new Response((await made.text()).replace(from, to), { status: made.status });
        });
      altering(/"create_datasets":false/, '"create_datasets":true');
      assert.equal((await mint(false)).differs, 'other permissions');
      altering(/"id":"hcaen_\w+"/, '"id":"hcaen_elsewhere"');
      assert.equal((await mint(false)).differs, 'another environment');
    }));
});
