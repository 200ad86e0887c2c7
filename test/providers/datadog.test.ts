import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import { datadog } from '../../functions/providers/datadog/index.ts';
import { datadogSimulator } from '../../lib/sandbox/issuers/datadog.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const PAGE = 'sort=created_at&page%5Bnumber%5D=';

const CONTRACT: ProviderContract = {
  ...contractOf(datadog, {
    accountFields: ['organization', 'apiKey', 'applicationKey'],
    made: { id: 'data.id', value: 'data.attributes.key' },
    adminCredentials: (admin: AdminJson) =>
      admin['grants'].flatMap((grant: AdminJson) => [grant['apiKey'], grant['applicationKey']]),
    malformed: [
      {
        field: 'grants[0].organization',
        breakIt: (admin, canary) => {
          admin['grants'][0].organization = `${canary}/../x`;
        },
      },
      {
        field: 'grants[0].apiKey',
        breakIt: (admin, canary) => {
          admin['grants'][0].apiKey = { canary };
        },
      },
      {
        field: 'grants[0].applicationKey',
        breakIt: (admin, canary) => {
          admin['grants'][0].applicationKey = { canary };
        },
      },
      {
        field: 'grants[0].remoteConfiguration',
        breakIt: (admin, canary) => {
          admin['grants'][0].remoteConfiguration = canary;
        },
      },
    ],
    mayCall: ({ path }) =>
      path === '/api/v1/validate' ||
      path === '/api/v2/api_keys' ||
      /^\/api\/v2\/api_keys\/[0-9a-f-]{36}$/.test(path) ||
      path.startsWith(`/api/v2/api_keys?${PAGE}`),
    // Source: docs.datadoghq.com, "Rate Limits": seconds until the next reset.
    throttled: (wait) =>
      Response.json(
        { errors: ['Too many requests'] },
        { status: 429, headers: { 'x-ratelimit-reset': String(Math.ceil(wait / SECOND)) } },
      ),
  }),
  name: 'datadog against its simulator',
  createIssuer: (clock) => datadogSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const examined = ({ admin, world }: Setup, more: object) =>
  datadog.examine(
    new Secret(JSON.stringify({ ...admin, grants: [{ ...admin['grants'][0], ...more }] })),
    world.tools,
  );

describe('datadog', () => {
  for (const [status, body, outcome] of [
    [200, { valid: true }, 'active'],
    [200, { valid: false }, 'unknown'],
    [200, {}, 'unknown'],
    [403, { errors: ['Forbidden'] }, 'inactive'],
    [403, { status: 'error', code: 403, errors: ['Forbidden'] }, 'inactive'],
    [403, { errors: ['API key required'] }, 'unknown'],
    [403, { errors: ['Forbidden', 'from this address'] }, 'unknown'],
    [403, '<html><body><h1>403 Forbidden</h1>', 'unknown'],
    [401, { errors: ['Unauthorized'] }, 'unknown'],
    [401, { errors: ['Forbidden'] }, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} that Datadog answers ${status} and ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => new Response(JSON.stringify(body), { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('asks about a value with that key alone, and without the application key', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      assert.ok(world.sent.every(({ text }) => !text.includes('dd-application-key')));
      assert.deepEqual(
        world.sent.map(({ path }) => path),
        ['/api/v1/validate'],
      );
    }));

  it('says that an API key of the admin is refused, and never that of a refused pair', () =>
    withSetup(CONTRACT, async (setup) => {
      assert.equal((await examined(setup, {})).outcome, 'active');
      assert.equal((await examined(setup, { apiKey: '0'.repeat(32) })).outcome, 'inactive');
      assert.equal((await examined(setup, { applicationKey: '0'.repeat(40) })).outcome, 'unknown');
    }));

  it('asks for the right that the grant names, never leaves it to Datadog, and tells of another one', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const mint = (remoteConfiguration: boolean | undefined) => {
        const grant = { ...admin['grants'][0], remoteConfiguration };
        const text = new Secret(JSON.stringify({ ...admin, grants: [grant] }));
        world.sent.length = 0;
        const session = listing(datadog.open(text, SECRET, world.tools));
        assert.ok(session.kind === 'minting');
        return session.mint({ marker: marked(Number(remoteConfiguration)), expiresAt: undefined });
      };
      for (const may of [true, false]) {
        assert.equal((await mint(may)).differs, undefined);
        assert.ok(world.sent[0]?.text.includes(`"remote_config_read_enabled":${may}`));
      }
      assert.throws(() => mint(undefined), /grants\[0\]\.remoteConfiguration/);
      for (const other of ['"remote_config_read_enabled":true', '"x":1']) {
        const answer = JSON.stringify({ data: ANSWER }).replace('"remote_config_read_enabled":false', other);
        world.intercept(() => new Response(answer, { status: 201 }));
        assert.equal((await mint(false)).differs, 'another right to read configuration');
      }
    }));

  it('reads all pages, the first of which is 0, and takes one without keys before the total for none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      assert.deepEqual(
        world.sent.map(({ path }) => path),
        ['0', '1'].map((page) => `/api/v2/api_keys?${PAGE}${page}&page%5Bsize%5D=100`),
      );
      const meta = { page: { total_filtered_count: 3 } };
      world.intercept(() => Response.json({ data: [], meta }));
      await assert.rejects(session.list(), /0 of 3/);
      world.intercept(() => Response.json({ data: [] }));
      await assert.rejects(session.list(), /"meta"/);
    }));

  it('says so when the organization has as many keys as it may', () =>
    withSetup(CONTRACT, async ({ session }) => {
      for (let index = 0; index < 200; index++) await issue(session, `keyturn-${index}`);
      await assert.rejects(issue(session, marked(1)), /as many API keys as Datadog lets it have/);
    }));

  it('lists a revoked key, which a person can restore, as one that may be accepted again', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const attributes = { ...ANSWER.attributes, status: 'revoked' };
      const meta = { page: { total_filtered_count: 1 } };
      world.intercept(() => Response.json({ data: [{ ...ANSWER, attributes }], meta }));
      assert.equal((await session.list())[0]?.state, 'disabled');
    }));

  it('reads the time of creation in the form of the recordings, and a key without a name', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { name: _name, ...attributes } = ANSWER.attributes;
      const meta = { page: { total_filtered_count: 1 } };
      world.intercept(() => Response.json({ data: [{ ...ANSWER, attributes }], meta }));
      const [key] = await session.list();
      assert.deepEqual([key?.createdAt, key?.name], [Date.UTC(2025, 8, 8, 9, 24, 43, 558), undefined]);
    }));

  it('finds no key of another organization with the keys of one', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { handle } = await issue(other, marked(1));
      const forged = `${session.account}/${handle.split('/').at(-1)}`;
      await session.revoke(forged);
      assert.ok((await other.list()).some((one) => one.handle === handle));
    }));
});

/** As in the recordings of the vendor, with the name and the right that are asked for. */
const ANSWER = {
  type: 'api_keys',
  id: '84dbd164-f3f5-4f30-ac93-e12b27adeada',
  attributes: {
    created_at: '2025-09-08T09:24:43.558793+00:00',
    key: 'f'.repeat(32),
    last4: 'ffff',
    modified_at: '2025-09-08T09:24:43.558793+00:00',
    remote_config_read_enabled: false,
    category: 'default',
    name: marked(0),
  },
};
