import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { twilioAuthToken } from '../../functions/providers/twilio-auth-token/index.ts';
import { TwilioAuthTokenSimulator } from '../../lib/sandbox/issuers/twilio-auth-token.ts';
import {
  describePaired,
  made,
  withPair,
  type PairedContract,
  type PairedSetup,
} from '../contracts/provider-paired.ts';
import { SECRET } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';

const DELAYS = { propagation: 20_000, revokeLag: 30_000 };

const CONTRACT: PairedContract = {
  provider: twilioAuthToken,
  createIssuer: (clock) => new TwilioAuthTokenSimulator({ clock, delays: DELAYS }),
  accountFields: ['account', 'user', 'token'],
  isChange: ({ method }) => method !== 'GET',
  adminCredentials: (admin) => admin['grants'].map(({ token }: { token: string }) => token),
};

describePaired(CONTRACT);

describe('twilio-auth-token', () => {
  const test = (name: string, run: (setup: PairedSetup) => Promise<void>): void =>
    void it(name, () => withPair(CONTRACT, run));

  /** Changes what accounts show of themselves. */
  const showing = ({ world, issuer }: PairedSetup, changed: object): void =>
    world.intercept(async (request) => {
      const response = await issuer.fetch(request);
      if (request.method !== 'GET' || response.status !== 200) return response;
      const shown: unknown = await response.json();
      return Response.json(Object.assign({}, shown, changed));
    });

  for (const [what, changed] of [
    ['a subaccount', { owner_account_sid: `AC${'9'.repeat(32)}` }],
    ['another account', { sid: `AC${'9'.repeat(32)}`, owner_account_sid: `AC${'9'.repeat(32)}` }],
    ['an account that is suspended', { status: 'suspended' }],
    ['no primary token', { auth_token: null }],
  ] as const)
    test(`makes and ends nothing where it is shown ${what}`, async (setup) => {
      const { session, main, world, admin } = setup;
      const { value } = await made(session, main);
      const before = world.sent.filter(({ method }) => method !== 'GET').length;
      showing(setup, changed);
      for (const act of [
        () => made(session, main),
        () => session.revoke(main),
        () => session.revoke(value),
        () => session.endLost(main),
      ])
        assertCode(await rejection(act()), 'issuer-response-invalid');
      assert.equal(world.sent.filter(({ method }) => method !== 'GET').length, before);
      const probe = await session.probe(new Secret('f'.repeat(32)));
      assert.equal(probe.outcome, 'unknown', 'a refusal says nothing then');
      const admitted = await twilioAuthToken.examine(new Secret(JSON.stringify(admin)), world.tools);
      assert.equal(admitted.outcome, 'unknown');
    });

  test('takes a refusal of the very token that the account names as primary for unknown', async (setup) => {
    const { session, main, world, issuer } = setup;
    world.intercept((request) =>
      request.headers.get('authorization') === basicOf(admin(setup).account, main.reveal())
        ? Response.json({ code: 20_003, message: 'Authenticate', status: 401 }, { status: 401 })
        : issuer.fetch(request),
    );
    assert.equal((await session.probe(main)).outcome, 'unknown');
  });

  test('calls nothing ended where it is not known whether a token is accepted', async (setup) => {
    const { session, main, world, issuer } = setup;
    const { value } = await made(session, main);
    world.intercept((request) =>
      request.headers.get('authorization') === basicOf(admin(setup).account, value.reveal())
        ? new Response('{"status":"ok"}')
        : issuer.fetch(request),
    );
    assertCode(await rejection(session.revoke(value)), 'issuer-response-invalid');
  });

  test('does not end a second token where nothing can take the place of the first', async (setup) => {
    const { session, main, issuer } = setup;
    assertCode(await rejection(session.revoke(main)), 'issuer-refused');
    assert.equal((await issuer.credentials(SECRET)).filter((one) => one.live).length, 1);
  });

  test('tells of a promotion that left the old token primary', async (setup) => {
    const { session, main, world } = setup;
    await made(session, main);
    const { account } = admin(setup);
    world.intercept(({ url }) =>
      url.endsWith('/Promote')
        ? Response.json({ account_sid: account, auth_token: main.reveal() })
        : undefined,
    );
    assertCode(await rejection(session.revoke(main)), 'issuer-response-invalid');
  });

  test('tells of a creation for another account', async (setup) => {
    const { session, main, world } = setup;
    const body = { account_sid: `AC${'9'.repeat(32)}`, secondary_auth_token: 'e'.repeat(32) };
    world.intercept(({ url }) => (url.endsWith('/Secondary') ? Response.json(body) : undefined));
    assertCode(await rejection(made(session, main)), 'issuer-response-invalid');
  });

  test('calls an admin key inactive that Twilio does not know', async ({ admin, world }) => {
    const text = JSON.stringify(admin).replace(admin['grants'][0].user, `SK${'0'.repeat(32)}`);
    assert.equal((await twilioAuthToken.examine(new Secret(text), world.tools)).outcome, 'inactive');
  });

  test('refuses an auth token as the admin credential', async ({ admin, world }) => {
    const text = JSON.stringify(admin).replace(admin['grants'][0].user, admin['grants'][0].account);
    const opened = Promise.resolve().then(() => twilioAuthToken.open(new Secret(text), SECRET, world.tools));
    assertCode(await rejection(opened), 'admin-invalid', 'main API key');
  });
});

function admin(setup: PairedSetup): { readonly account: string } {
  return setup.admin['grants'][0];
}

function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
