import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { buildkite } from '../../functions/providers/buildkite/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { buildkiteSimulator } from '../../lib/sandbox/issuers/buildkite.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { recordingWorld } from '../contracts/world.ts';

defineSubmittedContract({
  provider: buildkite,
  simulator: buildkiteSimulator,
  scopes: ['read_builds', 'write_builds'],
  tellsExpiry: true,
  revokes: { request: 'DELETE /v2/access-token', done: 204 },
  former: { grant: { email: 'Before@Example.com' }, account: 'users/before@example.com' },
  wrong: { email: { email: 'robot' }, scopes: { scopes: ['everything please'] } },
});

const SELF = { uuid: 'u1', scopes: ['read_builds'], user: { name: 'Robot', email: 'Robot@Example.com' } };

async function ask(change: object): ReturnType<typeof buildkite.ask> {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const world = recordingWorld(clock, async () => Response.json({ ...SELF, ...change }));
  return buildkite.ask(new Secret('value'), world.tools);
}

it('buildkite: reads an expiry in either form, and takes one that is no date for unknown', async () => {
  const at = Date.UTC(2026, 9, 12, 9);
  for (const [text, expiresAt] of [
    ['2026-10-12 09:00:00 UTC', at],
    ['2026-10-12T09:00:00Z', at],
    [null, undefined],
  ] as const) {
    const shown = await ask({ expires_at: text });
    assert.ok(shown.outcome === 'active');
    assert.equal(shown.expiresAt, expiresAt);
  }
  assert.equal((await ask({ expires_at: 'soon' })).outcome, 'unknown');
});

it('buildkite: takes an address in any case for the same user, and no token without one', async () => {
  const shown = await ask({});
  assert.ok(shown.outcome === 'active' && shown.account === 'users/robot@example.com');
  assert.equal((await ask({ user: undefined })).outcome, 'unknown');
});
