import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elasticsearch } from '../../functions/providers/elasticsearch/index.ts';
import { elasticsearchSimulator } from '../../lib/sandbox/issuers/elasticsearch.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { asksToWait } from '../contracts/throttled.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const CONTRACT: ProviderContract = {
  provider: elasticsearch,
  hostField: 'url',
  accountFields: ['user', 'password'],
  made: { id: 'id', value: 'encoded' },
  grantedDays: 60,
  adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['password']),
  malformed: [
    {
      field: 'grants[0].user',
      breakIt: (admin, canary) => {
        admin['grants'][0].user = `${canary}:x`;
      },
    },
    {
      field: 'grants[0].password',
      breakIt: (admin, canary) => {
        admin['grants'][0].password = { canary };
      },
    },
    {
      field: 'grants[0].roles',
      breakIt: (admin) => {
        admin['grants'][0].roles = {};
      },
    },
    {
      field: 'grants[0].roles.search.indices[0].names[0]',
      breakIt: (admin, canary) => {
        admin['grants'][0].roles.search.indices[0].names = [`${canary} x`];
      },
    },
  ],
  mayCall: ({ path, text }, account) => {
    if (path === '/_security/_authenticate') return true;
    const user = account.split('/').at(-1);
    return path.startsWith('/_security/api_key') && text.includes(`${user}:`);
  },
  throttled: asksToWait,
  name: 'elasticsearch against its simulator',
  createIssuer: (clock) => elasticsearchSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const UNABLE =
  'unable to authenticate with provided credentials and anonymous access is not allowed for this request';

describe('elasticsearch', () => {
  for (const [why, outcome] of [
    ['API key: api key [VuaCfGcBCdbkQm-e5aOx] has been invalidated', 'inactive'],
    ['API key: api key is expired', 'inactive'],
    ['API key: invalid credentials for API key [VuaCfGcBCdbkQm-e5aOx]', 'inactive'],
    ['API key: apikey authentication for id VuaCfGcBCdbkQm-e5aOx encountered a failure', 'unknown'],
    [
      'API key: authentication expected API key type of [rest], but API key [x] has type [cross_cluster]',
      'unknown',
    ],
    [undefined, 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} that is not accepted with the words ${why}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        const error = {
          type: 'security_exception',
          reason: UNABLE,
          ...(why !== undefined && { additional_unsuccessful_credentials: why }),
        };
        world.intercept(() => Response.json({ error, status: 401 }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('does not take 200 for a revocation that ended nothing', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle, value } = await issue(session, marked(1));
      world.intercept(async ({ method }) =>
        method === 'DELETE'
          ? Response.json({ invalidated_api_keys: [], previously_invalidated_api_keys: [], error_count: 0 })
          : undefined,
      );
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
      assert.equal((await session.probe(value)).outcome, 'active');
    }));
});
