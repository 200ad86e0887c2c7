import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { openaiAdmin } from '../../functions/providers/openai-admin/index.ts';
import { openaiAdminSimulator } from '../../lib/sandbox/issuers/openai-admin.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const KEYS = '/v1/organization/admin_api_keys';

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
  ...contractOf(openaiAdmin, {
    accountFields: ['organization', 'adminKey', 'keyId'],
    made: { id: 'id', value: 'value' },
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['adminKey']),
    malformed: [
      broken('organization', (canary) => `${canary}/../x`),
      broken('adminKey', (canary) => ({ canary })),
      broken('keyId', (canary) => `${canary}/../x`),
      broken('maxDays', () => 366),
    ],
    mayCall: ({ path, text }, account) =>
      (path.startsWith(`${KEYS}?`) || path.startsWith(`${KEYS}/`) || path === KEYS) &&
      text.includes(`openai-organization: ${account.split('/').at(-1)}\n`),
  }),
  name: 'openai-admin against its simulator',
  createIssuer: (clock) => openaiAdminSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const URL = 'https://platform.openai.com/account/api-keys';
const wrong = (masked: string) =>
  `Incorrect API key provided: ${masked}. You can find your API key at ${URL}.`;
/** As OpenAI names a key: its first eight characters, stars, and its last four. */
const maskOf = (value: string) => value.slice(0, 8) + '*'.repeat(value.length - 12) + value.slice(-4);
const error = (message: string, code: string | null) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
});
const OTHER = 'OpenAI-Organization header should match organization for API key';

describe('openai-admin', () => {
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
    ['so with status 403', 403, (key: string) => error(wrong(maskOf(key)), 'invalid_api_key'), 'unknown'],
    ['that it is of another organization', 401, () => error(OTHER, 'mismatched_organization'), 'unknown'],
    [
      'that it may not ask',
      403,
      () => error('You have insufficient permissions. Missing scopes: api.management.read', null),
      'unknown',
    ],
    [
      'that nobody may ask from there',
      401,
      () => error('IP not authorized.', 'ip_not_authorized'),
      'unknown',
    ],
    ['a list of keys', 200, () => ({ object: 'list', data: [], has_more: false }), 'active'],
    ['a list of something else', 200, () => ({ object: 'list', data: [{}], has_more: false }), 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} to which OpenAI says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(bodyOf(value.reveal()), { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('names the organization of the grant, so that OpenAI tells of a key of another one', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another organization than org-000001'));
    }));

  it('asks for a key with a name and an end, and tells of one without an end or with a later one', () =>
    withSetup(CONTRACT, async ({ session, issuer, world, clock }) => {
      assert.ok(session.kind === 'minting');
      const expiresAt = clock.now() + 5 * DAY;
      const mint = () => session.mint({ marker: marked(1), expiresAt });
      assert.equal((await mint()).differs, undefined);
      assert.deepEqual(JSON.parse(world.sent[0]?.text.split('\n').at(-1) ?? ''), {
        name: marked(1),
        expires_in_seconds: 432_000,
      });
      for (const [change, differs] of [
        [{ expires_at: null }, 'a later expiry'],
        [{ expires_at: expiresAt / SECOND + 60 }, 'a later expiry'],
        [{ name: null }, 'a name that it does not show'],
        [{ value: undefined }, 'no value'],
      ] as const) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, ...change });
        });
        assert.equal((await mint()).differs, differs);
      }
    }));

  it('never asks for more than the year that OpenAI allows', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['grants'][0].maxDays = 365;
      const session = openaiAdmin.open(new Secret(JSON.stringify(admin)), SECRET, world.tools);
      assert.ok(session.kind === 'minting');
      assert.equal((await session.mint({ marker: marked(1), expiresAt: undefined })).differs, undefined);
      assert.ok(world.sent[0]?.text.includes('"expires_in_seconds":31536000'));
    }));

  it('never ends the key that it asks with, nor one that its list does not show', () =>
    withSetup(CONTRACT, async ({ session, other, admin, world }) => {
      const foreign = (await issue(other, marked(1))).handle.split('/').at(-1);
      const [{ keyId }] = admin['grants'];
      assert.ok((await session.list()).every(({ handle }) => !handle.endsWith(keyId)));
      world.sent.length = 0;
      for (const id of [keyId, foreign, 'key_nobody'])
        await session.revoke(`${session.account}/admin_api_keys/${id}`);
      assert.ok(world.sent.every(({ method }) => method === 'GET'));
      assert.equal((await other.list()).length, 1);
    }));

  it('reads all pages, and takes a list for none that is cut, has no end, or lacks the key that asks', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 103);
      assert.deepEqual(
        world.sent.map(({ path }) => path.replace(/key_\w+$/, 'key')),
        [`${KEYS}?limit=100`, `${KEYS}?limit=100&after=key`],
      );
      for (const body of [
        { object: 'list', has_more: true, data: [] },
        { object: 'list', data: [] },
      ]) {
        world.intercept(() => Response.json(body));
        assertCode(await rejection(session.list()), 'issuer-response-invalid', 'not as documented');
      }
      world.intercept(async (request) => {
        const page = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({
          ...page,
          data: page.data.filter(({ name }: { name: string }) => name !== 'Keyturn'),
        });
      });
      assertCode(await rejection(session.list()), 'issuer-response-invalid', 'lacks the admin credential');
    }));

  it('takes a deletion for done by the word of OpenAI about this very key alone', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      const id = handle.split('/').at(-1);
      const object = 'organization.admin_api_key.deleted';
      for (const body of [
        {},
        { object, id, deleted: false },
        { object, id: 'key_other', deleted: true },
        { object: 'organization.admin_api_key', id, deleted: true },
      ]) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json(body) : undefined));
        assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', 'lists it');
      }
      world.intercept(undefined);
      world.sent.length = 0;
      await session.revoke(handle);
      assert.deepEqual(
        world.sent.map(({ method, path }) => [method, path]),
        [
          ['GET', `${KEYS}?limit=100`],
          ['DELETE', `${KEYS}/${id}`],
        ],
      );
    }));

  it('says of a grant whether its key is the one that keyId names', () =>
    withSetup(CONTRACT, async ({ session, admin, issuer, world }) => {
      const { handle } = await issue(session, marked(1));
      const examined = (change: object = {}) => {
        const [grant, ...others] = admin['grants'];
        const text = JSON.stringify({ ...admin, grants: [{ ...grant, ...change }, ...others] });
        return openaiAdmin.examine(new Secret(text), world.tools);
      };
      assert.equal((await examined()).outcome, 'active');
      const other = await examined({ keyId: handle.split('/').at(-1) });
      assert.ok(other.outcome === 'unknown' && other.reason.includes('keyId'));
      assert.equal((await examined({ keyId: 'key_nobody' })).outcome, 'unknown');
      const elsewhere = await examined({ organization: 'org-000002' });
      assert.ok(elsewhere.outcome === 'unknown' && elsewhere.reason.includes('another organization'));
      for (const redacted of ['', 'sk-admin', '...001', 'sk-admin...0', 'sk-proj...001']) {
        world.intercept(async (request) => {
          const key = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...key, redacted_value: redacted });
        });
        assert.equal((await examined()).outcome, 'unknown', redacted);
      }
    }));
});
