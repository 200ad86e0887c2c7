import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SECOND } from '../../functions/core/basics/time.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { vercel } from '../../functions/providers/vercel/index.ts';
import { vercelSimulator } from '../../lib/sandbox/issuers/vercel.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(vercel, {
    ...tokenInGrants('user'),
    made: { id: 'token.id', value: 'bearerToken' },
    throttled: (wait, now) =>
      new Response('{}', {
        status: 429,
        headers: { 'x-ratelimit-reset': String(Math.ceil((now + wait) / SECOND)) },
      }),
    mayCall: ({ path }) => path === '/v2/user' || /^\/v[36]\/user\/tokens(?![^/?])/.test(path),
  }),
  name: 'vercel against its simulator',
  createIssuer: (clock) => vercelSimulator({ clock }),
};

defineProviderContract(CONTRACT);

describe('vercel', () => {
  it('names the team of a grant when it is wrong, and not what stands there', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['grants'][0].team = 'canary-team';
      const text = new Secret(JSON.stringify(admin));
      const error = await rejection(Promise.resolve().then(() => vercel.open(text, SECRET, world.tools)));
      assertCode(error, 'admin-invalid', 'grants[0].team', 'begins with team_');
      assert.ok(!String(error).includes('canary'));
    }));

  it('takes the token of another user for none of its own', () =>
    withSetup(CONTRACT, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another user'));
    }));

  it('reads all pages, each from where the one before it ended', () =>
    withSetup(CONTRACT, async ({ session, clock, world }) => {
      for (let index = 0; index < 203; index++) {
        await issue(session, `keyturn-${index}`);
        await clock.advanceBy(SECOND);
      }
      world.sent.length = 0;
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 203);
      assert.equal(world.sent.length, 11);
    }));

  it('takes no page for the last one that does not say so', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (const pagination of [undefined, {}, { next: true }]) {
        world.intercept(() => Response.json({ tokens: [], ...(pagination && { pagination }) }));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
      }
    }));

  it('asks for tokens of one team, and tells of one that is not limited to it', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const good = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(good.differs, undefined);
      const team = session.scopes?.[0] ?? '';
      for (const scopes of [
        [{ type: 'user', createdAt: 1 }],
        [
          { type: 'user', createdAt: 1 },
          { type: 'team', teamId: team, createdAt: 1 },
        ],
        [{ type: 'team', teamId: `${team}X`, createdAt: 1 }],
        [],
      ]) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, token: { ...made.token, scopes } });
        });
        const { differs } = await session.mint({ marker: marked(2), expiresAt: undefined });
        assert.equal(differs, 'other scopes');
      }
    }));

  it('never ends the token that asks, whatever a handle says', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      assertCode(await rejection(session.revoke(`${session.account}/current`)), 'not-granted');
      assert.equal(world.sent.length, 0);
    }));

  for (const [name, error] of [
    ['a login that has to be renewed', { code: 'forbidden', message: 'Not authorized', saml: true }],
    ['too few rights', { code: 'forbidden', message: 'Not authorized' }],
    ['no token at all', { code: 'forbidden', message: 'Not authorized', missingToken: true }],
  ] as const)
    it(`takes a refusal for ${name} for no verdict on a token`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ error }, { status: 403 }));
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }));

  it('says of an admin token for a team that it may not create others', () =>
    withSetup(CONTRACT, async ({ session, admin, world }) => {
      const { value } = await issue(session, marked(1));
      admin['grants'][0].token = value.reveal();
      const text = new Secret(JSON.stringify(admin));
      const probe = await vercel.examine(text, world.tools);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('limited'));
      assertCode(
        await rejection(issue(listing(vercel.open(text, SECRET, world.tools)), marked(2))),
        'admin-credential-rejected',
      );
    }));
});
