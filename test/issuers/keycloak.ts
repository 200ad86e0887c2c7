import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import type { ReplacingSession } from '../../functions/core/issuer/provider.ts';
import { keycloak } from '../../functions/providers/keycloak/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { KeycloakSimulator } from '../../lib/sandbox/issuers/keycloak.ts';
import { describeOneSlot } from '../contracts/provider-one-slot.ts';
import { SECRET } from '../contracts/setup.ts';
import { assertCode, recordingWorld, rejection } from '../contracts/world.ts';
import { KEYCLOAK } from '../providers/keycloak-contract.ts';
import { interview } from './keycloak-interview.ts';
import { ROTATED_FOR, keepRotated, mayManage } from './keycloak-policies.ts';
import { Realm, RealmIssuer, adminOf } from './keycloak-realm.ts';
import { startServer, stopServer } from './keycloak-server.ts';
import { forwarded } from './local.ts';

/** The program, named by `test/issuers/run`. */
const program = process.env['KEYCLOAK'] ?? assert.fail('Say where it is: KEYCLOAK=/…/bin/kc.sh.');
const server = await startServer(program);
after(() => stopServer(server));
const realm = new Realm(server);
await realm.make();

describe(`keycloak against Keycloak ${server.version}`, () => {
  describeOneSlot({ ...KEYCLOAK, createIssuer: (clock) => new RealmIssuer(realm, clock) });
});

/** A session for one client of a realm. */
function sessionFor(of: Realm, clientId: string): ReplacingSession {
  const world = recordingWorld(new VirtualClock(Date.now()), (request) => forwarded(request, server.port));
  const text = new Secret(JSON.stringify(adminOf(of, SECRET, clientId)));
  const session = keycloak.open(text, SECRET, world.tools);
  assert.ok(session.kind === 'replacing');
  return session;
}

const renewed = (session: ReplacingSession) => session.replace(new ReplacePermit(session.account, 'policy'));
const said = async (session: ReplacingSession, value: string) =>
  (await session.probe(new Secret(value))).outcome;

describe(`Keycloak ${server.version}`, () => {
  it('tells a wrong secret from a client that is disabled, gone or public', async () => {
    const secret = 'the-secret-of-this-client';
    const id = await realm.client('to-be-disabled', { secret });
    const session = sessionFor(realm, 'to-be-disabled');
    assert.equal(await said(session, secret), 'active');
    assert.equal(await said(session, 'another'), 'inactive');
    await realm.ask('PUT', `/clients/${id}`, { enabled: false });
    assert.equal(await said(session, secret), 'unknown');
    assert.equal(await said(session, 'another'), 'unknown');
    await realm.ask('PUT', `/clients/${id}`, { enabled: true, publicClient: true });
    assert.equal(await said(session, secret), 'unknown');
    assert.equal(await said(session, 'another'), 'unknown');
    assertCode(await rejection(renewed(session)), 'not-granted', 'is public');
    await realm.ask('DELETE', `/clients/${id}`);
    assert.equal(await said(session, secret), 'unknown');
    assertCode(await rejection(renewed(session)), 'not-granted', 'shows Keyturn no client');
  });

  it('tells nothing of a client secret where clients authenticate otherwise', async () => {
    await realm.client('signs', { clientAuthenticatorType: 'client-jwt' });
    await realm.client('hashes', { clientAuthenticatorType: 'client-secret-jwt' });
    for (const clientId of ['signs', 'hashes']) {
      const session = sessionFor(realm, clientId);
      assert.equal(await said(session, 'any'), 'unknown', clientId);
      assertCode(await rejection(renewed(session)), 'not-granted', 'Client Authenticator');
    }
  });

  it('needs no service account, nor any flow, to be asked', async () => {
    const secret = 'the-secret-of-a-client-without-flows';
    await realm.client('without-flows', {
      secret,
      serviceAccountsEnabled: false,
      standardFlowEnabled: false,
    });
    const session = sessionFor(realm, 'without-flows');
    assert.equal(await said(session, secret), 'active');
    assert.equal(await said(session, 'another'), 'inactive');
  });

  it('is content with the rights that its page names', async () => {
    const delegated = new Realm(server);
    await delegated.make(['query-clients'], { adminPermissionsEnabled: true });
    const own = await delegated.client('granted');
    await delegated.client('not-granted');
    assertCode(await rejection(renewed(sessionFor(delegated, 'granted'))), 'not-granted');
    await mayManage(delegated, own);
    const session = sessionFor(delegated, 'granted');
    const { value } = await renewed(session);
    assert.equal((await session.probe(value)).outcome, 'active');
    const before = await delegated.secretOf('not-granted');
    await rejection(renewed(sessionFor(delegated, 'not-granted')));
    assert.equal(await delegated.secretOf('not-granted'), before);
  });

  it('keeps the old secret for a while where a client policy says so', async () => {
    const policed = new Realm(server);
    await policed.make();
    await keepRotated(policed);
    await policed.client('kept');
    const session = sessionFor(policed, 'kept');
    const old = await policed.secretOf('kept');
    const { value } = await renewed(session);
    assert.equal(await said(session, old), 'active');
    assert.equal((await session.probe(value)).outcome, 'active');
    const until = Date.now() + 3 * ROTATED_FOR;
    while (Date.now() < until && (await said(session, old)) === 'active')
      await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await said(session, old), 'inactive');
    assert.equal((await session.probe(value)).outcome, 'active');
  });
});

describe('keycloak simulator', () => {
  it('answers every question as Keycloak does', async () => {
    const real = await interview(new RealmIssuer(realm, new VirtualClock(Date.now())));
    assert.deepEqual(await interview(new KeycloakSimulator({ clock: new VirtualClock(Date.now()) })), real);
  });
});
