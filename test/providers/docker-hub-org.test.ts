import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { dockerHubOrg } from '../../functions/providers/docker-hub-org/index.ts';
import { dockerHubOrgSimulator } from '../../lib/sandbox/issuers/docker-hub-org.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const RESOURCE = { type: 'TYPE_REPO', path: 'shop1/api', scopes: ['repo-pull'] };

const wrong = (field: string, breakIt: (admin: AdminJson, canary: string) => void) => ({ field, breakIt });

const CONTRACT: ProviderContract = {
  ...contractOf(dockerHubOrg, {
    accountFields: ['organization'],
    made: { id: 'id', value: 'token' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['password']],
    malformed: [
      wrong('user', (admin, canary) => {
        admin['user'] = `${canary}/../x`;
      }),
      wrong('password', (admin, canary) => {
        admin['password'] = { canary };
      }),
      wrong('grants[0].organization', (admin, canary) => {
        admin['grants'][0].organization = `${canary}/../x`;
      }),
      wrong('grants[0].resources', (admin) => {
        admin['grants'][0].resources = [];
      }),
      wrong('grants[0].resources[0].scopes', (admin) => {
        admin['grants'][0].resources[0].scopes = [];
      }),
      wrong('grants[0].resources[0].type', (admin, canary) => {
        admin['grants'][0].resources[0].type = canary;
      }),
    ],
    // A time since 1970, by the vendor's reference.
    throttled: (wait, now) =>
      new Response('{}', {
        status: 429,
        headers: { 'x-retry-after': String(Math.ceil((now + wait) / SECOND)) },
      }),
    mayCall: ({ path, text }, account) => {
      const organization = account.split('/').at(-1);
      return path === '/v2/auth/token'
        ? text.includes(`"identifier":"${organization}"`)
        : `${path}?`.replace('?', '/').startsWith(`/v2/orgs/${organization}/access-tokens/`);
    },
  }),
  name: 'docker-hub-org against its simulator',
  createIssuer: (clock) => dockerHubOrgSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Made = z.looseObject({});

describe('docker-hub-org', () => {
  for (const [status, body, outcome] of [
    [200, { access_token: 'a.b.c' }, 'active'],
    [200, { access_token: 'none' }, 'unknown'],
    [401, { message: 'unauthorized', errinfo: {} }, 'inactive'],
    [401, { message: 'unauthorized', errinfo: { why: 'two factors' } }, 'unknown'],
    [401, { detail: 'Incorrect authentication credentials' }, 'unknown'],
    [403, { message: 'unauthorized', errinfo: {} }, 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} that is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('asks about a token under the name of the granted organization alone', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
      assert.deepEqual(await other.probe(value), { outcome: 'active' });
    }));

  it('asks for the resources of the grant, and tells of a token that has others', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const path = `${session.account.split('/').at(-1)}/api`;
      const own = { ...RESOURCE, path };
      for (const [resources, differs] of [
        [[own], undefined],
        [[{ ...own, scopes: ['repo-pull', 'repo-pull'] }], undefined],
        [[{ ...own, scopes: ['repo-pull', 'repo-push'] }], 'other resources or scopes'],
        [[own, { ...own, path: 'shop1/other' }], 'other resources or scopes'],
        [[{ ...own, type: 'TYPE_ORG' }], 'other resources or scopes'],
        [[], 'other resources or scopes'],
        [undefined, 'other resources or scopes'],
      ] as const) {
        world.intercept(async (request) => {
          const answer = await issuer.fetch(request.clone());
          if (request.method !== 'POST') return answer;
          return Response.json({ ...Made.parse(await answer.json()), resources }, { status: 201 });
        });
        world.sent.length = 0;
        const minted = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(minted.differs, differs, JSON.stringify(resources));
        assert.ok(world.sent[0]?.text.includes(JSON.stringify({ resources: [own] }).slice(1, -1)));
      }
    }));

  it('keeps an expired token in its list, since it takes a slot until it is deleted', () =>
    withSetup(CONTRACT, async ({ session, clock }) => {
      const { handle, value } = await issue(session, marked(1), clock.now() + DAY);
      await clock.advanceBy(2 * DAY);
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
      const [left] = await session.list();
      assert.deepEqual([left?.handle, left?.state], [handle, 'active']);
      await session.revoke(handle);
      assert.deepEqual(await session.list(), []);
    }));

  it('tells of a token that Docker made without an end', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const answer = await issuer.fetch(request.clone());
        if (request.method !== 'POST') return answer;
        return Response.json({ ...Made.parse(await answer.json()), expires_at: null }, { status: 201 });
      });
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'a later expiry');
    }));

  it('reads all pages, and names the grant that is wrong', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      await issue(session, marked(1));
      world.intercept(async (request) => {
        const url = new URL(request.url);
        if (!url.searchParams.has('page')) return undefined;
        const page = Made.parse(await (await issuer.fetch(request.clone())).json());
        return Response.json({
          ...page,
          total: 2,
          ...(url.searchParams.get('page') === '2' && { results: [] }),
        });
      });
      await assert.rejects(session.list(), /1 of 2/);
      world.intercept(() => Response.json({ message: 'not found' }, { status: 404 }));
      await assert.rejects(session.list(), /Docker Hub knows no organization .* correct the grant/);
    }));
});
