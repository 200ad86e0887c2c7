import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { sentryIntegration } from '../../functions/providers/sentry-integration/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { sentryIntegrationSimulator } from '../../lib/sandbox/issuers/sentry-integration.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { recordingWorld } from '../contracts/world.ts';

defineSubmittedContract({
  provider: sentryIntegration,
  simulator: sentryIntegrationSimulator,
  scopes: ['event:read', 'org:read'],
  tellsExpiry: false,
  former: { grant: { user: '77' }, account: 'users/77' },
  wrong: { user: { user: 'ci' }, scopes: { scopes: ['everything'] } },
});

it('sentry-integration: only its words for an unknown token are a refusal', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  const user = { id: '4569715', email: '4569715@proxy-user.sentry.io' };
  for (const [status, body, outcome] of [
    [401, { detail: 'Invalid token' }, 'inactive'],
    // Its user or its integration was switched off, which can be undone.
    [401, { detail: 'User inactive or deleted' }, 'unknown'],
    [401, { detail: 'UserApplication inactive or deleted' }, 'unknown'],
    // How it answers where no token arrived.
    [200, { version: '0', auth: null, user: null }, 'unknown'],
    [200, { version: '0', auth: { scopes: ['org:read'] }, user }, 'active'],
    [200, { version: '0', auth: null, user }, 'unknown'],
  ] as const) {
    const world = recordingWorld(clock, async () => Response.json(body, { status }));
    assert.equal((await sentryIntegration.ask(new Secret('value'), world.tools)).outcome, outcome);
  }
});
