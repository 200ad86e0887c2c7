import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { stripe } from '../../functions/providers/stripe/index.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { stripeSimulator } from '../../lib/sandbox/issuers/stripe.ts';
import { defineSubmittedContract } from '../contracts/provider-submitted.ts';
import { recordingWorld } from '../contracts/world.ts';

defineSubmittedContract({
  provider: stripe,
  simulator: stripeSimulator,
  tellsExpiry: false,
  former: { grant: { account: 'acct_before1234', mode: 'live' }, account: 'accounts/acct_before1234/live' },
  wrong: { account: { account: 'shop' }, mode: { mode: 'real' } },
});

async function ask(value: string, answer: () => Response): ReturnType<typeof stripe.ask> {
  const clock = new VirtualClock(Date.UTC(2026, 2, 2, 10));
  return stripe.ask(new Secret(value), recordingWorld(clock, async () => answer()).tools);
}

it('stripe: a key of the other mode, or one that tells no mode, is none of this account', async () => {
  const self = () => Response.json({ id: 'acct_1', object: 'account' });
  for (const [value, account] of [
    ['rk_live_1', 'accounts/acct_1/live'],
    ['rk_test_1', 'accounts/acct_1/test'],
    ['whsec_1', undefined],
  ] as const) {
    const shown = await ask(value, self);
    assert.equal(shown.outcome === 'active' ? shown.account : undefined, account, value);
  }
});

it('stripe: only the words for an unknown key, or the code for one that ended, refuse it', async () => {
  const type = 'invalid_request_error';
  for (const [error, outcome] of [
    [{ type, message: 'Invalid API Key provided: rk_live_****' }, 'inactive'],
    [{ type, code: 'api_key_expired', message: 'Expired API Key provided: rk_live_****' }, 'inactive'],
    [{ type, message: 'This API key may not be used from your IP address.' }, 'unknown'],
    [{ type, message: 'You did not provide an API key. You need to provide one.' }, 'unknown'],
    [{ message: 'Invalid API Key provided: rk_live_****' }, 'unknown'],
  ] as const)
    assert.equal((await ask('rk_live_1', () => Response.json({ error }, { status: 401 }))).outcome, outcome);
});
