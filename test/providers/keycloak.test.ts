import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import { keycloak } from '../../functions/providers/keycloak/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { KeycloakSimulator } from '../../lib/sandbox/issuers/keycloak.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { FOREIGN_ANSWERS } from '../contracts/foreign-answers.ts';
import { describeOneSlot } from '../contracts/provider-one-slot.ts';
import { OTHER_SECRET, SECRET, type AdminJson } from '../contracts/setup.ts';
import { assertCode, recordingWorld, rejection, type World } from '../contracts/world.ts';
import { partOf } from '../extent.ts';
import { KEYCLOAK } from './keycloak-contract.ts';

describeOneSlot({
  ...KEYCLOAK,
  createIssuer: (clock) =>
    new KeycloakSimulator({ clock, delays: { propagation: 20_000, revokeLag: 30_000 } }),
});

const INVALID = 'Invalid client or Invalid client credentials';
const DEAD = new Secret('a-client-secret-of-nobody');

const fault = (status: number, error: string, description?: string): Response =>
  Response.json({ error, ...(description !== undefined && { error_description: description }) }, { status });

const setup = (knobs: IssuerKnobs = {}) => {
  const clock = new VirtualClock(0);
  const issuer = new KeycloakSimulator({ clock, knobs });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const admin: AdminJson = JSON.parse(issuer.adminSecret([SECRET, OTHER_SECRET]));
  const opened = (json: AdminJson = admin) => {
    const session = keycloak.open(new Secret(JSON.stringify(json)), SECRET, world.tools);
    assert.ok(session.kind === 'replacing');
    return session;
  };
  return { issuer, world, admin, opened };
};

/** Answers introspection and the token endpoint as told. */
function answering(world: World, introspection: () => Response, token: () => Response): void {
  world.intercept(({ url }) => (url.endsWith('/introspect') ? introspection() : token()));
}

describe('keycloak: the check', () => {
  it('asks once about a value that is accepted, and makes no token', async () => {
    const { issuer, world, opened } = setup();
    const [held] = await issuer.credentials(SECRET);
    assert.deepEqual(await opened().probe(new Secret(held?.value ?? '')), { outcome: 'active' });
    assert.deepEqual(
      world.sent.map(({ path }) => path),
      ['/realms/staff/protocol/openid-connect/token/introspect'],
    );
  });

  it('asks again where introspection says no, since that says not why', async () => {
    const { world, opened } = setup();
    assert.deepEqual(await opened().probe(DEAD), { outcome: 'inactive' });
    assert.equal(world.sent.length, 2);
    assert.ok(world.sent.every(({ text }) => !text.includes('grant_type=client_credentials')));
  });

  it('says nothing of a value whose client is gone or disabled', async () => {
    const { opened } = setup({ gone: new Set([SECRET]) });
    const probe = await opened().probe(DEAD);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('or it is disabled'));
  });

  it('says nothing of a value of a public client, which takes any', async () => {
    const { world, opened } = setup();
    world.intercept(() => fault(403, 'invalid_request', 'Client not allowed.'));
    const probe = await opened().probe(DEAD);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('takes any client secret'));
  });

  for (const [what, status, error, description] of [
    ['a refresh token that is none', 400, 'invalid_grant', 'Invalid refresh token'],
    ['a client without a service account', 401, 'unauthorized_client', 'Client not enabled to retrieve it'],
    ['older versions', 400, 'unauthorized_client', INVALID],
    ['a realm that is disabled', 403, 'access_denied', 'Realm not enabled'],
  ] as const)
    it(`takes no answer about ${what} for a verdict`, async () => {
      const { world, opened } = setup();
      answering(
        world,
        () => fault(401, 'invalid_request', 'Authentication failed.'),
        () => fault(status, error, description),
      );
      assert.equal((await opened().probe(DEAD)).outcome, 'unknown');
    });

  for (const [what, introspection] of [
    ['a token that is one', () => Response.json({ active: true })],
    ['a token, with more', () => Response.json({ active: false, scope: 'email' })],
    ['a request in other words', () => fault(401, 'invalid_request', 'Authentication failed')],
  ] as const)
    it(`takes no introspection of ${what} for an answer, whatever the token endpoint says`, async () => {
      const { world, opened } = setup();
      answering(world, introspection, () => fault(401, 'unauthorized_client', INVALID));
      assert.equal((await opened().probe(DEAD)).outcome, 'unknown');
    });

  it("takes no other server's answer to the second question for a verdict", async () => {
    const { world, opened } = setup();
    for (const { name, response } of partOf(FOREIGN_ANSWERS, 'keycloak')) {
      answering(world, () => fault(401, 'invalid_request', 'Authentication failed.'), response);
      assert.equal((await opened().probe(DEAD)).outcome, 'unknown', name);
    }
  });
});

