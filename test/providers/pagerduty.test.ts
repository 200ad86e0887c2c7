import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagerduty } from '../../functions/providers/pagerduty/index.ts';
import { pagerdutySimulator } from '../../lib/sandbox/issuers/pagerduty.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(pagerduty, {
    accountFields: ['orchestration'],
    made: { id: 'integration.id', value: 'integration.parameters.routing_key' },
    isUndated: true,
    refusalIsUnknown: true,
    mayCall: ({ path }, account) =>
      path.startsWith(`/${account.slice(account.indexOf('event_orchestrations/'))}/integrations`),
  }),
  name: 'pagerduty against its simulator',
  createIssuer: (clock) => pagerdutySimulator({ clock }),
};
defineProviderContract(CONTRACT);

describe('pagerduty', () => {
  it('sends no event to check a routing key, and takes it for active while its integration is listed', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle, value } = await issue(session, marked(1));
      assert.deepEqual(await session.probe(value), { outcome: 'active' });
      await session.revoke(handle);
      assert.equal((await session.probe(value)).outcome, 'unknown');
      assert.ok(world.sent.every(({ path }) => path.startsWith('/event_orchestrations/')));
    }));

  it('asks for the version of the API in every request, with the token in its form', () =>
    withSetup(CONTRACT, async ({ session, world, admin }) => {
      const { handle } = await issue(session, marked(1));
      await session.list();
      await session.revoke(handle);
      for (const { text } of world.sent) {
        assert.match(text, /^accept: application\/vnd\.pagerduty\+json;version=2$/m);
        assert.ok(text.includes(`authorization: Token token=${admin['token']}`));
      }
    }));

  it('takes no list for whole that says that there are more', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      await issue(session, marked(1));
      const answering = (total: number | null) =>
        world.intercept(async (request) => {
          const answer = await issuer.fetch(request.clone());
          return Response.json({ ...Object(await answer.json()), total });
        });
      answering(null);
      assert.equal((await session.list()).length, 1);
      answering(2);
      await assert.rejects(session.list(), /not as documented/);
    }));

  it('does not take its own key for that of another kind of integration', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      await issue(session, marked(1));
      world.intercept(async (request) => {
        const text = await (await issuer.fetch(request.clone())).text();
        return new Response(text.replace('"global"', '"service"'));
      });
      await assert.rejects(session.list(), /not as documented/);
    }));
});
