import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { sentry } from '../../functions/providers/sentry/index.ts';
import { sentrySimulator } from '../../lib/sandbox/issuers/sentry.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type ProviderContract, type Setup } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(sentry, {
    accountFields: ['organization', 'project'],
    made: { id: 'id', value: 'dsn.public' },
    mayCall: ({ path }, account) =>
      path.startsWith(`/api/0/${account.slice(account.indexOf('/projects/') + 1)}/keys/`),
  }),
  name: 'sentry against its simulator',
  createIssuer: (clock) => sentrySimulator({ clock }),
};
defineProviderContract(CONTRACT);

const Keys = z.array(z.record(z.string(), z.unknown()));

/** Has the issuer list keys otherwise. */
function shown({ issuer, world }: Setup, change: (keys: z.infer<typeof Keys>) => unknown): void {
  world.intercept(async (request) => {
    const answer = await issuer.fetch(request.clone());
    const keys = change(Keys.parse(await answer.json()));
    return Response.json(keys, { headers: { link: answer.headers.get('link') ?? '' } });
  });
}

describe('sentry', () => {
  it('takes a DSN for active as long as the whole list shows its key as active, and never for refused', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session } = setup;
      const { handle, value } = await issue(session, marked(1));
      assert.deepEqual(await session.probe(value), { outcome: 'active' });
      await session.toggle?.disable(handle);
      assert.deepEqual(await session.probe(value), {
        outcome: 'unknown',
        reason: 'Its issuer lists the credential with this value as disabled.',
      });
      await session.revoke(handle);
      assert.deepEqual(await session.probe(value), {
        outcome: 'unknown',
        reason: 'Its issuer lists no credential with this value.',
      });
    }));

  it('knows a DSN by its key and its project, wherever it says that events go', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { handle, value } = await issue(session, marked(1));
      const { username: key, pathname } = new URL(value.reveal());
      const whoseIs = async (text: string) => (await session.identify(new Secret(text)))?.handle;
      for (const same of [
        `https://${key}@sentry.keyturn.test${pathname}`,
        `https://${key}:${'0'.repeat(32)}@o1.ingest.sentry.keyturn.test${pathname}`,
      ])
        assert.equal(await whoseIs(same), handle);
      for (const other of [
        `https://${key}@o1.ingest.sentry.keyturn.test/1`,
        `https://${'f'.repeat(32)}@o1.ingest.sentry.keyturn.test${pathname}`,
        key,
      ])
        assert.equal(await whoseIs(other), undefined);
    }));

  it('leaves the version of the loader as it is when it disables a key, and enables it again', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      await session.toggle?.disable(handle);
      await session.toggle?.enable(handle);
      const changes = world.sent.filter(({ method }) => method === 'PUT').map(({ text }) => text);
      assert.equal(changes.length, 2);
      for (const text of changes) assert.match(text, /"browserSdkVersion":"7\.x"/);
    }));

  it('reads all pages, and wants the word that there is no more', () =>
    withSetup(CONTRACT, async ({ session, world, issuer }) => {
      for (let index = 0; index < 203; index++) await issue(session, `keyturn-${index}`);
      assert.equal(new Set((await session.list()).map(({ name }) => name)).size, 203);
      const { value } = await issue(session, marked(1));
      for (const link of [
        '',
        '<https://sentry.keyturn.test/x>; rel="next"',
        'x; rel="next"; results="true"',
      ]) {
        world.intercept(async (request) =>
          Response.json(await (await issuer.fetch(request.clone())).json(), { headers: { link } }),
        );
        await assert.rejects(session.list(), /without the word whether it goes on/);
        assert.equal((await session.probe(value)).outcome, 'unknown');
      }
    }));

  it('takes a key without a date, and a list that hides DSNs, for what they are', () =>
    withSetup(CONTRACT, async (setup) => {
      const { handle, value } = await issue(setup.session, marked(1));
      shown(setup, (keys) => keys.map((key) => ({ ...key, dateCreated: null })));
      const [entry] = await setup.session.list();
      assert.deepEqual([entry?.handle, entry?.createdAt], [handle, undefined]);
      shown(setup, (keys) => keys.map((key) => ({ ...key, dsn: {} })));
      assert.equal((await setup.session.probe(value)).outcome, 'unknown');
    }));

  for (const [words, outcome] of [
    ['Invalid token', 'inactive'],
    ['Authentication credentials were not provided.', 'unknown'],
    ['Token not found', 'unknown'],
  ] as const)
    it(`takes an admin token for ${outcome} to which Sentry says: ${words}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        world.intercept(() => Response.json({ detail: words }, { status: 401 }));
        const probe = await sentry.examine(new Secret(JSON.stringify(admin)), world.tools);
        assert.equal(probe.outcome, outcome);
      }));

  it('says of which secret a grant is when its project is no slug', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      admin['grants'][0].project = 'Shop One';
      assert.throws(
        () => sentry.open(new Secret(JSON.stringify(admin)), SECRET, world.tools),
        /grants\[0\]\.project/,
      );
    }));
});
