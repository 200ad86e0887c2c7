import type { Provider } from '../../functions/core/issuer/provider.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { asksToWait } from '../contracts/throttled.ts';

type Common = Omit<ProviderContract, 'name' | 'createIssuer'>;
type Own = Pick<Common, 'accountFields' | 'mayCall'> & Partial<Common>;

/** What the contract has to know of a declared issuer whose admin secret holds one field `token`: the rest is as usual. */
export function contractOf(provider: Provider, own: Own): Common {
  const [field = ''] = own.accountFields;
  return {
    provider,
    hostField: 'url',
    adminCredentials: (admin: AdminJson) => [admin['token']],
    malformed: [
      {
        field: 'token',
        breakIt: (admin, canary) => {
          admin['token'] = { canary };
        },
      },
      {
        field: `grants[0].${field}`,
        breakIt: (admin, canary) => {
          admin['grants'][0][field] = `${canary}/../x`;
        },
      },
      {
        field: 'grants[1].secret',
        breakIt: (admin, canary) => {
          admin['grants'][1].secret = `${canary} x`;
        },
      },
    ],
    throttled: asksToWait,
    ...(provider.descriptor.expiry.settable && { grantedDays: 60 }),
    ...own,
  };
}
