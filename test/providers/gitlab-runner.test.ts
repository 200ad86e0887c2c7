import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import { gitlabRunner } from '../../functions/providers/gitlab-runner/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { gitlabRunnerSimulator } from '../../lib/sandbox/issuers/gitlab-runner.ts';
import { describeOneSlot } from '../contracts/provider-one-slot.ts';
import { SECRET } from '../contracts/setup.ts';
import { recordingWorld } from '../contracts/world.ts';

describeOneSlot({
  provider: gitlabRunner,
  createIssuer: (clock) =>
    gitlabRunnerSimulator({ clock, delays: { propagation: 20_000, revokeLag: 30_000 } }),
  hostField: 'url',
  accountFields: ['runner'],
  isCreation: (request) => request.url.endsWith('/reset_authentication_token'),
  othersAre: 'unknown',
  adminCredentials: (admin) => [String(admin['token'])],
});

describe('gitlab-runner', () => {
  const setup = async () => {
    const clock = new VirtualClock(0);
    const issuer = gitlabRunnerSimulator({ clock });
    const world = recordingWorld(clock, (request) => issuer.fetch(request));
    const text = new Secret(issuer.adminSecret([SECRET]));
    const session = gitlabRunner.open(text, SECRET, world.tools);
    const [one] = await issuer.credentials(SECRET);
    assert.ok(session.kind === 'replacing' && one);
    return { world, session, value: new Secret(one.value), text };
  };

  for (const [what, status, body, outcome] of [
    ['its runner', 200, { id: 5_001, token: 'x', token_expires_at: null }, 'active'],
    ['another runner', 200, { id: 5_002, token: 'x', token_expires_at: null }, 'unknown'],
    ['no runner, as older versions do', 200, 200, 'unknown'],
    ['403 Forbidden', 403, { message: '403 Forbidden' }, 'inactive'],
    ['another 403', 403, { message: '403 Forbidden - IP not allowed' }, 'unknown'],
  ] as const)
    it(`takes a token for ${outcome} about which GitLab says ${what}`, async () => {
      const { world, session, value } = await setup();
      world.intercept(() => Response.json(body, { status }));
      assert.equal((await session.probe(value)).outcome, outcome);
    });

  it('sends a token in the body, and takes over when it ends', async () => {
    const { world, session, value } = await setup();
    await session.probe(value);
    assert.ok(world.sent.every(({ path }) => !path.includes(value.reveal())));
    const token_expires_at = '2027-03-02T10:00:00.000Z';
    world.intercept(() => Response.json({ token: `glrt-${'n'.repeat(20)}`, token_expires_at }));
    const made = await session.replace(new ReplacePermit(session.account, 'policy'));
    assert.equal(made.expiresAt, Date.parse(token_expires_at));
  });

  it('takes an admin token for a good one where it sees the very runner', async () => {
    const { world, text } = await setup();
    world.intercept(() => Response.json({ id: 7, runner_type: 'project_type' }));
    assert.equal((await gitlabRunner.examine(text, world.tools)).outcome, 'unknown');
  });
});
