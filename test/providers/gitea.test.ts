import assert from 'node:assert/strict';
import { it } from 'node:test';
import { giteaSimulator } from '../../lib/sandbox/issuers/gitea.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup } from '../contracts/setup.ts';
import { GITEA } from './gitea-contract.ts';

const CONTRACT: ProviderContract = {
  ...GITEA,
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