describe('keycloak: the creation', () => {
  const FIT = {
    id: 'b7b1',
    clientId: 'client-1',
    publicClient: false,
    bearerOnly: false,
    clientAuthenticatorType: 'client-secret',
  };

  for (const [what, listed, words] of [
    ['is not shown', [], 'shows Keyturn no client client-1'],
    ['is another one', [{ ...FIT, clientId: 'client-10' }], 'shows Keyturn no client client-1'],
    ['is there twice', [FIT, { ...FIT, id: 'b7b2' }], 'shows Keyturn no client client-1'],
    ['is public', [{ ...FIT, publicClient: true }], 'is public'],
    ['is bearer-only', [{ ...FIT, bearerOnly: true }], 'is bearer-only'],
    ['signs with a key', [{ ...FIT, clientAuthenticatorType: 'client-jwt' }], 'Client Authenticator'],
  ] as const)
    it(`makes nothing for a client that ${what}`, async () => {
      const { issuer, world, opened } = setup();
      world.intercept(({ method, url }) =>
        method === 'GET' && new URL(url).pathname.endsWith('/clients') ? Response.json(listed) : undefined,
      );
      const session = opened();
      const error = await rejection(session.replace(new ReplacePermit(session.account, 'policy')));
      assertCode(error, 'not-granted', words);
      assert.ok(world.sent.every(({ path }) => !path.endsWith('/client-secret')));
      assert.equal((await issuer.credentials(SECRET)).length, 1);
    });

  it('takes no empty value, and none of another kind', async () => {
    const { world, opened } = setup();
    const session = opened();
    for (const body of [
      { type: 'secret', value: '' },
      { type: 'password', value: 'x' },
    ]) {
      world.intercept((request) => (KEYCLOAK.isCreation(request) ? Response.json(body) : undefined));
      const error = await rejection(session.replace(new ReplacePermit(session.account, 'policy')));
      assertCode(error, 'issuer-response-invalid');
    }
  });

  it('puts the client id beside the value, and finds a value by it', async () => {
    const { issuer, world, admin, opened } = setup();
    const session = opened();
    const made = await session.replace(new ReplacePermit(session.account, 'policy'));
    assert.deepEqual(made.fields, { client_id: 'client-1' });
    const [mine, other] = admin['grants'];
    const moved = {
      ...admin,
      grants: [{ ...other, secret: SECRET, formerly: [{ clientId: mine.clientId }] }],
    };
    const text = new Secret(JSON.stringify(moved));
    const found = keycloak.openBeside(text, SECRET, { client_id: mine.clientId }, world.tools);
    assert.equal((await found?.probe(made.value))?.outcome, 'active');
    assert.equal((await issuer.credentials(SECRET)).length, 2);
  });

  it('never ends the client secret that it works with', async () => {
    const { admin, opened } = setup();
    const grants = [{ secret: SECRET, clientId: admin['clientId'] }];
    assertCode(
      await rejection(Promise.resolve().then(() => opened({ ...admin, grants }))),
      'admin-invalid',
      'whose own client secret',
    );
  });
});

describe('keycloak: the admin secret', () => {
  for (const [field, wrong] of [
    ['realm', '..'],
    ['realm', 'a/b'],
    ['clientId', 'two words'],
  ] as const)
    it(`holds no "${wrong}" as ${field}`, async () => {
      const { admin, opened } = setup();
      assertCode(
        await rejection(Promise.resolve().then(() => opened({ ...admin, [field]: wrong }))),
        'admin-invalid',
        field,
      );
    });
});

describe('keycloak: the address', () => {
  it('may have a path, such as /auth of older versions', async () => {
    const { world, admin, opened } = setup();
    const session = opened({ ...admin, url: 'https://sso.example.com/auth/' });
    assert.equal(session.account, 'sso.example.com/auth/realms/staff/clients/client-1');
    await session.probe(DEAD);
    assert.equal(world.sent[0]?.path, '/auth/realms/staff/protocol/openid-connect/token/introspect');
  });

  for (const path of ['/admin', '/realms/staff', '/auth/realms'])
    it(`ends before ${path}`, async () => {
      const { admin, opened } = setup();
      const url = `https://sso.example.com${path}`;
      assertCode(
        await rejection(Promise.resolve().then(() => opened({ ...admin, url }))),
        'admin-invalid',
        'which Keyturn adds itself',
      );
    });
});
