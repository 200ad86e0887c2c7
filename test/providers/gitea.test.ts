import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gitea } from '../../functions/providers/gitea/index.ts';
import { giteaSimulator } from '../../lib/sandbox/issuers/gitea.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(gitea, {
    accountFields: ['user', 'password'],
    made: { id: 'id', value: 'sha1' },
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
        field: 'grants[0].scopes',
        breakIt: (admin) => {
          admin['grants'][0].scopes = ['read:user', 'write:user'];
        },
      },
    ],
    mayCall: ({ path }, account) =>
      path === '/api/v1/user' || path.startsWith(`/api/v1/${account.slice(account.indexOf('/') + 1)}/tokens`),
  }),
  name: 'gitea against its simulator',
  createIssuer: (clock) => giteaSimulator({ clock }),
};

defineProviderContract(CONTRACT);

it('takes the token of another user of Gitea for none of its own', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(1));
    assert.deepEqual(await session.probe(value), {
      outcome: 'unknown',
      reason: 'Gitea takes this token for one of another user than u1.',
    });
  }));

it('tells no use of a token of Gitea before it was used', () =>
  withSetup(CONTRACT, async ({ session, other, clock }) => {
    // One of them lacks the scope to ask about itself: a refusal for that is a use too.
    for (const one of [session, other]) {
      const { value } = await issue(one, marked(1));
      assert.equal((await one.list())[0]?.lastUsedAt, undefined);
      await clock.advanceBy(60_000);
      await one.probe(value);
      assert.equal((await one.list())[0]?.lastUsedAt, clock.now());
    }
  }));
