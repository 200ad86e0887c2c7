import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import { datadogAppKey } from '../../functions/providers/datadog-app-key/index.ts';
import { datadogAppKeySimulator } from '../../lib/sandbox/issuers/datadog-app-key.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const UUID = '[0-9a-f-]{36}';
const KEYS = new RegExp(`^/api/v2/(service_accounts/${UUID})/application_keys(/${UUID}|\\?sort=.*)?$`);

const wrong = (field: string, valueOf: (canary: string) => unknown) => ({
  field,
  breakIt: (admin: AdminJson, canary: string) => {
    admin[field] = valueOf(canary);
  },
});

const CONTRACT: ProviderContract = {
  ...contractOf(datadogAppKey, {
    accountFields: ['serviceAccount'],
    made: { id: 'data.id', value: 'data.attributes.key' },
    adminCredentials: (admin: AdminJson) => [admin['apiKey'], admin['applicationKey']],
    sentBeside: (admin: AdminJson) => [admin['apiKey']],
    malformed: [
      wrong('apiKey', (canary) => ({ canary })),
      wrong('applicationKey', (canary) => ({ canary })),
      {
        field: 'grants[0].serviceAccount',
        breakIt: (admin, canary) => {
          admin['grants'][0].serviceAccount = `${canary}/../x`;
        },
      },
      ...[[], ['All Of It'], ['logs_read_data'], undefined].map((scopes) => ({
        field: 'grants[0].scopes',
        breakIt: (admin: AdminJson) => {
          admin['grants'][0].scopes = scopes;
        },
      })),
    ],
    mayCall: ({ path }, account) =>
      path === '/api/v1/hosts/totals' || account.endsWith(KEYS.exec(path)?.[1] ?? 'no such call'),
    // Source: docs.datadoghq.com, "Rate Limits": seconds until the next reset.
    throttled: (wait) =>
      Response.json(
        { errors: ['Too many requests'] },
        { status: 429, headers: { 'x-ratelimit-reset': String(Math.ceil(wait / SECOND)) } },
      ),
  }),
  name: 'datadog-app-key against its simulator',
  createIssuer: (clock) => datadogAppKeySimulator({ clock }),
};
defineProviderContract(CONTRACT);

const examined = ({ admin, world }: Setup, more: object) =>
  datadogAppKey.examine(new Secret(JSON.stringify({ ...admin, ...more })), world.tools);

const Body = z.looseObject({ data: z.unknown() });

