import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { synapse } from '../../functions/providers/synapse/index.ts';
import { synapseSimulator } from '../../lib/sandbox/issuers/synapse.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type Setup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { SYNAPSE } from './synapse-contract.ts';

const CONTRACT: ProviderContract = {
  ...SYNAPSE,
  name: 'synapse against its simulator',
  createIssuer: (clock) => synapseSimulator({ clock }),
};

defineProviderContract(CONTRACT);

/** The words of each refusal: Synapse 1.163.2, asked. */
const LOCKED = { errcode: 'M_USER_LOCKED', error: 'User account has been locked', soft_logout: true };
const EXPIRED = { errcode: 'M_UNKNOWN_TOKEN', error: 'Access token has expired', soft_logout: true };
const INVALID = { errcode: 'M_UNKNOWN_TOKEN', error: 'Invalid access token passed.', soft_logout: false };

async function probedWith(body: object) {
  let probe: unknown;
  await withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(1));
    world.intercept(() => Response.json(body, { status: 401 }));
    probe = await session.probe(value);
  });
  return probe;
}

/** Lets a login happen, and changes its answer. */
function changingLogins({ issuer, world }: Setup, change: object): void {
  world.intercept(async (request) => {
    if (!request.url.endsWith('/login')) return undefined;
    const answer: AdminJson = JSON.parse(await (await issuer.fetch(request.clone())).text());
    return Response.json({ ...answer, ...change });
  });
}

async function differenceIn({ session }: Setup): Promise<string | undefined> {
  assert.ok(session.kind === 'minting');
  return (await session.mint({ marker: marked(1), expiresAt: undefined })).differs;
}

it('takes the token of another user of Synapse for none of its own', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(1));
    assert.deepEqual(await session.probe(value), {
      outcome: 'unknown',
      reason: 'Synapse takes this token for one of another user than @u1:keyturn.test.',
    });
  }));

it('takes a token for refused that ended, and for unknown while its user is locked', async () => {
  assert.deepEqual(await probedWith(EXPIRED), { outcome: 'inactive' });
  assert.deepEqual(await probedWith(LOCKED), {
    outcome: 'unknown',
    reason: 'Synapse has locked the user @u1:keyturn.test, and may unlock it again.',
  });
});

it('takes no other refusal of a homeserver for one of the token', async () => {
  const others = [
    { ...INVALID, soft_logout: true },
    { ...EXPIRED, soft_logout: false },
    // Source: element-hq/synapse, api/errors.py and api/auth/mas.py.
    { ...INVALID, error: 'Unrecognised access token' },
    { ...INVALID, error: 'Token is not active' },
    { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' },
  ];
  for (const body of others) {
    const probe = await probedWith(body);
    assert.ok(typeof probe === 'object' && probe !== null && 'outcome' in probe);
    assert.equal(probe.outcome, 'unknown', JSON.stringify(body));
  }
});

it('takes an acceptance without all that Synapse says for none', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(1));
    for (const is_guest of [undefined, true]) {
      world.intercept(() =>
        Response.json({ user_id: '@u1:keyturn.test', device_id: 'ABCDEFGHIJ', is_guest }),
      );
      assert.equal((await session.probe(value)).outcome, 'unknown');
    }
  }));

/** Source: Synapse 1.163.2, asked. */
const REASONS = [
  [403, 'M_FORBIDDEN', 'Invalid username or password'],
  [403, 'M_FORBIDDEN', 'You are not a server admin'],
  [404, 'M_NOT_FOUND', 'Unknown user'],
  [400, 'M_UNKNOWN', 'Can only lookup local users'],
  [401, 'M_USER_LOCKED', 'User account has been locked'],
] as const;

for (const [status, errcode, error] of REASONS)
  it(`says why Synapse refuses a request: ${error}`, () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      world.intercept(() => Response.json({ errcode, error }, { status }));
      const code = status === 401 || status === 403 ? 'admin-credential-rejected' : 'issuer-refused';
      assertCode(await rejection(session.list()), code, `${error}.`);
    }));

it('chooses no device, so that no creation meets a token that there is', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const [first, second] = [await issue(session, marked(1)), await issue(session, marked(1))];
    assert.notEqual(first.handle, second.handle);
    const logins = world.sent.filter(({ path }) => path.endsWith('/login'));
    assert.equal(logins.length, 2);
    assert.ok(logins.every(({ text }) => !text.includes('device_id')));
    for (const { value } of [first, second]) assert.equal((await session.probe(value)).outcome, 'active');
  }));

it('does not take a token that the homeserver gave an end, or another user', () =>
  withSetup(CONTRACT, async (setup) => {
    changingLogins(setup, { expires_in_ms: 86_400_000 });
    assert.equal(await differenceIn(setup), 'an end that the homeserver gives it and no list tells');
    changingLogins(setup, { user_id: '@u2:keyturn.test' });
    assert.equal(await differenceIn(setup), 'another user');
  }));

it('identifies no token of its user that has no device', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { value } = await issue(session, marked(1));
    // As one is that an admin made for the user.
    world.intercept(() => Response.json({ user_id: '@u1:keyturn.test', is_guest: false }));
    assert.deepEqual(await session.probe(value), { outcome: 'active' });
    assert.equal(await session.identify(value), undefined);
  }));

it('does not believe a deletion before the list shows it', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    const { handle } = await issue(session, marked(1));
    world.intercept((request) => (request.method === 'DELETE' ? Response.json({}) : undefined));
    assertCode(await rejection(session.revoke(handle)), 'issuer-refused', handle);
  }));

it('reads a list of devices that is not whole as none', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    world.intercept(() => Response.json({ devices: [], total: 1 }));
    assertCode(await rejection(session.list()), 'issuer-response-invalid');
  }));

it('tells no use of a token before it was used, and no name of a device without one', () =>
  withSetup(CONTRACT, async ({ session, world }) => {
    await issue(session, marked(1));
    assert.equal((await session.list())[0]?.lastUsedAt, undefined);
    world.intercept(() =>
      Response.json({
        devices: [
          { user_id: '@u1:keyturn.test', device_id: 'ABCDEFGHIJ', display_name: null, last_seen_ts: null },
        ],
        total: 1,
      }),
    );
    assert.deepEqual(await session.list(), [
      { handle: `${session.account}/ABCDEFGHIJ`, state: 'active', active: true },
    ]);
  }));

it('says why the admin secret does not do', () =>
  withSetup(CONTRACT, async ({ admin, other, world, session }) => {
    const examined = (changed: object) =>
      synapse.examine(new Secret(JSON.stringify({ ...admin, ...changed })), world.tools);
    const { value } = await issue(other, marked(1));
    assert.deepEqual(await examined({ token: value.reveal() }), {
      outcome: 'unknown',
      reason: 'Synapse takes the token in the admin secret for no server admin.',
    });
    const [grant] = admin['grants'];
    assert.deepEqual(await examined({ grants: [{ ...grant, user: '@nobody:keyturn.test' }] }), {
      outcome: 'unknown',
      reason: 'Synapse knows no user @nobody:keyturn.test.',
    });
    const wrong = { ...admin, grants: [{ ...grant, password: 'wrong' }] };
    const opened = synapse.open(new Secret(JSON.stringify(wrong)), grant.secret, world.tools);
    assert.ok(opened.kind === 'minting' && opened.account === session.account);
    assertCode(
      await rejection(opened.mint({ marker: marked(1), expiresAt: undefined })),
      'admin-credential-rejected',
      'Invalid username or password',
    );
  }));
