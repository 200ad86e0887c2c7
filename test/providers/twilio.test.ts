import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { twilio } from '../../functions/providers/twilio/index.ts';
import { twilioSimulator } from '../../lib/sandbox/issuers/twilio.ts';
import { defineProviderContract } from '../contracts/provider.ts';
import { issue, marked, withSetup, type ProviderContract } from '../contracts/setup.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(twilio, {
    accountFields: ['account'],
    made: { id: 'sid', value: 'secret' },
    mayCall: ({ path }, account) => {
      const own = `/2010-04-01/${account.slice(account.indexOf('/') + 1)}`;
      return path.startsWith(`${own}/Keys`) || path === `${own}/Messages.json?PageSize=1`;
    },
  }),
  name: 'twilio against its simulator',
  createIssuer: (clock) => twilioSimulator({ clock }),
};
defineProviderContract(CONTRACT);

describe('twilio', () => {
  for (const [message, outcome] of [
    ['Authentication Error - invalid username', 'inactive'],
    ['Authenticate', 'unknown'],
    ['Primary compliance profile is not approved', 'unknown'],
  ] as const)
    it(`takes a key for ${outcome} of which it is said: ${message}`, () =>
      withSetup(CONTRACT, async ({ session, world }) => {
        const { value } = await issue(session, marked(1));
        world.intercept(() => Response.json({ code: 20_003, message, status: 401 }, { status: 401 }));
        assert.equal((await session.probe(value)).outcome, outcome);
      }));

  it('makes a value of both parts, in the form that its list never shows', () =>
    withSetup(CONTRACT, async ({ session }) => {
      const { handle, value } = await issue(session, marked(1));
      const [sid, secret] = value.reveal().split(':');
      assert.ok(sid !== undefined && handle.endsWith(`/${sid}`));
      assert.ok(secret !== undefined && !JSON.stringify(await session.list()).includes(secret));
    }));
});
