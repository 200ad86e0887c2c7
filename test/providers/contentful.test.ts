import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, SECOND } from '../../functions/core/basics/time.ts';
import { contentful } from '../../functions/providers/contentful/index.ts';
import { contentfulSimulator } from '../../lib/sandbox/issuers/contentful.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(contentful, {
    ...tokenInGrants('user'),
    accountFields: ['user', 'token', 'space'],
    made: { id: 'sys.id', value: 'token' },
    mayCall: ({ path }, account) =>
      /^\/users\/me\/access_tokens($|\?|\/\w+\/revoked$)/.test(path) ||
      path === `/spaces/space-of-${account.slice(account.lastIndexOf('/') + 1)}`,
  }),
  name: 'contentful against its simulator',
  createIssuer: (clock) => contentfulSimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Page = z.looseObject({ items: z.array(z.looseObject({ sys: z.looseObject({}) })) });
type Item = z.infer<typeof Page>['items'][number];

/** Has the issuer list tokens otherwise. */
function shown(
  { issuer, world }: Setup,
  change: (item: Item, index: number) => object,
  more: object = {},
): void {
  world.intercept(async (request) => {
    if (!request.url.includes('access_tokens?')) return undefined;
    const page = Page.parse(await (await issuer.fetch(request.clone())).json());
    return Response.json({ ...page, items: page.items.map(change), ...more });
  });
}

const failure = (id: string, message: string) => ({ sys: { type: 'Error', id }, message, requestId: 'x' });
const INVALID = 'The access token you sent could not be found or is invalid.';
const SPACE = 'space-of-user1';

