import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { mongodbAtlasKey } from '../../functions/providers/mongodb-atlas-key/index.ts';
import { mongodbAtlasKeySimulator } from '../../lib/sandbox/issuers/mongodb-atlas-key.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const wrong = (field: string, valueOf: (canary: string) => unknown) => ({
  field: `grants[0].${field}`,
  breakIt: (admin: AdminJson, canary: string) => {
    admin['grants'][0][field] = valueOf(canary);
  },
});

const CONTRACT: ProviderContract = {
  ...contractOf(mongodbAtlasKey, {
    accountFields: ['organization'],
    made: { id: 'id', value: 'privateKey', half: 'publicKey' },
    logsIn: true,
    isUndated: true,
    adminCredentials: (admin: AdminJson) => [admin['clientSecret']],
    malformed: [
      {
        field: 'clientSecret',
        breakIt: (admin: AdminJson, canary: string) => {
          admin['clientSecret'] = { canary };
        },
      },
      wrong('organization', (canary) => `${canary}/../x`),
      wrong('roles', () => []),
      wrong('roles', () => ['GROUP_OWNER']),
    ],
    mayCall: ({ method, path }, account) =>
      path === '/api/oauth/token'
        ? method === 'POST'
        : path === '/api/atlas/v2' ||
          new RegExp(
            `^/api/atlas/v2/${account.slice(account.indexOf('/') + 1)}/apiKeys(/[a-f0-9]{24}|\\?.*)?$`,
          ).test(path),
  }),
  name: 'mongodb-atlas-key against its simulator',
  createIssuer: (clock) => mongodbAtlasKeySimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Status = z.looseObject({ apiKey: z.looseObject({}) });

/** Has the issuer answer the question about a key otherwise, or the challenge before it. */
function answered({ world, issuer }: Setup, to: { challenge?: Response; proof?: Response }): void {
  world.intercept((request) => {
    if (new URL(request.url).pathname !== '/api/atlas/v2') return undefined;
    return (request.headers.has('authorization') ? to.proof : to.challenge) ?? issuer.fetch(request);
  });
}

const unauthorized = (challenge?: string): Response =>
  Response.json(
    { detail: 'Unauthorized.', error: 401, errorCode: 'NOT_AUTHENTICATED', reason: 'Unauthorized' },
    { status: 401, ...(challenge !== undefined && { headers: { 'www-authenticate': challenge } }) },
  );

const GOOD = 'Digest realm="MMS Public API", domain="", nonce="bW9uZ29kYi1hdGxhcw==", algorithm=MD5';

describe('mongodb-atlas-key', () => {
  it('gives both halves as one value, and proves it without sending the private one', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      const [, secret = ''] = /^[a-z]{8}:([0-9a-f-]{36})$/.exec(value.reveal()) ?? [];
      world.sent.length = 0;
      assert.equal((await session.probe(value)).outcome, 'active');
      assert.deepEqual(
        world.sent.map(({ path, text }) => [path, /authorization: (\w+)/.exec(text)?.[1]]),
        [
          ['/api/atlas/v2', undefined],
          ['/api/atlas/v2', 'Digest'],
        ],
      );
      assert.ok(world.sent.every(({ text }) => !text.includes(secret)));
    }));

  for (const [name, challenge] of [
    ['no challenge', undefined],
    ['another scheme', 'Bearer realm="MMS Public API"'],
    ['no nonce', 'Digest realm="MMS Public API", algorithm=MD5, qop="auth"'],
    ['another algorithm', GOOD.replace('MD5', 'SHA-256') + ', qop="auth"'],
    ['no qop', GOOD],
    ['a qop that needs the body', `${GOOD}, qop="auth-int"`],
  ] as const)
    it(`asks no second time after ${name}, and takes the value for unknown`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        answered(setup, { challenge: unauthorized(challenge) });
        setup.world.sent.length = 0;
        assert.equal((await setup.session.probe(value)).outcome, 'unknown');
        assert.equal(setup.world.sent.length, 1);
      }));

  it('takes nothing for an acceptance that was answered before the proof', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, world } = setup;
      const { value } = await issue(session, marked(1));
      const [publicKey] = value.reveal().split(':');
      const orgId = session.account.split('/').at(-1);
      const body = { appName: 'MongoDB Atlas', apiKey: { publicKey, roles: [{ orgId }] } };
      for (const status of [200, 403]) {
        const headers = { 'www-authenticate': `${GOOD}, qop="auth"` };
        answered(setup, { challenge: Response.json(body, { status, headers }) });
        world.sent.length = 0;
        assert.equal((await session.probe(value)).outcome, 'unknown');
        assert.equal(world.sent.length, 1);
      }
      answered(setup, { proof: Response.json(body) });
      assert.equal((await session.probe(value)).outcome, 'active');
    }));

  it('takes a private key without its public one for no value', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const answer = await issuer.fetch(request.clone());
        if (request.method !== 'POST') return answer;
        return Response.json({ ...z.looseObject({}).parse(await answer.json()), publicKey: null });
      });
      const { differs, value } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'no value');
      assert.match(value.reveal(), /^no value/);
    }));

  it('finds the challenge among others, in either order, and one that offers more', () =>
    withSetup(CONTRACT, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      for (const challenge of [
        `${GOOD}, qop="auth,auth-int", opaque="x"`,
        `Bearer realm="x", ${GOOD}, qop="auth", stale=false`,
        GOOD.replace(', algorithm=MD5', ', qop="auth"'),
      ]) {
        answered(setup, { challenge: unauthorized(challenge) });
        assert.equal((await setup.session.probe(value)).outcome, 'active', challenge);
      }
    }));

  for (const [name, proof] of [
    ['a nonce that is too old', () => unauthorized(`${GOOD}, qop="auth", stale=true`)],
    ['the same words again', () => unauthorized(`${GOOD}, qop="auth", stale=false`)],
    [
      'an address',
      () => Response.json({ error: 403, errorCode: 'IP_ADDRESS_NOT_ON_ACCESS_LIST' }, { status: 403 }),
    ],
    ['an answer that tells no key', () => Response.json({ appName: 'MongoDB Atlas', apiKey: null })],
  ] as const)
    it(`takes no refusal for one of the value, such as ${name}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { value } = await issue(setup.session, marked(1));
        answered(setup, { proof: proof() });
        assert.equal((await setup.session.probe(value)).outcome, 'unknown');
      }));

  for (const [name, apiKey] of [
    ['another organization', { roles: [{ orgId: 'f'.repeat(24), roleName: 'ORG_OWNER' }] }],
    ['no organization', { roles: [] }],
    ['another key', { publicKey: 'zmmrboas' }],
  ] as const)
    it(`takes a key for unknown that Atlas says to be of ${name}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { session, issuer, world } = setup;
        const { value } = await issue(session, marked(1));
        world.intercept(async (request) => {
          const answer = await issuer.fetch(request.clone());
          if (answer.status !== 200 || new URL(request.url).pathname !== '/api/atlas/v2') return answer;
          const status = Status.parse(await answer.json());
          return Response.json({ ...status, apiKey: { ...status.apiKey, ...apiKey } });
        });
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));

  it('reads pages until one is empty, since the total is an estimate', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 3; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal((await session.list()).length, 3);
      assert.deepEqual(
        world.sent.map(({ path }) => path.split('?')[1]),
        ['1', '2'].map((page) => `includeCount=false&pageNum=${page}&itemsPerPage=500`),
      );
    }));

  it('tells of a key that has another role, or one in a project', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      for (const role of [
        { orgId: 'f'.repeat(24), roleName: 'ORG_OWNER' },
        { groupId: 'f'.repeat(24), roleName: 'ORG_READ_ONLY' },
      ]) {
        world.intercept(async (request) => {
          const answer = await issuer.fetch(request.clone());
          if (request.method !== 'POST') return answer;
          return Response.json({ ...z.looseObject({}).parse(await answer.json()), roles: [role] });
        });
        const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(differs, 'other scopes');
      }
    }));

  it('asks for the version of the API in which the calls are, and names the grant that is wrong', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      world.sent.length = 0;
      await session.list();
      assert.ok(
        world.sent.every(({ text }) => text.includes('accept: application/vnd.atlas.2023-01-01+json')),
      );
      world.intercept(() => Response.json({ error: 404, errorCode: 'RESOURCE_NOT_FOUND' }, { status: 404 }));
      await assert.rejects(session.list(), /Atlas knows no organization .* correct the grant/);
    }));
});
