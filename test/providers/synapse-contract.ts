import { synapse } from '../../functions/providers/synapse/index.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

/** What the contract has to know of Synapse, simulated or real. */
export const SYNAPSE: Omit<ProviderContract, 'name' | 'createIssuer'> = contractOf(synapse, {
  accountFields: ['user', 'password'],
  made: { id: 'device_id', value: 'access_token' },
  isUndated: true,
  spacesAreUnknown: true,
  adminCredentials: (admin: AdminJson) => [
    admin['token'],
    ...admin['grants'].map((grant: AdminJson) => grant['password']),
  ],
  malformed: [
    {
      field: 'token',
      breakIt: (admin, canary) => {
        admin['token'] = { canary };
      },
    },
    {
      field: 'grants[0].user',
      breakIt: (admin, canary) => {
        admin['grants'][0].user = canary;
      },
    },
    {
      field: 'grants[0].password',
      breakIt: (admin, canary) => {
        admin['grants'][0].password = { canary };
      },
    },
  ],
  mayCall: ({ path, method }, account) =>
    path === '/_matrix/client/v3/account/whoami' ||
    (path === '/_matrix/client/v3/login' && method === 'POST') ||
    path.startsWith(`/_synapse/admin/v2/${account.slice(account.indexOf('/') + 1)}/devices`),
  // Synapse 1.163.2, asked.
  throttled: (wait) =>
    Response.json(
      { errcode: 'M_LIMIT_EXCEEDED', error: 'Too Many Requests', retry_after_ms: wait },
      { status: 429, headers: { 'retry-after': String(Math.ceil(wait / SECOND)) } },
    ),
});
