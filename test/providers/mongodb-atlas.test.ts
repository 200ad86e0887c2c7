import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { mongodbAtlas } from '../../functions/providers/mongodb-atlas/index.ts';
import { isMaskOf } from '../../functions/providers/mongodb-atlas/schema.ts';
import { mongodbAtlasSimulator } from '../../lib/sandbox/issuers/mongodb-atlas.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, listing, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, everythingIn, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(mongodbAtlas, {
    accountFields: ['organization', 'serviceAccount'],
    made: { id: 'id', value: 'secret' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['clientSecret']],
    malformed: ['clientSecret', 'clientId', 'grants[0].organization', 'grants[0].serviceAccount'].map(
      (field) => ({
        field,
        breakIt: (admin: AdminJson, canary: string) => {
          if (field === 'clientSecret') admin[field] = { canary };
          else if (field === 'clientId') admin[field] = canary;
          else admin['grants'][0][field.slice('grants[0].'.length)] = `${canary}/../x`;
        },
      }),
    ),
    mayCall: ({ method, path }, account) =>
      path === '/api/oauth/token'
        ? method === 'POST'
        : `${path}/`.startsWith(`/api/atlas/v2/${account.slice(account.indexOf('/') + 1)}/`),
  }),
  name: 'mongodb-atlas against its simulator',
  createIssuer: (clock) => mongodbAtlasSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const CLIENT = `mdb_sa_id_${'0'.repeat(23)}1`;
const VERSION = 'application/vnd.atlas.2024-08-05+json';
const REFUSED = { error_description: 'Invalid credentials provided.', error: 'invalid_client' };

const ends = async ({ session }: Setup): Promise<Map<string, number | undefined>> =>
  new Map((await session.list()).map(({ handle, expiresAt }) => [handle, expiresAt]));

/** Has the list show other masks, in the order of the secrets. */
function masked({ world, issuer }: Setup, masks: readonly (string | null | undefined)[]): void {
  world.intercept(async (request) => {
    if (request.method !== 'GET') return undefined;
    const answer = JSON.parse(await (await issuer.fetch(request.clone())).text());
    const secrets = answer.secrets.map((one: object, at: number) => ({
      ...one,
      maskedSecretValue: masks[at],
    }));
    return Response.json({ ...answer, secrets });
  });
}

