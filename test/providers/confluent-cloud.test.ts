import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { confluentCloud } from '../../functions/providers/confluent-cloud/index.ts';
import { confluentCloudSimulator } from '../../lib/sandbox/issuers/confluent-cloud.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(confluentCloud, {
    accountFields: ['serviceAccount'],
    made: { id: 'id', value: 'spec.secret' },
    mayCall: ({ path }) => path === '/org/v2/environments?page_size=1' || path.startsWith('/iam/v2/api-keys'),
  }),
  name: 'confluent-cloud against its simulator',
  createIssuer: (clock) => confluentCloudSimulator({ clock }),
};
defineProviderContract(CONTRACT);

describe('confluent-cloud', () => {
  for (const [detail, outcome] of [
    ["invalid API key: make sure you're using a Cloud API Key and not a Cluster API Key", 'inactive'],
    ['Unauthorized', 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} of which it is said: ${detail}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ errors: [{ status: '401', detail }] }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  for (const [resource, isOwn] of [
    [{ id: 'cloud' }, true],
    [{ id: 'lkc-c29js0' }, false],
  ] as const)
    it(`lists a key of the resource ${resource.id} ${isOwn ? 'as one of its own' : 'nowhere'}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const key = {
          id: 'AAAAAAAAAAAAAAAA',
          metadata: {},
          spec: { display_name: 'x', owner: { id: 'sa-1abc' }, resource },
        };
        world.intercept(() => Response.json({ kind: 'ApiKeyList', metadata: {}, data: [key] }));
        assert.equal((await session.list()).length, isOwn ? 1 : 0);
      }));
});
