import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/** Data only. Name the page of the vendor's documentation that each fact is from. */
export const descriptor: ProviderDescriptor = {
  id: 'template',
  title: 'Example API keys',
  rotates: 'API keys of a service account.',
  slots: { count: 10, of: ['service-account'], filledBy: [] },
  value: 'issuer',
  found: 'name',
  valueField: 'key',
  // Whether the issuer tells which key a value is: then a secret may hold the value as plain text even where
  // keys have no names.
  identifies: true,
  expiry: { settable: true, step: 'second', maxDays: 365 },
  // Leave lastUsedEvery out when the issuer does not tell.
  lags: { accepted: 30 * SECOND, refused: 30 * SECOND },
  check: 'free',
  concurrency: 2,
  pattern: /exk_[0-9a-f]{40}/,
  docs: 'https://docs.example.com/api-keys',
  admin: {
    example: {
      url: 'https://api.example.com',
      token: '<admin token>',
      grants: [{ secret: 'team-a/example', account: 'svc-reports', scopes: ['reports:read'], maxDays: 90 }],
    },
    leastRights: 'The role "Key manager" on the service accounts in the grants.',
    successor: 'by-hand',
    values: 'issued',
  },
  evidence: {
    // Say what the answers were held against, once they were: a program and its version, or a vendor's
    // specification, its hash and the date.
    sources: ['docs.example.com: API keys'],
    unconfirmed: [],
  },
  manualSteps: ['Create a service account for each token.', 'Create an admin token with the role above.'],
};
