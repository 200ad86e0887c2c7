import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import { auth0 } from '../../functions/providers/auth0/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { Auth0Simulator } from '../../lib/sandbox/issuers/auth0.ts';
import { describeOneSlot } from '../contracts/provider-one-slot.ts';
import { SECRET } from '../contracts/setup.ts';
import { assertCode, recordingWorld, rejection } from '../contracts/world.ts';

describeOneSlot({
  provider: auth0,
  createIssuer: (clock) => new Auth0Simulator({ clock, delays: { propagation: 20_000, revokeLag: 30_000 } }),
  hostField: 'url',
  accountFields: ['clientId'],
  isCreation: (request) => new URL(request.url).pathname.endsWith('/rotate-secret'),
  adminCredentials: (admin) => [String(admin['clientSecret'])],
});

describe('auth0', () => {
  const setup = () => {
    const clock = new VirtualClock(0);
    const issuer = new Auth0Simulator({ clock });
    const world = recordingWorld(clock, (request) => issuer.fetch(request));
    return { issuer, world, admin: JSON.parse(issuer.adminSecret([SECRET])) };
  };

  it('says nothing of a value of an application that takes any', async () => {
    const { world, admin } = setup();
    const session = auth0.open(new Secret(JSON.stringify(admin)), SECRET, world.tools);
    world.intercept(() =>
      Response.json(
        { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
        { status: 403 },
      ),
    );
    const probe = await session.probe(new Secret('anything'));
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('takes any client secret'));
  });

  it('never rotates the application that it works with', async () => {
    const { world, admin } = setup();
    const grants = [{ secret: SECRET, clientId: admin.clientId }];
    const text = new Secret(JSON.stringify({ ...admin, grants }));
    assertCode(
      await rejection(Promise.resolve().then(() => auth0.open(text, SECRET, world.tools))),
      'admin-invalid',
      'whose own client secret',
    );
  });

  it('takes no client secret of another application out of an answer', async () => {
    const { issuer, world, admin } = setup();
    const session = auth0.open(new Secret(JSON.stringify(admin)), SECRET, world.tools);
    assert.ok(session.kind === 'replacing');
    world.intercept((request) =>
      request.url.endsWith('/rotate-secret')
        ? Response.json({ client_id: 'another', client_secret: 'x'.repeat(64) })
        : undefined,
    );
    const permit = new ReplacePermit(session.account, 'policy');
    assertCode(await rejection(session.replace(permit)), 'issuer-response-invalid');
    await issuer.close();
  });
});