describe('contentful', () => {
  for (const [status, body, outcome] of [
    [200, { name: 'Shop', sys: { type: 'Space', id: SPACE } }, 'active'],
    [200, { name: 'Shop', sys: { type: 'Space', id: 'another' } }, 'unknown'],
    [200, { firstName: 'A', sys: { type: 'User', id: SPACE } }, 'unknown'],
    [401, failure('AccessTokenInvalid', INVALID), 'unknown'],
    [403, failure('AccessTokenInvalid', INVALID), 'unknown'],
    [401, failure('OrganizationAccessGrantRequired', 'No access'), 'unknown'],
    [403, failure('AccessDenied', 'Forbidden'), 'unknown'],
    [404, failure('NotFound', 'The resource could not be found.'), 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} that is answered ${status} with ${JSON.stringify(body)}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('says of a token that its organization does not take that it has not been authorized', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.intercept(() =>
        Response.json(failure('OrganizationAccessGrantRequired', 'No access'), { status: 401 }),
      );
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('has not been authorized'));
    }));

  it('shows a revoked token as revoked for ever, and reads past all of them', () =>
    withSetup(CONTRACT, async ({ session }) => {
      for (let index = 0; index < 103; index++)
        await session.revoke((await issue(session, `keyturn-${index}`)).handle);
      const { handle } = await issue(session, marked(1));
      const list = await session.list();
      assert.equal(list.length, 104);
      assert.equal(list.filter(({ state }) => state === 'revoked').length, 103);
      assert.deepEqual(
        list.filter(({ active }) => active).map((one) => one.handle),
        [handle],
      );
    }));

  it('asks for personal tokens alone, and leaves out others that a list has all the same', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      await issue(setup.session, marked(2));
      setup.world.sent.length = 0;
      await setup.session.list();
      const [sent] = setup.world.sent.map(({ path }) => new URL(path, 'https://x').searchParams);
      assert.deepEqual(Object.fromEntries(sent ?? []), {
        'sys.type[in]': 'PersonalAccessToken',
        skip: '0',
        limit: '100',
      });
      shown(setup, (item, index) =>
        index === 0 ? { ...item, sys: { ...item.sys, type: 'CLIToken' } } : item,
      );
      assert.deepEqual(
        (await setup.session.list()).map(({ name }) => name),
        [marked(2)],
      );
    }));

  it('takes no page that begins elsewhere, holds fewer than it says, or does not say what was revoked', () =>
    withSetup(CONTRACT, async (setup) => {
      await issue(setup.session, marked(1));
      for (const more of [{ skip: 1 }, { total: 2, items: [] }, { total: undefined }]) {
        shown(setup, (item) => item, more);
        assertCode(await rejection(setup.session.list()), 'issuer-response-invalid');
      }
      shown(setup, ({ revokedAt: _revokedAt, ...item }) => item);
      assertCode(await rejection(setup.session.list()), 'issuer-response-invalid');
    }));

  it('asks for a token of one scope that ends, in the type of content that Contentful wants', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      await issue(session, marked(1));
      await issue(session, marked(2), clock.now() + 3 * DAY);
      const common = { scopes: ['content_management_manage'] };
      assert.deepEqual(
        world.sent.map(({ text }) => JSON.parse(text.split('\n').at(-1) ?? '')),
        [
          { name: marked(1), ...common, expiresIn: 60 * 86_400 },
          { name: marked(2), ...common, expiresIn: 3 * 86_400 },
        ],
      );
      for (const { text } of world.sent)
        assert.match(text, /^content-type: application\/vnd\.contentful\.management\.v1\+json$/m);
    }));

  for (const [name, change, differs] of [
    ['never ends', { expiresAt: null }, 'a later expiry'],
    ['is of another type', { type: 'CLIToken' }, 'another type'],
  ] as const)
    it(`tells of a token that ${name}`, () =>
      withSetup(CONTRACT, async ({ session, issuer, world }) => {
        assert.ok(session.kind === 'minting');
        world.intercept(async (request) => {
          const made = Object(await (await issuer.fetch(request.clone())).json());
          return Response.json({ ...made, sys: { ...made.sys, ...change } }, { status: 201 });
        });
        const minted = await session.mint({ marker: marked(1), expiresAt: undefined });
        assert.equal(minted.differs, differs);
      }));

  it('says of no value whose it is that ends like two tokens, or of which too little is shown', () =>
    withSetup(CONTRACT, async (setup) => {
      const { handle, value } = await issue(setup.session, marked(1));
      const { handle: second } = await issue(setup.session, marked(2));
      const whose = async () => (await setup.session.identify(value))?.handle;
      const ending = value.reveal().slice(-4);
      assert.equal(await whose(), handle);
      for (const redactedValue of [ending, ending.slice(1), '', null]) {
        shown(setup, (item) => ({ ...item, sys: { ...item.sys, redactedValue } }));
        assert.equal(await whose(), undefined, `${redactedValue}`);
      }
      // A revoked one is no longer that of a value that is accepted.
      await setup.session.revoke(second);
      shown(setup, (item) => ({ ...item, sys: { ...item.sys, redactedValue: ending } }));
      assert.equal(await whose(), handle);
    }));

  it('takes a revocation for done by the token as it is since, else by its list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      const sys = { id: handle.split('/').at(-1) };
      for (const body of [
        {},
        { sys, revokedAt: null },
        { sys: { id: 'x' }, revokedAt: '2026-03-02T10:17:30Z' },
      ]) {
        world.intercept((request) => (request.method === 'PUT' ? Response.json(body) : undefined));
        await rejection(session.revoke(handle));
      }
      world.intercept(undefined);
      await session.revoke(handle);
      assert.deepEqual(
        (await session.list()).map(({ state }) => state),
        ['revoked'],
      );
    }));

  it('waits as long as Contentful says in its own header', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      let asked = 0;
      world.intercept(() =>
        asked++ === 0
          ? new Response('{}', { status: 429, headers: { 'x-contentful-ratelimit-reset': '9' } })
          : undefined,
      );
      await session.list();
      assert.ok((world.slept[0] ?? 0) >= 9 * SECOND);
    }));

  for (const [user, words, outcome] of [
    ['user2', undefined, 'unknown'],
    ['user1', INVALID, 'inactive'],
    ['user1', 'Try again later.', 'unknown'],
  ] as const)
    it(`takes the admin token of ${user} for ${outcome} that is told: ${words ?? 'who it is'}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        world.intercept(() =>
          words === undefined
            ? Response.json({ sys: { type: 'User', id: user } })
            : Response.json(failure('AccessTokenInvalid', words), { status: 401 }),
        );
        const probe = await contentful.examine(
          new Secret(JSON.stringify({ ...admin, grants: admin['grants'].slice(0, 1) })),
          world.tools,
        );
        assert.equal(probe.outcome, outcome);
      }));

  for (const [field, wrong] of [
    ['scope', 'all'],
    ['space', 'a/../b'],
  ] as const)
    it(`asks for no token whose ${field} is ${wrong}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        admin['grants'][0][field] = wrong;
        assert.throws(
          () => contentful.open(new Secret(JSON.stringify(admin)), SECRET, world.tools),
          new RegExp(`grants\\[0\\]\\.${field}`),
        );
      }));
});
