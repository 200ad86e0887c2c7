import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY } from '../../functions/core/basics/time.ts';
import { databricksOauth } from '../../functions/providers/databricks-oauth/index.ts';
import { databricksOauthSimulator } from '../../lib/sandbox/issuers/databricks-oauth.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { issue, listing, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(databricksOauth, {
    accountFields: ['servicePrincipal', 'applicationId'],
    made: { id: 'id', value: 'secret' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => [admin['clientSecret']],
    malformed: ['clientSecret', 'clientId', 'grants[0].servicePrincipal', 'grants[0].applicationId'].map(
      (field) => ({
        field,
        breakIt: (admin: AdminJson, canary: string) => {
          if (field === 'clientSecret') admin[field] = { canary };
          else if (field === 'clientId') admin[field] = canary;
          else admin['grants'][0][field.slice('grants[0].'.length)] = `${canary}/../x`;
        },
      }),
    ),
    mayCall: ({ method, path }, account) =>
      path === '/oidc/v1/token'
        ? method === 'POST'
        : `${path}/`.startsWith(
            `/api/2.0/accounts/${account.slice(account.indexOf('/') + 1)}/credentials/secrets/`,
          ),
  }),
  name: 'databricks-oauth against its simulator',
  createIssuer: (clock) => databricksOauthSimulator({ clock }),
};

defineProviderContract(CONTRACT);

const REFUSED = { error: 'invalid_client', error_description: 'Client authentication failed' };

describe('OAuth secrets of Databricks', () => {
  it('are not called inactive for a refusal, which a missing permission has too', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      const { value } = await issue(session, marked(1));
      world.intercept(() => Response.json(REFUSED, { status: 401 }));
      assert.equal((await session.probe(value)).outcome, 'unknown');
    }));

  it('are asked about under the application id of the grant, with the value alone', () =>
    withSetup(CONTRACT, async ({ session, world, admin }) => {
      const { value } = await issue(session, marked(1));
      world.sent.length = 0;
      assert.equal((await session.probe(value)).outcome, 'active');
      const [sent, ...more] = world.sent;
      assert.equal(more.length, 0);
      const pair = `${admin['grants'][0].applicationId}:${value.reveal()}`;
      assert.ok(sent?.text.includes(Buffer.from(pair).toString('base64')));
      assert.equal(sent?.text.split('\n').at(-1), 'grant_type=client_credentials&scope=all-apis');
    }));

  it('are made for as many seconds as are asked for', () =>
    withSetup(CONTRACT, async ({ session, world, clock }) => {
      world.sent.length = 0;
      await issue(session, marked(1), clock.now() + 30 * DAY);
      const sent = world.sent.find(({ text }) => text.includes('lifetime'));
      assert.match(sent?.text ?? '', /"lifetime":"2592000s"/);
    }));

  it('are listed over all pages, and none is a list without the field', () =>
    withSetup(CONTRACT, async ({ session }) => {
      assert.deepEqual(await session.list(), []);
      for (let number = 1; number <= 5; number++) await issue(session, marked(number));
      assert.equal((await session.list()).length, 5);
    }));

  it('are not known to be gone while the answer is something else', () =>
    withSetup(CONTRACT, async ({ session, world }) => {
      await issue(session, marked(1));
      for (const body of [{ message: 'hello' }, { secrets: null }, []]) {
        world.intercept((request) => (request.method === 'GET' ? Response.json(body) : undefined));
        assertCode(await rejection(listing(session).list()), 'issuer-response-invalid');
      }
    }));
});
