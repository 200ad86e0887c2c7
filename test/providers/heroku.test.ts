import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { heroku } from '../../functions/providers/heroku/index.ts';
import { herokuSimulator } from '../../lib/sandbox/issuers/heroku.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(heroku, {
    ...tokenInGrants('user'),
    made: { id: 'id', value: 'access_token.token' },
    mayCall: ({ path }) => path === '/account' || /^\/oauth\/authorizations(\/[0-9a-f-]{36})?$/.test(path),
  }),
  name: 'heroku against its simulator',
  createIssuer: (clock) => herokuSimulator({ clock }),
};
defineProviderContract(CONTRACT);

describe('heroku', () => {
  for (const [status, id, message, outcome] of [
    [401, 'unauthorized', 'Invalid credentials provided.', 'inactive'],
    [401, 'unauthorized', 'There were no credentials in this header.', 'unknown'],
    [401, 'two_factor', 'Invalid credentials provided.', 'unknown'],
    [403, 'unauthorized', 'Invalid credentials provided.', 'unknown'],
    [403, 'forbidden', 'You do not have access to this resource.', 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} that Heroku answers ${status} with ${id}: ${message}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ id, message }, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('takes the token of another account for none of its own', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another account'));
    }));

  it('takes no admin token for a good one that may not see the authorizations', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      const grants = [{ ...admin['grants'][0], token: value.reveal() }];
      const probe = await heroku.examine(new Secret(JSON.stringify({ ...admin, grants })), world.tools);
      assert.equal(probe.outcome, 'unknown');
    }));

  it('reads all pages by their ranges, and takes one that does not say where the next begins for none', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (let index = 0; index < 1_003; index++) await issue(session, `keyturn-${index}`);
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 1_003);
      assert.deepEqual(
        world.sent.map(({ text }) => /^range: (id )/m.exec(text)?.[1]),
        ['id ', 'id '],
      );
      world.intercept(() => Response.json([], { status: 206 }));
      await assert.rejects(session.list(), /without the range of the next page/);
    }));

  it('asks for the scopes of the grant and for no end, and tells of a token with others or with one', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const mint = async () => session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal((await mint()).differs, undefined);
      assert.deepEqual(JSON.parse(world.sent[0]?.text.split('\n').at(-1) ?? ''), {
        description: marked(1),
        scope: ['identity', 'write'],
        expires_in: null,
      });
      for (const [change, differs] of [
        [{ scope: ['global'] }, 'other scopes'],
        [{ access_token: null }, 'no value'],
        [{ access_token: { token: 'HRKU-0123', expires_in: 60 } }, 'another end'],
      ] as const) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, ...change }, { status: 201 });
        });
        assert.equal((await mint()).differs, differs);
      }
    }));

  it('wants a scope with which a token may say whose it is', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const grants = [{ ...admin['grants'][0], scopes: ['write'] }];
      const text = new Secret(JSON.stringify({ ...admin, grants }));
      assert.throws(() => heroku.open(text, SECRET, world.tools), /grants\[0\]\.scopes.*global or identity/);
    }));

  it('shows the tokens of its list to nobody', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { value } = await issue(session, marked(1));
      assert.ok(!JSON.stringify(await session.list()).includes(value.reveal()));
    }));
});
