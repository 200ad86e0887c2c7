import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { fastly } from '../../functions/providers/fastly/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { fastlySimulator } from '../../lib/sandbox/issuers/fastly.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { recordingWorld } from '../contracts/world.ts';

defineSubmittedContract({
  provider: fastly,
  simulator: fastlySimulator,
  scopes: ['purge_all', 'purge_select'],
  tellsExpiry: true,
  revokes: { request: 'DELETE /tokens/self', done: 204 },
  former: { grant: { user: '0Ab1Cd2Ef3Gh4Ij5Kl6Mn7' }, account: 'users/0Ab1Cd2Ef3Gh4Ij5Kl6Mn7' },
  wrong: { user: { user: 'robot' }, scopes: { scopes: ['everything'] } },
});

it('fastly: does not take a token that names no user, or an expiry that is no date', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const world = recordingWorld(clock, () => Promise.reject(new Error('no call')));
  const self = { id: 'a1', user_id: 'u1', scope: 'global', expires_at: null };
  for (const [change, outcome] of [
    [{}, 'active'],
    [{ user_id: null }, 'unknown'],
    [{ user_id: undefined }, 'unknown'],
    [{ expires_at: 'soon' }, 'unknown'],
  ] as const) {
    world.intercept(() => Response.json({ ...self, ...change }));
    assert.equal((await fastly.ask(new Secret('value'), world.tools)).outcome, outcome);
  }
});
