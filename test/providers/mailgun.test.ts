import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY } from '../../functions/core/basics/time.ts';
import { mailgun } from '../../functions/providers/mailgun/index.ts';
import { mailgunSimulator } from '../../lib/sandbox/issuers/mailgun.ts';
import { defineProviderContract, type ProviderContract } from '../contracts/provider.ts';
import { SECRET, issue, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf, tokenInGrants } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(mailgun, {
    ...tokenInGrants('account'),
    made: { id: 'key.id', value: 'key.secret' },
    refusalIsUnknown: true,
    mayCall: ({ path }) =>
      /^\/v1\/keys(\?kind=user|\/[0-9a-f]{8}-[0-9a-f]{8})?$/.test(path) || path === '/v3/domains?limit=1',
  }),
  name: 'mailgun against its simulator',
  createIssuer: (clock) => mailgunSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const text = (body: string, status: number) => new Response(body, { status });
const KEY = {
  id: '0000000a-0b0c0d0e',
  description: 'laptop',
  kind: 'user',
  role: 'developer',
  created_at: '2026-03-01T10:00:00',
  updated_at: '2026-03-01T10:00:00',
  is_disabled: false,
  domain_name: null,
  requestor: null,
  user_name: null,
};

/** What a session lists of keys that are listed so. */
async function listOf({ session, world }: Setup, keys: readonly object[], total = keys.length) {
  world.intercept(() => Response.json({ total_count: total, items: keys }));
  return session.list();
}

describe('mailgun', () => {
  for (const [name, answer, outcome] of [
    [
      'a page of one domain',
      () => Response.json({ total_count: 2, items: [{ name: 'a.example' }] }),
      'active',
    ],
    ['that there is no domain', () => Response.json({ total_count: 0, items: [] }), 'active'],
    [
      'more than was asked for',
      () => Response.json({ total_count: 2, items: [{ name: 'a' }, { name: 'b' }] }),
      'unknown',
    ],
    [
      'what a wrong key is told, and an address outside the IP allowlist',
      () => text('Forbidden', 401),
      'unknown',
    ],
    ['Forbidden, in a message', () => Response.json({ message: 'Forbidden' }, { status: 401 }), 'unknown'],
    ['Forbidden, with 403', () => text('Forbidden', 403), 'unknown'],
    ['that it may not', () => Response.json({ message: 'Forbidden' }, { status: 403 }), 'unknown'],
    [
      'what a sending key is told',
      () => Response.json({ message: 'Invalid private key' }, { status: 401 }),
      'unknown',
    ],
  ] as const)
    it(`takes a key for ${outcome} to which Mailgun says ${name}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(answer);
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('asks with a form, for a key of the account with a role and an end', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      await issue(session, marked(1));
      await issue(session, marked(2), clock.now() + 3 * DAY);
      const forms = world.sent.map((sent) =>
        Object.fromEntries(new URLSearchParams(sent.text.split('\n').at(-1))),
      );
      const common = { role: 'developer', kind: 'user' };
      assert.deepEqual(forms, [
        { ...common, description: marked(1), expiration: String(60 * 86_400) },
        { ...common, description: marked(2), expiration: String(3 * 86_400) },
      ]);
      assert.match(world.sent[0]?.text ?? '', /^content-type: application\/x-www-form-urlencoded/m);
    }));

  it('tells of a key of another kind', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      world.intercept(async (request) => {
        const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
        return Response.json({ ...made, key: { ...made.key, kind: 'domain' } });
      });
      const { differs } = await session.mint({ marker: marked(1), expiresAt: undefined });
      assert.equal(differs, 'another kind');
    }));

  it('tells of a key that never ends, and of one with another role', () =>
    withSetup(CONTRACT, async ({ session, issuer, world }) => {
      assert.ok(session.kind === 'minting');
      const seen: unknown[] = [];
      for (const change of [{ expires_at: undefined }, { expires_at: '' }, { role: 'admin' }]) {
        world.intercept(async (request) => {
          const made = JSON.parse(await (await issuer.fetch(request.clone())).text());
          return Response.json({ ...made, key: { ...made.key, ...change } });
        });
        seen.push((await session.mint({ marker: marked(1), expiresAt: undefined })).differs);
      }
      assert.deepEqual(seen, ['a later expiry', 'a later expiry', 'other scopes']);
    }));

  it('reads times as UTC, keys without an end, and disabled ones', () =>
    withSetup(CONTRACT, async (setup) => {
      const ending = { ...KEY, expires_at: '2026-04-01T10:00:00', is_disabled: true };
      const [first, second] = await listOf(setup, [KEY, ending]);
      assert.ok(first?.active && !('expiresAt' in first));
      assert.equal(first.createdAt, Date.UTC(2026, 2, 1, 10));
      assert.equal(second?.expiresAt, Date.UTC(2026, 3, 1, 10));
      assert.deepEqual([second?.state, second?.active], ['disabled', false]);
    }));

  it('leaves out keys of other kinds, where a list has them all the same', () =>
    withSetup(CONTRACT, async (setup) => {
      const others = ['domain', 'web'].map((kind) => ({ ...KEY, kind }));
      assert.equal((await listOf(setup, [...others, KEY])).length, 1);
    }));

  it('takes no list for whole that holds fewer keys than it says', () =>
    withSetup(CONTRACT, async (setup) => {
      assertCode(await rejection(listOf(setup, [KEY], 2)), 'issuer-response-invalid', '1 of 2');
      assert.equal((await listOf(setup, [KEY], 1)).length, 1);
    }));

  it('identifies by the end of a value what Mailgun accepts, and says of nothing else whose it is', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { handle, value } = await issue(session, marked(1));
      await issue(session, marked(2));
      assert.equal((await session.identify(value))?.handle, handle);
      const madeUp = new Secret(`${'0'.repeat(32)}${value.reveal().slice(32)}`);
      assertCode(await rejection(session.identify(madeUp)), 'issuer-response-invalid');
    }));

  it('takes a deletion for done by the word of Mailgun alone, else by its list', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { handle } = await issue(session, marked(1));
      for (const message of ['', 'great success']) {
        world.intercept((request) => (request.method === 'DELETE' ? Response.json({ message }) : undefined));
        await rejection(session.revoke(handle));
      }
      world.intercept(undefined);
      await session.revoke(handle);
      assert.deepEqual(await session.list(), []);
    }));

  for (const role of ['admin', 'sending', 'support'])
    it(`asks for no key with the role ${role}`, () =>
      withSetup(CONTRACT, async ({ admin, world }) => {
        admin['grants'][0].role = role;
        const opening = Promise.resolve().then(() =>
          mailgun.open(new Secret(JSON.stringify(admin)), SECRET, world.tools),
        );
        assertCode(await rejection(opening), 'admin-invalid', 'grants[0].role', 'not admin');
      }));

  it('takes no admin key for a good one that may not see the keys', () =>
    withSetup(CONTRACT, async ({ admin, session, world }) => {
      const { value } = await issue(session, marked(1));
      admin['grants'][0].token = value.reveal();
      const probe = await mailgun.examine(new Secret(JSON.stringify(admin)), world.tools);
      assert.equal(probe.outcome, 'unknown');
    }));
});
