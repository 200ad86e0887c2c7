import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { newRelic } from '../../functions/providers/new-relic/index.ts';
import * as queries from '../../functions/providers/new-relic/queries.ts';
import { newRelicSimulator } from '../../lib/sandbox/issuers/new-relic.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection, type Sent } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const QUERIES = new Set<string>(Object.values(queries).filter((one) => typeof one === 'string'));

const bodyOf = ({ text }: Sent): AdminJson =>
  JSON.parse(text.split('\n').find((line) => line.startsWith('{"query"')) ?? '');

function does(body: string): 'reads' | 'creates' | 'ends' {
  if (body.includes('apiAccessCreateKeys(')) return 'creates';
  return body.includes('apiAccessDeleteKeys(') ? 'ends' : 'reads';
}

const broken = (
  field: string,
  valueOf: (canary: string) => unknown,
): ProviderContract['malformed'][number] => ({
  field: `grants[0].${field}`,
  breakIt: (admin, canary) => {
    admin['grants'][0][field] = valueOf(canary);
  },
});

const CONTRACT: ProviderContract = {
  ...contractOf(newRelic, {
    accountFields: ['account', 'user', 'userKey', 'keyId'],
    made: { id: 'id', value: 'key' },
    form: {
      read: (text) => JSON.parse(text).data.apiAccessCreateKeys.createdKeys[0],
      write: (status, fields) =>
        Response.json({ data: { apiAccessCreateKeys: { createdKeys: [fields], errors: null } } }, { status }),
    },
    does,
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['userKey']),
    malformed: [
      broken('account', (canary) => canary),
      broken('user', () => -1),
      broken('userKey', (canary) => ({ canary })),
      broken('keyId', (canary) => `${canary}"}`),
    ],
    // Whatever is sent is one of the constants, with the account and the user of the grant as variables.
    mayCall: (sent, account) => {
      const { query, variables } = bodyOf(sent);
      const [, , accountId, , userId] = account.split('/').map(Number);
      const { keys, query: searched } = variables;
      const of = searched?.scope ?? keys?.user?.[0];
      const isOwn =
        of === undefined ||
        (String(of.accountIds ?? of.accountId) === String(accountId) &&
          String(of.userIds ?? of.userId) === String(userId));
      return sent.method === 'POST' && sent.path === '/graphql' && QUERIES.has(query) && isOwn;
    },
  }),
  name: 'new-relic against its simulator',
  createIssuer: (clock) => newRelicSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const refusal = (change: object = {}) => ({
  errors: [
    {
      message: 'Bad API Key or no API Key provided',
      extensions: { error_code: 'BAD_API_KEY' },
      ...change,
    },
  ],
});
const self = (id: unknown) => ({ data: { actor: { user: { id } } } });
const OWN_USER = 1_000_000_001;

