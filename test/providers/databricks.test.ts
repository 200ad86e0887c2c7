import assert from 'node:assert/strict';
import { it } from 'node:test';
import { databricks } from '../../functions/providers/databricks/index.ts';
import { databricksSimulator } from '../../lib/sandbox/issuers/databricks.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { defineProviderContract, type AdminJson, type ProviderContract } from '../contracts/provider.ts';
import { listing, SECRET, issue, marked, withSetup } from '../contracts/setup.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import { contractOf } from './contract-of.ts';

const CONTRACT: ProviderContract = {
  ...contractOf(databricks, {
    accountFields: ['servicePrincipal', 'oauthSecret'],
    made: { id: 'token_info.token_id', value: 'token_value' },
    logsIn: true,
    adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['oauthSecret']),
    malformed: [
      {
        field: 'grants[0].servicePrincipal',
        breakIt: (admin, canary) => {
          admin['grants'][0].servicePrincipal = canary;
        },
      },
      {
        field: 'grants[0].oauthSecret',
        breakIt: (admin, canary) => {
          admin['grants'][0].oauthSecret = { canary };
        },
      },
    ],
    mayCall: ({ path, text }, account) =>
      path === '/oidc/v1/token'
        ? text.includes(`${account.split('/').at(-1)}:`)
        : path === '/api/2.0/preview/scim/v2/Me' || /^\/api\/2\.0\/token\/(create|list|delete)$/.test(path),
  }),
  name: 'databricks against its simulator',
  createIssuer: (clock) => databricksSimulator({ clock }),
};

defineProviderContract(CONTRACT);

it('takes the token of another service principal of Databricks for none of its own', () =>
  withSetup(CONTRACT, async ({ session, other }) => {
    const { value } = await issue(other, marked(1));
    const probe = await session.probe(value);
    assert.ok(probe.outcome === 'unknown' && probe.reason.includes('another identity'));
  }));

it('says that Databricks refuses the OAuth secret at the login, without the secret', () =>
  withSetup(CONTRACT, async ({ admin, world }) => {
    const text = JSON.stringify(admin).replaceAll(admin['grants'][0].oauthSecret, 'canary-oauth-0001');
    const error = await rejection(listing(databricks.open(new Secret(text), SECRET, world.tools)).list());
    assertCode(error, 'admin-credential-rejected', '/oidc/v1/token');
    assert.ok(!String(error).includes('canary'));
  }));
