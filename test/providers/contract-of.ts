import type { Provider } from '../../functions/core/issuer/provider.ts';
import type { AdminJson, ProviderContract } from '../contracts/provider.ts';
import { OTHER_SECRET } from '../contracts/setup.ts';
import { asksToWait } from '../contracts/throttled.ts';

type Common = Omit<ProviderContract, 'name' | 'createIssuer'>;
type Own = Pick<Common, 'accountFields' | 'mayCall'> & Partial<Common>;

/**
 * What the contract has to know of a declared issuer whose admin secret holds one field `token`: the rest is
 * as usual.
 */
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
        of: OTHER_SECRET,
        breakIt: (admin) => {
          admin['grants'][1].secret = ` ${OTHER_SECRET}`;
        },
      },
    ],
    throttled: asksToWait,
    ...(provider.descriptor.expiry.settable && { grantedDays: 60 }),
    ...own,
  };
}

/** The same of an issuer whose grants hold the admin's token of each account, which `field` names. */
export function tokenInGrants(
  field: string,
): Pick<Common, 'accountFields' | 'adminCredentials' | 'malformed'> {
  const wrong = (name: string, valueOf: (canary: string) => unknown): Common['malformed'][number] => ({
    field: `grants[0].${name}`,
    breakIt: (admin, canary) => {
      admin['grants'][0][name] = valueOf(canary);
    },
  });
  return {
    accountFields: [field, 'token'],
    adminCredentials: (admin) => admin['grants'].map((grant: AdminJson) => grant['token']),
    malformed: [wrong(field, (canary) => `${canary}/../x`), wrong('token', (canary) => ({ canary }))],
  };
}