describe('what Atlas says of a client secret', () => {
  for (const [name, status, body, outcome] of [
    ['as documented', 401, REFUSED, 'inactive'],
    ['with another status', 400, REFUSED, 'unknown'],
    ['in other words', 401, { ...REFUSED, error_description: 'Client is not allowed.' }, 'unknown'],
    ['without words', 401, { error: 'invalid_client' }, 'unknown'],
    ['with another error', 401, { ...REFUSED, error: 'unauthorized_client' }, 'unknown'],
    ['of the API', 401, { error: 401, errorCode: 'NOT_AUTHENTICATED', reason: 'Unauthorized' }, 'unknown'],
    ['for too many tokens', 403, { error: 'access_denied', error_description: 'x' }, 'unknown'],
  ] as const)
    it(`is ${outcome} where it is a refusal ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json(body, { status }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('is asked for under the client id of the grant, with the value alone', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      const [sent, ...more] = world.sent;
      assert.equal(more.length, 0);
      assert.ok(sent?.text.includes(Buffer.from(`${CLIENT}:${value.reveal()}`).toString('base64')));
      assert.equal(sent?.text.split('\n').at(-1), 'grant_type=client_credentials');
    }));

  it('is unknown once its service account holds 100 access tokens, and says so', () =>
    withSetup(CONTRACT, async ({ session, clock }) => {
      const { value } = await issue(session, marked(1));
      for (let asked = 0; asked < 100; asked++) assert.equal((await session.probe(value)).outcome, 'active');
      const probe = await session.probe(value);
      assert.ok(probe.outcome === 'unknown' && probe.reason.includes('holds 100 access tokens'));
      await clock.advanceBy(HOUR);
      assert.equal((await session.probe(value)).outcome, 'active');
    }));
});

describe('the two secrets of a service account', () => {
  it('tells that the old one ends within 7 days as soon as there is a second one', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, clock } = setup;
      const old = await issue(session, marked(1), clock.now() + 60 * DAY);
      assert.equal((await ends(setup)).get(old.handle), clock.now() + 60 * DAY);
      await clock.advanceBy(DAY);
      const young = await issue(session, marked(2), clock.now() + 30 * DAY);
      assert.deepEqual(
        await ends(setup),
        new Map([
          [old.handle, clock.now() + 7 * DAY],
          [young.handle, clock.now() + 30 * DAY],
        ]),
      );
      await session.revoke(young.handle);
      assert.deepEqual(
        [...(await ends(setup)).values()],
        [clock.now() + 7 * DAY],
        'and does not get it back',
      );
    }));

  it('does not lengthen the life of an old one that ends sooner', () =>
    withSetup(CONTRACT, async (setup) => {
      const { session, clock } = setup;
      const old = await issue(session, marked(1), clock.now() + 2 * DAY);
      const at = (await ends(setup)).get(old.handle);
      await issue(session, marked(2));
      assert.equal((await ends(setup)).get(old.handle), at);
    }));

  it('deletes one that has expired, which takes its slot until then', () =>
    withSetup(CONTRACT, async ({ session, clock, issuer, world }) => {
      const old = await issue(session, marked(1), clock.now() + DAY);
      await issue(session, marked(2));
      await clock.advanceBy(2 * DAY);
      assert.deepEqual(await session.probe(old.value), { outcome: 'inactive' });
      assertCode(await rejection(issue(session, marked(3))), 'issuer-refused');
      assert.equal((await session.list()).find(({ handle }) => handle === old.handle)?.state, 'active');
      world.sent.length = 0;
      await session.revoke(old.handle);
      assert.deepEqual(
        world.sent.map(({ method }) => method),
        ['DELETE'],
      );
      await issue(session, marked(3));
      assert.equal((await issuer.credentials(SECRET)).filter(({ live }) => live).length, 2);
      assert.deepEqual(mongodbAtlas.descriptor.slots.filledBy, ['expired']);
    }));

  for (const [name, masks, isNamed] of [
    ['the end of each', (tail: string) => [`mdb_sa_sk_****${tail}`, '****AAAA'], true],
    ['no character', () => ['mdb_sa_sk_...', 'mdb_sa_sk_...'], false],
    ['nothing of one', (tail: string) => [`****${tail}`, 'mdb_sa_sk_...'], false],
    ['the same of both', (tail: string) => [`****${tail}`, `****${tail}`], false],
    ['three characters', (tail: string) => [`****${tail.slice(1)}`, '****AAAA'], false],
    ['no mask', () => [undefined, null], false],
  ] as const)
    it(`names ${isNamed ? 'the one' : 'none'} of a value where the list shows ${name}`, () =>
      withSetup(CONTRACT, async (setup) => {
        const { handle, value } = await issue(setup.session, marked(1));
        await issue(setup.session, marked(2));
        masked(setup, masks(value.reveal().slice(-4)));
        assert.equal((await setup.session.identify(value))?.handle, isNamed ? handle : undefined);
      }));

  it('names none by its mask alone', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { value } = await issue(session, marked(1));
      const likeIt = new Secret(`mdb_sa_sk_made-up-${value.reveal().slice(-4)}`);
      assert.equal(await session.identify(likeIt), undefined);
    }));

  it('reads a mask that shows the beginning, and not one of another value', () => {
    const value = new Secret('mdb_sa_sk_abcdEFGHijkl');
    for (const [mask, isOne] of [
      ['mdb_sa_sk_abcd…', true],
      ['mdb_sa_sk_ab•••kl', true],
      ['mdb_sa_sk_abcx…', false],
      ['mdb_sa…', undefined],
      ['mdb_sa_sk_abcdEFGHijkl', undefined],
      [undefined, undefined],
    ] as const)
      assert.equal(isMaskOf(value, mask), isOne, mask);
  });
});

describe('mongodb-atlas', () => {
  it('asks for whole hours, never more than were asked for', () =>
    withSetup(CONTRACT, async ({ session, clock, world }) => {
      assert.ok(session.kind === 'minting');
      const made = await session.mint({ marker: marked(1), expiresAt: clock.now() + 10 * DAY + 59 * MINUTE });
      assert.deepEqual([made.differs, made.expiresAt], [undefined, clock.now() + 10 * DAY]);
      assert.ok(world.sent.at(-1)?.text.endsWith('{"secretExpiresAfterHours":240}'));
      const short = session.mint({ marker: marked(2), expiresAt: clock.now() + MINUTE });
      assertCode(await rejection(short), 'issuer-refused');
      assert.ok(world.sent.at(-1)?.text.endsWith('{"secretExpiresAfterHours":1}'));
    }));

  it('names the version of the API in each request but the logins', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      await session.list();
      await session.revoke(handle);
      assert.equal(world.sent.length, 3);
      for (const { text } of world.sent) assert.ok(text.split('\n').includes(`accept: ${VERSION}`));
      assert.ok(world.sent[0]?.text.split('\n').includes(`content-type: ${VERSION}`));
    }));

  it('notes the client id beside what it makes', () =>
    withSetup(CONTRACT, async ({ session }) => {
      assert.ok(session.kind === 'minting');
      const { fields } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.deepEqual(fields, { client_id: CLIENT });
    }));

  it('tells of a secret that lives longer than was asked for', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ ...made, expiresAt: '2027-03-02T10:17:30Z' }, { status: 201 });
      });
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'a later expiry');
    }));

  it('takes a service account without secrets for one, and no other answer for a list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      for (const answer of [{ clientId: CLIENT }, { clientId: CLIENT, secrets: [] }]) {
        world.intercept(() => Response.json(answer));
        assert.deepEqual(await session.list(), []);
      }
      for (const answer of [{}, { secrets: [] }, { clientId: CLIENT, secrets: [{ id: 'x' }] }]) {
        world.intercept(() => Response.json(answer));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
      }
    }));

  it('does not take a service account that is gone for one without secrets', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const text = JSON.stringify(admin).replace(CLIENT, `mdb_sa_id_${'d'.repeat(24)}`);
      const session = listing(mongodbAtlas.open(new Secret(text), SECRET, world.tools));
      assertCode(await rejection(session.list()), 'issuer-refused', 'knows no service account');
    }));

  it('takes a secret for gone only where the list agrees', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      world.intercept(({ method }) =>
        method === 'DELETE' ? Response.json({ error: 404 }, { status: 404 }) : undefined,
      );
      assertCode(await rejection(session.revoke(handle)), 'issuer-response-invalid', handle);
      world.intercept(undefined);
      await session.revoke(handle);
      await session.revoke(handle);
    }));

  it('says that Atlas refuses the admin secret at the login, without the secret', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const text = JSON.stringify({ ...admin, clientSecret: 'canary-secret-0001' });
      const error = await rejection(listing(mongodbAtlas.open(new Secret(text), SECRET, world.tools)).list());
      assertCode(error, 'admin-credential-rejected', '/api/oauth/token');
      assert.ok(!everythingIn(error).includes('canary'));
    }));

  it('grants a service account to one secret alone, by its exact name', () =>
    withSetup(CONTRACT, async ({ admin, world }) => {
      const opening = (grants: readonly object[]): Promise<unknown> =>
        rejection(
          Promise.resolve().then(() =>
            mongodbAtlas.open(new Secret(JSON.stringify({ ...admin, grants })), SECRET, world.tools),
          ),
        );
      const [own] = admin['grants'];
      assertCode(
        await opening([own, { ...own, secret: 'team-z/other' }]),
        'admin-invalid',
        'serves one secret',
      );
      assertCode(
        await opening([{ ...own, secret: 'team-a/*' }]),
        'admin-invalid',
        'exact name of one secret',
      );
    }));
});
