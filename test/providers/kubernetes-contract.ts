import { kubernetes } from '../../functions/providers/kubernetes/index.ts';
import type { ProviderContract } from '../contracts/provider.ts';
import { contractOf } from './contract-of.ts';

const SELF = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/**
 * What the contract has to know of Kubernetes, whoever stands behind it. An id is two fields of a Secret's
 * metadata; the value is in the answer to the second request.
 */
export const KUBERNETES: Omit<ProviderContract, 'name' | 'createIssuer'> = {
  ...contractOf(kubernetes, {
    accountFields: ['namespace', 'serviceAccount'],
    made: { id: 'metadata', value: 'status.token' },
    mayCall: ({ path }, account) => {
      const own = `/api/v1/${account.slice(account.indexOf('/') + 1)}`;
      const [secrets = ''] = own.split('/serviceaccounts/');
      return path === SELF || path === `${own}/token` || path.startsWith(`${secrets}/secrets`);
    },
  }),
  form: {
    read: (text) => ({ status: {}, ...JSON.parse(text) }),
    write: (status, fields) => Response.json(fields, { status }),
  },
};
