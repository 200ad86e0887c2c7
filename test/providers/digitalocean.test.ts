import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { digitalocean } from '../../functions/providers/digitalocean/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { digitaloceanSimulator } from '../../lib/sandbox/issuers/digitalocean.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { recordingWorld } from '../contracts/world.ts';

const [TEAM, USER] = ['0123456789abcdef01234567', '89abcdef0123456789abcdef'];

defineSubmittedContract({
  provider: digitalocean,
  simulator: digitaloceanSimulator,
  tellsExpiry: false,
  former: { grant: { team: TEAM, user: USER }, account: `teams/${TEAM}/users/${USER}` },
  wrong: { team: { team: 'ours' }, user: { user: 'robot' } },
});

it('digitalocean: is refused in either spelling, and is of no user where no team is told', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const account = { uuid: USER, email: 'robot@example.com' };
  for (const [status, body, outcome] of [
    [401, { id: 'Unauthorized', message: 'Unable to authenticate you' }, 'inactive'],
    [401, { id: 'unauthorized', message: 'Unable to authenticate you.' }, 'inactive'],
    [401, { id: 'unauthorized', message: 'Your team wants a second factor.' }, 'unknown'],
    [200, { account: { ...account, team: { uuid: TEAM } } }, 'active'],
    [200, { account }, 'unknown'],
  ] as const) {
    const world = recordingWorld(clock, async () => Response.json(body, { status }));
    assert.equal((await digitalocean.ask(new Secret('value'), world.tools)).outcome, outcome);
  }
});
