import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { openai } from '../../functions/providers/openai/index.ts';
import { openaiSimulator } from '../../lib/sandbox/issuers/openai.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(openai, {
    accountFields: ['project'],
    made: { id: 'id', value: 'api_key.value' },
    mayCall: ({ path }, account) =>
      path === '/v1/models' ||
      path.startsWith(`/v1/organization/${account.slice(account.indexOf('/') + 1)}/service_accounts`),
  }),
  name: 'openai against its simulator',
  createIssuer: (clock) => openaiSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const URL = 'https://platform.openai.com/account/api-keys';
const wrong = (masked: string) =>
  `Incorrect API key provided: ${masked}. You can find your API key at ${URL}.`;
/** As OpenAI names a key: its first eight characters, stars, and its last four. */
const maskOf = (value: string) => value.slice(0, 8) + '*'.repeat(value.length - 12) + value.slice(-4);
const error = (message: string, code: string | null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

describe('openai', () => {
  for (const [name, status, bodyOf, outcome] of [
    [
      'that this very key is wrong',
      401,
      (key: string) => error(wrong(maskOf(key)), 'invalid_api_key'),
      'inactive',
    ],
    [
      'that another key is wrong',
      401,
      (key: string) => error(wrong(`${maskOf(key).slice(0, -4)}fvMA`), 'invalid_api_key'),
      'unknown',
    ],
    [
      'that a key with another beginning is wrong',
      401,
      (key: string) => error(wrong(`sk-proj-${maskOf(key).slice(8)}`), 'invalid_api_key'),
      'unknown',
    ],
    ['so with another code', 401, (key: string) => error(wrong(maskOf(key)), 'ip_not_authorized'), 'unknown'],
    [
      'so with another type',
      401,
      (key: string) => error(wrong(maskOf(key)), 'invalid_api_key', 'x'),
      'unknown',
    ],
    ['so with status 403', 403, (key: string) => error(wrong(maskOf(key)), 'invalid_api_key'), 'unknown'],
    ['no key at all', 401, () => error('Incorrect API key provided.', 'invalid_api_key'), 'unknown'],
    [
      'that it may not ask',
      403,
      () => error('You have insufficient permissions. Missing scopes: api.model.read', null),
      'unknown',
    ],
    [
      'that nobody may ask from there',
      401,
      () => error('IP not authorized.', 'ip_not_authorized'),
      'unknown',
    ],
    ['its models', 200, () => ({ object: 'list', data: [{ id: 'm', object: 'model' }] }), 'active'],
    ['something else', 200, () => ({ object: 'list' }), 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} to which OpenAI says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(bodyOf(value.reveal()), { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('says that the admin key is refused where its own is named, and nothing of one that may not ask', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      const examined = (token: string) =>
        openai.examine(new Secret(JSON.stringify({ ...admin, token })), world.tools);
      assert.equal((await examined(admin['token'])).outcome, 'active');
      assert.equal((await examined('sk-admin-wrong-0000')).outcome, 'inactive');
      assert.equal((await examined(value.reveal())).outcome, 'unknown');
    }));

  it('asks for a service account with the name alone, and tells of one without its rights or its key', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const mint = async () => session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal((await mint()).differs, undefined);
      assert.deepEqual(JSON.parse(world.sent[0]?.text.split('\n').at(-1) ?? ''), { name: marked(1) });
      for (const [change, differs] of [
        [{ role: 'none' }, 'another role'],
        [{ api_key: null }, 'no value'],
        [{ name: 'x' }, 'another name'],
      ] as const) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, ...change });
        });
        assert.equal((await mint()).differs, differs);
      }
    }));

  it('ends a key by deleting its service account, and takes that for done by the word of OpenAI alone', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      const id = handle.split('/').at(-1);
      assert.ok(handle.endsWith(`/service_accounts/${id}`));
      for (const body of [
        {},
        { object: 'organization.project.service_account.deleted', id, deleted: false },
      ]) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json(body) : undefined));
        await assert.rejects(session.revoke(handle));
      }
      world.intercept(undefined);
      world.sent.length = 0;
      await session.revoke(handle);
      assert.deepEqual(
        world.sent.map(({ method, path }) => [method, path.split('/').slice(-2)]),
        [['DELETE', ['service_accounts', id]]],
      );
    }));

  it('reads all pages of a project, and takes a page that ends without its word for none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      for (const body of [
        { object: 'list', has_more: true, data: [] },
        { object: 'list', data: [] },
      ]) {
        world.intercept(() => Response.json(body));
        await assert.rejects(session.list(), /not as documented|has_more/);
      }
    }));
});
