import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dockerHub } from '../../functions/providers/docker-hub/index.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import { dockerHubSimulator } from '../../lib/sandbox/issuers/docker-hub.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(dockerHub, {
    accountFields: ['user', 'password'],
    made: { id: 'uuid', value: 'token' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['password']),
    malformed: [
      {
        field: 'grants[0].user',
        breakIt: (admin, canary) => {
          admin['grants'][0].user = `${canary}/../x`;
        },
      },
      {
        field: 'grants[0].password',
        breakIt: (admin, canary) => {
          admin['grants'][0].password = { canary };
        },
      },
      {
        field: 'grants[0].scope',
        breakIt: (admin, canary) => {
          admin['grants'][0].scope = canary;
        },
      },
    ],
    // A time since 1970, by the vendor's reference.
    throttled: (wait, now) =>
      new Response('{}', {
        status: 429,
        headers: { 'x-retry-after': String(Math.ceil((now + wait) / SECOND)) },
      }),
    mayCall: ({ path, text }, account) =>
      path === '/v2/auth/token'
        ? text.includes(`"identifier":"${account.split('/').at(-1)}"`)
        : path.startsWith('/v2/access-tokens'),
  }),
  name: 'docker-hub against its simulator',
  createIssuer: (clock) => dockerHubSimulator({ clock }),
};

defineProviderContract(CONTRACT);

it('asks Docker Hub about a token under the name of the granted account alone', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(1));
    assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
  }));

it('reads all pages of Docker Hub', () =>
  withSetup(CONTRACT, async ({ session }) => {
    for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
    const names = new Set((await session.list()).map(({ name }) => name));
    assert.equal(names.size, 103);
  }));
