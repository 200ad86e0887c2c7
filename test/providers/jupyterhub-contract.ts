import { jupyterhub } from '../../functions/providers/jupyterhub/index.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { asksToWait } from '../contracts/throttled.ts';

/** What the contract has to know of JupyterHub, whoever plays it. */
export const JUPYTERHUB = {
  provider: jupyterhub,
  hostField: 'url',
  accountFields: ['user'],
  made: { id: 'id', value: 'token' },
  grantedDays: 60,
  adminCredentials: (admin: AdminJson) => [admin['token']],
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
        admin['grants'][0].user = `${canary}/x`;
      },
    },
    {
      field: 'grants[0].scopes[0]',
      breakIt: (admin, canary) => {
        admin['grants'][0].scopes = [`${canary} x`];
      },
    },
    {
      field: 'grants[1].maxDays',
      of: OTHER_SECRET,
      breakIt: (admin) => {
        admin['grants'][1].maxDays = 0;
      },
    },
  ],
  mayCall: ({ path }, account) =>
    path === '/hub/api/user' || path.startsWith(`/hub/api/${account.split('/').slice(1).join('/')}/tokens`),
  throttled: asksToWait,
} satisfies Omit<ProviderContract, 'name' | 'createIssuer'>;
