import { vaultApprole } from '../../functions/providers/vault-approle/index.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

export const LOGIN = '/v1/auth/approle/login';
export const REVOKE_SELF = '/v1/auth/token/revoke-self';

/** What the contract has to know of a Vault, whoever plays it. */
export const VAULT_APPROLE: Omit<ProviderContract, 'name' | 'createIssuer'> = contractOf(vaultApprole, {
  accountFields: ['role', 'roleId', 'mount'],
  made: { id: 'data.secret_id_accessor', value: 'data.secret_id' },
  does: (_body, path) => {
    if (path.endsWith('/secret-id')) return 'creates';
    return path.endsWith('/secret-id-accessor/destroy') ? 'ends' : 'reads';
  },
  mayCall: ({ path }, account) =>
    path === LOGIN ||
    path === REVOKE_SELF ||
    path.startsWith(`/v1/${account.slice(account.indexOf('/') + 1)}/secret-id`),
  adminCredentials: (admin: AdminJson) => [admin['secret_id']],
  malformed: [
    {
      field: 'secret_id',
      breakIt: (admin, canary) => {
        admin['secret_id'] = { canary };
      },
    },
    {
      field: 'grants[0].role',
      breakIt: (admin, canary) => {
        admin['grants'][0].role = `${canary}/../x`;
      },
    },
  ],
  logsIn: true,
  refusalIsUnknown: true,
});