describe('new-relic', () => {
  for (const [name, status, body, outcome] of [
    ['whose it is', 200, self(OWN_USER), 'active'],
    ['whose it is, without errors', 200, { ...self(OWN_USER), errors: null }, 'active'],
    ['whose it is, and an error', 200, { ...self(OWN_USER), ...refusal() }, 'unknown'],
    ['that it is of another user', 200, self(OWN_USER + 1), 'unknown'],
    ['nobody', 200, self(null), 'unknown'],
    ['an error alone', 200, { data: null, ...refusal() }, 'unknown'],
    ['that it is bad', 401, refusal(), 'inactive'],
    ['that it is bad, and no data', 401, { data: null, ...refusal() }, 'inactive'],
    ['that it is bad, and data', 401, { ...self(OWN_USER), ...refusal() }, 'unknown'],
    ['that it is bad, in other words', 401, refusal({ message: 'No API key specified' }), 'unknown'],
    ['that it is bad, with another code', 401, refusal({ extensions: { error_code: 'IP' } }), 'unknown'],
    ['that it is bad, with status 403', 403, refusal(), 'unknown'],
    ['two errors', 401, { errors: [...refusal().errors, ...refusal().errors] }, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} to which New Relic says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('sends constants with variables, and the value of a key in its header alone', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value, handle } = await issue(session, marked(1));
      await session.probe(value);
      await session.revoke(handle);
      assert.deepEqual(
        world.sent.map((sent) => [does(sent.text), bodyOf(sent)['variables']]),
        [
          ['creates', { keys: { user: [{ accountId: 4_000_001, userId: OWN_USER, name: marked(1) }] } }],
          ['reads', {}],
          ['reads', { query: { types: ['USER'], scope: { accountIds: [4_000_001], userIds: [OWN_USER] } } }],
          ['ends', { keys: { userKeyIds: [handle.split('/').at(-1)] } }],
        ],
      );
      for (const sent of world.sent) assert.ok(!JSON.stringify(bodyOf(sent)).includes(value.reveal()));
      // Only a creation asks for a value.
      assert.ok(!/[ {]key[ }]/.test(`${queries.SEARCH}${queries.SEARCH_ON}${queries.SELF}${queries.DELETE}`));
    }));

  for (const [name, errors] of [
    ['may not create a key', [{ message: 'No.', type: 'USER', errorType: 'FORBIDDEN' }]],
    ['failed', null],
  ] as const)
    it(`takes an answer with status 200 for no key where New Relic says that it ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        world.intercept(() =>
          Response.json({
            data: errors && { apiAccessCreateKeys: { createdKeys: null, errors } },
            ...(errors === null && { errors: [{ message: 'No.' }] }),
          }),
        );
        const error = await rejection(issue(session, marked(1)));
        assertCode(error, 'issuer-response-invalid', '/graphql for apiAccessCreateKeys');
        assert.ok(!everythingIn(error).includes('No.'));
      }));

  for (const [change, differs] of [
    [{ key: 'NRAK-123...' }, 'no value'],
    [{ userId: OWN_USER + 1 }, 'another account or user'],
    [{ accountId: 1 }, 'another account or user'],
    [{ name: 'x' }, 'another name'],
    [{ type: 'INGEST' }, 'fields that are not as documented'],
  ] as const)
    it(`tells of a key that was made with ${JSON.stringify(change)}`, () =>
      withSetup(CONTRACT, async ({ session, issuer, world }) => {
        assert.ok(session.kind === 'minting');
        world.intercept(async (request) => {
          const { data } = JSON.parse(await (await issuer.fetch(request.clone())).text());
          Object.assign(data.apiAccessCreateKeys.createdKeys[0], change);
          return Response.json({ data });
        });
        assert.equal((await session.mint({ marker: marked(1), expiresAt: undefined })).differs, differs);
      }));

  it('tells of a key that came along with an error', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const answer = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ ...answer, errors: [{ message: 'x' }] });
      });
      const { differs, value } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'fields that are not as documented');
      assert.match(value.reveal(), /^NRAK-/);
    }));

  it('reads all pages, and takes a list for none that is cut, fails, or lacks the key that asks', () =>
    withSetup(CONTRACT, async ({ session, issuer, other, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      await issue(other, marked(1));
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      assert.deepEqual(
        world.sent.map((sent) => bodyOf(sent)['variables'].cursor),
        [undefined, '50', '100'],
      );
      const found = (change: (search: AdminJson) => object) =>
        world.intercept(async (request) => {
          const { data } = JSON.parse(await (await issuer.fetch(request.clone())).text());
          const { keySearch } = data.actor.apiAccess;
          return Response.json({ data: { actor: { apiAccess: { keySearch: change(keySearch) } } } });
        });
      const cases: readonly (readonly [(search: AdminJson) => object, string])[] = [
        [(search) => ({ ...search, nextCursor: null }), '50 of 104'],
        [({ nextCursor: _next, ...search }) => search, 'nextCursor'],
        [({ count: _count, ...search }) => search, 'count'],
        [
          (search) => ({
            ...search,
            keys: search['keys'].map((key: AdminJson) => ({ ...key, id: `x${key['id']}` })),
          }),
          'lacks the admin credential',
        ],
      ];
      for (const [change, words] of cases) {
        found(change);
        assertCode(await rejection(session.list()), 'issuer-response-invalid', words);
      }
      world.intercept(async (request) => {
        const answer = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ ...answer, errors: [{ message: 'Not all of it.' }] });
      });
      assertCode(await rejection(session.list()), 'issuer-response-invalid', 'errors');
    }));

  it('lists no key of another user or account, whatever the search answers', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept(async (request) => {
        const { data } = JSON.parse(await (await issuer.fetch(request.clone())).text());
        const { keySearch } = data.actor.apiAccess;
        const [own, key] = keySearch.keys;
        keySearch.keys = [own, key, { ...key, id: 'A', userId: 7 }, { ...key, id: 'B', accountId: 7 }];
        keySearch.count = 4;
        return Response.json({ data });
      });
      assert.deepEqual(
        (await session.list()).map((one) => one.handle),
        [handle],
      );
    }));

  it('never ends the key that it asks with, nor one that its list does not show', () =>
    withSetup(CONTRACT, async ({ session, other, admin, world }) => {
      const foreign = (await issue(other, marked(1))).handle.split('/').at(-1);
      world.sent.length = 0;
      for (const id of [admin['grants'][0].keyId, foreign, 'A1B2C3'])
        await session.revoke(`${session.account}/${id}`);
      assert.ok(world.sent.every(({ text }) => does(text) === 'reads'));
      assert.equal((await other.list()).length, 1);
    }));

  it('takes a deletion for done that names this very key and no error, and else looks at the list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      const id = handle.split('/').at(-1);
      const deleted = (deletedKeys: unknown, errors: unknown = null) => ({
        data: { apiAccessDeleteKeys: { deletedKeys, errors } },
      });
      for (const body of [
        {},
        { data: null, errors: [{ message: 'x' }] },
        deleted([]),
        deleted(null, [{ message: 'No.', type: 'USER' }]),
        deleted([{ id: 'another' }]),
        deleted([{ id }], [{ message: 'No.', type: 'USER' }]),
        { ...deleted([{ id }]), errors: [{ message: 'x' }] },
      ]) {
        world.intercept(async (request) =>
          does(await request.clone().text()) === 'ends' ? Response.json(body) : undefined,
        );
        assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', 'lists it');
      }
      world.intercept(undefined);
      world.sent.length = 0;
      await session.revoke(handle);
      assert.deepEqual(
        world.sent.map(({ text }) => does(text)),
        ['reads', 'ends'],
      );
    }));

  for (const [name, change, outcome] of [
    ['as it is', {}, 'active'],
    ['with the id of another key of that user', { keyId: 'of another' }, 'unknown'],
    ['with an id that is none', { keyId: 'NONE' }, 'unknown'],
    ['with another account', { account: 4_000_009 }, 'unknown'],
    ['with another user', { user: OWN_USER + 8 }, 'unknown'],
  ] as const)
    it(`takes a grant ${name} for one whose key is ${outcome}`, () =>
      withSetup(CONTRACT, async ({ session, admin, world }) => {
        const { handle } = await issue(session, marked(1));
        Object.assign(admin['grants'][0], change);
        if (name.includes('of another key')) admin['grants'][0].keyId = handle.split('/').at(-1);
        const probe = await newRelic.examine(new Secret(JSON.stringify(admin)), world.tools);
        assert.equal(probe.outcome, outcome);
        if (outcome === 'unknown' && !name.includes('none'))
          assert.ok(probe.outcome === 'unknown' && probe.reason.includes('account, user and keyId'));
      }));

  it('says that New Relic refuses the key of a grant, without it', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['grants'][0].userKey = 'canary-key-0001';
      const session = listing(newRelic.open(new Secret(JSON.stringify(admin)), SECRET, world.tools));
      const error = await rejection(session.list());
      assertCode(error, 'admin-credential-rejected', '/graphql for keySearch');
      assert.ok(!everythingIn(error).includes('canary'));
    }));

  it('refuses an address that ends in the path that it adds itself', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['url'] = `${admin['url']}/graphql`;
      const opening = Promise.resolve().then(() =>
        newRelic.open(new Secret(JSON.stringify(admin)), SECRET, world.tools),
      );
      assertCode(await rejection(opening), 'admin-invalid', 'must end before /graphql');
    }));
});