describe('datadog-app-key', () => {
  for (const [scope, path, accepted] of [
    ['hosts_read', '/api/v1/hosts/totals', { total_active: 0, total_up: 0 }],
    ['monitors_read', '/api/v1/monitor/search?per_page=1', { monitors: [], metadata: { total_count: 0 } }],
    ['dashboards_read', '/api/v1/dashboard?count=1', { dashboards: [] }],
    [
      'user_access_read',
      '/api/v2/users?page%5Bsize%5D=1',
      { data: [{ type: 'users' }], meta: { page: { total_count: 1 } } },
    ],
  ] as const)
    it(`asks ${path} with a key that has ${scope}, and takes its answer alone for an acceptance`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        const grants = [{ ...admin['grants'][0], scopes: ['logs_read_data', scope] }];
        const text = new Secret(JSON.stringify({ ...admin, grants }));
        const session = listing(datadogAppKey.open(text, SECRET, world.tools));
        const { value } = await issue(session, marked(1));
        world.sent.length = 0;
        assert.equal((await session.probe(value)).outcome, 'active');
        assert.deepEqual(
          world.sent.map((sent) => sent.path),
          [path],
        );
        for (const [status, body, outcome] of [
          [200, accepted, 'active'],
          [200, { status: 'ok' }, 'unknown'],
          [200, { data: [] }, 'unknown'],
          [403, { errors: ['Forbidden'] }, 'unknown'],
          [401, { errors: ['Unauthorized'] }, 'unknown'],
          [403, accepted, 'unknown'],
        ] as const) {
          world.intercept(() => Response.json(body, { status }));
          assert.equal((await session.probe(value)).outcome, outcome, JSON.stringify(body));
        }
      }));

  it('asks about a value beside the API key, never beside the application key of the admin', () =>
    withSetup(CONTRACT, async ({ session, world, admin }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      const [sent] = world.sent;
      assert.ok(sent?.text.includes(`dd-application-key: ${value.reveal()}`));
      assert.ok(sent?.text.includes(`dd-api-key: ${admin['apiKey']}`));
    }));

  it('says whose a value is by its end, and of none where two keys share it', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { value, handle } = await issue(session, marked(1));
      await issue(session, marked(2));
      assert.equal((await session.identify(value))?.handle, handle);
      world.intercept(async (request) => {
        if (!request.url.includes('application_keys?')) return undefined;
        const text = await (await issuer.fetch(request.clone())).text();
        return new Response(text.replace(/"last4":"\w+"/g, `"last4":"${value.reveal().slice(-4)}"`));
      });
      assert.equal(await session.identify(value), undefined);
    }));

  it('takes a good value for unknown while its own API key is refused, and says so of that key', () =>
    withSetup(CONTRACT, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      const apiKey = '0'.repeat(32);
      const text = new Secret(JSON.stringify({ ...setup.admin, apiKey }));
      const other = listing(datadogAppKey.open(text, SECRET, setup.world.tools));
      assert.equal((await other.probe(value)).outcome, 'unknown');
      assert.equal((await examined(setup, {})).outcome, 'active');
      assert.equal((await examined(setup, { apiKey })).outcome, 'inactive');
      assert.equal((await examined(setup, { applicationKey: '0'.repeat(40) })).outcome, 'unknown');
    }));

  it('asks for the scopes of the grant, and tells of a key that has others, or none', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const minted = (scopes: unknown) => {
        world.intercept(async (request) => {
          const answer = Body.parse(await (await issuer.fetch(request.clone())).json());
          const text = JSON.stringify(answer).replace(
            /"scopes":\[[^\]]*\]/,
            `"scopes":${JSON.stringify(scopes)}`,
          );
          return new Response(text, { status: 201 });
        });
        return session.mint({ marker: marked(1), expiresAt: undefined });
      };
      world.sent.length = 0;
      assert.equal((await minted(['monitors_read', 'hosts_read'])).differs, undefined);
      assert.ok(world.sent[0]?.text.includes('"scopes":["hosts_read","monitors_read"]'));
      assert.equal((await minted(['monitors_read'])).differs, 'other scopes');
      assert.equal((await minted(null)).differs, 'no scopes, so it may do anything');
    }));

  it('reads all pages, the first of which is 0, and takes one without keys before the total for none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      const queries = world.sent.map(({ path }) => new URL(path, 'https://x').searchParams);
      assert.deepEqual(
        queries.map((query) => [query.get('page[number]'), query.get('page[size]')]),
        [
          ['0', '100'],
          ['1', '100'],
        ],
      );
      const meta = { page: { total_filtered_count: 3 } };
      world.intercept(() => Response.json({ data: [], meta }));
      await assert.rejects(session.list(), /0 of 3/);
      world.intercept(() => Response.json({ data: [] }));
      await assert.rejects(session.list(), /"meta"/);
    }));

  it('lists a key that is limited to nothing, as those of people may be', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const meta = { page: { total_filtered_count: 1 } };
      world.intercept(() => Response.json({ data: [RECORDED], meta }));
      const [key] = await session.list();
      assert.deepEqual([key?.createdAt, key?.scopes], [Date.UTC(2023, 9, 12, 7, 12, 22, 935), undefined]);
    }));

  it('names the grant where Datadog knows no such service account', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      world.intercept(() => Response.json({ errors: ['not found'] }, { status: 404 }));
      await assert.rejects(session.list(), /Datadog knows no service account .* correct the grant/);
    }));
});

/** As in the recordings of the vendor. */
const RECORDED = {
  type: 'application_keys',
  id: '6a147414-e85c-4b92-829b-fff59f8bd8e0',
  attributes: {
    name: 'made by hand',
    created_at: '2023-10-12T07:12:22.935154+00:00',
    last4: 'xxxx',
    scopes: null,
  },
  relationships: {
    owned_by: { data: { type: 'users', id: 'b0338c3c-68ce-11ee-9dc7-02a9eb8880d8' } },
    leak_information: { data: null },
  },
};
