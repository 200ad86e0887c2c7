import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { canRevoke, type RevokingSession } from '../../functions/core/issuer/provider.ts';
import { github } from '../../functions/providers/github/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { githubSimulator } from '../../lib/sandbox/issuers/github.ts';
import type { SubmittedSimulator } from '../../lib/sandbox/issuers/submitted.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from '../contracts/world.ts';

defineSubmittedContract({
  provider: github,
  simulator: githubSimulator,
  scopes: ['read:org', 'repo'],
  tellsExpiry: true,
  revokes: { request: 'POST /credentials/revoke', done: 202 },
  former: { grant: { userId: 7 }, account: 'users/7' },
  wrong: { userId: { userId: 'robot' }, scopes: { scopes: ['everything please'] } },
});

const MINE = 'ci/github';

interface Setup {
  readonly issuer: SubmittedSimulator;
  readonly world: World;
  readonly session: RevokingSession;
}

function setup(): Setup {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const issuer = githubSimulator({ clock });
  const world = recordingWorld(clock, (request) => issuer.fetch(request));
  const session = github.open(new Secret(issuer.adminSecret([MINE])), MINE, world.tools);
  assert.ok(session.kind === 'submitted' && canRevoke(session));
  return { issuer, world, session };
}

describe('github: a value that a person created', () => {
  it('is named by its login, and a fine-grained one tells no scopes', async () => {
    const { issuer, session } = setup();
    assert.deepEqual(await session.ask(new Secret(issuer.create(MINE))), {
      outcome: 'active',
      account: 'users/583231',
      called: 'robot-583231',
    });
  });

  for (const [text, at] of [
    ['2026-10-12 09:00:00 UTC', Date.UTC(2026, 9, 12, 9)],
    ['2026-10-12 09:00:00 +0200', Date.UTC(2026, 9, 12, 7)],
    ['soon', undefined],
    ['2026-10-12', undefined],
  ] as const)
    it(`reads the expiry "${text}"${at === undefined ? ', never as none' : ''}`, async () => {
      const { world, session } = setup();
      world.intercept(() =>
        Response.json(
          { id: 583231, login: 'robot', type: 'User' },
          { headers: { 'github-authentication-token-expiration': text } },
        ),
      );
      const shown = await session.ask(new Secret('ghp_x'));
      assert.equal(shown.outcome, at === undefined ? 'unknown' : 'active');
      assert.equal(shown.outcome === 'active' ? shown.expiresAt : undefined, at);
    });

  for (const [what, message, headers] of [
    ['single sign-on', 'Resource protected by organization SAML enforcement.', {}],
    ['an address that is not on the allow list', 'not on the IP allow list', {}],
    [
      'a limit',
      'API rate limit exceeded',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
    ],
  ] as const)
    it(`is unknown after a 403 for ${what}, never refused`, async () => {
      const { issuer, world, session } = setup();
      const value = new Secret(issuer.create(MINE));
      world.intercept(() => Response.json({ message }, { status: 403, headers }));
      const probe = await session.probe(value);
      assert.equal(probe.outcome, 'unknown');
      assert.ok(!everythingIn(probe).includes(value.reveal()));
    });
});

describe('github: revocation by value', () => {
  it('is asked for without a credential', async () => {
    const { issuer, world, session } = setup();
    await session.revoke(new Secret(issuer.create(MINE)));
    assert.doesNotMatch(world.sent[0]?.text ?? 'authorization', /authorization/i);
  });

  it('waits where GitHub asks for that with a 403', async () => {
    const { issuer, world, session } = setup();
    const headers = { 'x-ratelimit-remaining': '0', 'retry-after': '3600' };
    world.intercept(() => Response.json({}, { status: 403, headers }));
    assertCode(await rejection(session.revoke(new Secret(issuer.create(MINE)))), 'issuer-throttled');
  });
});
