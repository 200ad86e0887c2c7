import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linode } from '../../functions/providers/linode/index.ts';
import { linodeSimulator } from '../../lib/sandbox/issuers/linode.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(linode, {
    ...tokenInGrants('user'),
    made: { id: 'id', value: 'token' },
    mayCall: ({ path }) => /^\/v4\/profile(\/tokens(?=$|[/?])|$)/.test(path),
  }),
  name: 'linode against its simulator',
  createIssuer: (clock) => linodeSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const OUT_OF_SCOPE = 'Your OAuth token is not authorized to use this endpoint.';

describe('linode', () => {
  it('takes the token of another user for none of its own, where it may say whose it is', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user'));
    }));

  for (const [reason, status, outcome] of [
    ['Invalid Token', 401, 'inactive'],
    [OUT_OF_SCOPE, 401, 'active'],
    ['Unauthorized', 401, 'unknown'],
    ['Your IP address is not allowed', 401, 'unknown'],
    ['Invalid Token', 403, 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} of which it is said with ${status}: ${reason}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ errors: [{ reason }] }, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('does not take an admin token without the right to ask who it is for a good one', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      world.intercept(() => Response.json({ errors: [{ reason: OUT_OF_SCOPE }] }, { status: 401 }));
      const probe = await linode.examine(new Secret(JSON.stringify(admin)), world.tools);
      assert.equal(probe.outcome, 'unknown');
    }));

  it('reads all pages, and identifies by what the list shows of a value, which goes no further', () =>
    withSetup(CONTRACT, async ({ session }) => {
      for (let index = 0; index < 103; index++) await issue(session, `keyturn-${index}`);
      const { handle, value } = await issue(session, marked(1));
      const listed = await session.list();
      assert.equal(new Set(listed.map(({ name }) => name)).size, 104);
      assert.equal((await session.identify(value))?.handle, handle);
      assert.ok(!everythingIn(listed).includes(value.reveal().slice(0, 16)));
    }));

  it('identifies no value whose beginning two tokens have', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      const { value } = await issue(session, marked(1));
      await issue(session, marked(2));
      world.intercept(async (request) => {
        if (!request.url.includes('page_size')) return undefined;
        const text = await (await issuer.fetch(request.clone())).text();
        return new Response(text.replace(/"token":"\w+"/g, `"token":"${value.reveal().slice(0, 16)}"`));
      });
      assert.equal(await session.identify(value), undefined);
    }));

  it('asks for no token that may do everything', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['grants'][0].scopes = ['*'];
      const text = new Secret(JSON.stringify(admin));
      const opening = Promise.resolve().then(() => linode.open(text, SECRET, world.tools));
      assertCode(await rejection(opening), 'admin-invalid', 'grants[0].scopes[0]');
    }));

  it('takes a deletion for done only when the list shows it', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept((request) => (request.method === 'DELETE' ? Response.json({}) : undefined));
      assertCode(await rejection(session.revoke(handle)), 'issuer-refused');
    }));
});
