import { gitea } from '../../functions/providers/gitea/index.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

/** What the contract has to know of Gitea, simulated or real. */
export const GITEA: Omit<ProviderContract, 'name' | 'createIssuer'> = contractOf(gitea, {
  accountFields: ['user', 'password'],
  made: { id: 'id', value: 'sha1' },
  spacesAreUnknown: true,
  adminCredentials: (admin: AdminJson) => admin['grants'].map((grant: AdminJson) => grant['password']),
  malformed: [
    {
      field: 'grants[0].user',
      breakIt: (admin, canary) => {
        admin['grants'][0].user = `${canary}/../x`;
      },
    },
    {
      field: 'grants[0].password',
      breakIt: (admin, canary) => {
        admin['grants'][0].password = { canary };
      },
    },
    {
      field: 'grants[0].scopes',
      breakIt: (admin) => {
        admin['grants'][0].scopes = ['read:user', 'write:user'];
      },
    },
  ],
  mayCall: ({ path }, account) =>
    path === '/api/v1/user' || path.startsWith(`/api/v1/${account.slice(account.indexOf('/') + 1)}/tokens`),
});
