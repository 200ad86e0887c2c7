import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of an IAM application. Source: scaleway.com, "IAM API", "How to create API keys". */
export const descriptor: ProviderDescriptor = {
  id: 'scaleway',
  title: 'Scaleway IAM API keys',
  rotates: 'API keys of an IAM application. Keys of users are not rotated.',
  // Source: scaleway.com, "Organization quotas", Identity and Access Management.
  slots: { count: 50, of: ['organization'] },
  value: 'issuer',
  found: 'name',
  // Both parts, as `curl --user` takes them for Object Storage.
  valueField: 'api_key',
  // The access key in a value says which one it means, and nothing says that the secret is that one's.
  identifies: false,
  expiry: { settable: true, step: 'second' },
  // When a key was last used is told nowhere.
  // Scaleway names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /SCW[A-Z0-9]{17}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
  hosts: ['api.scaleway.com'],
  docs: 'https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/',
  admin: {
    example: {
      url: 'https://api.scaleway.com',
      organization: '01234567-89ab-4cde-8f01-23456789abcd',
      token: '<secret key of the API key for Keyturn>',
      grants: [
        {
          secret: 'infra/scaleway',
          application: '12345678-9abc-4def-8012-3456789abcde',
          project: '23456789-abcd-4ef0-8123-456789abcdef',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An API key of an IAM application of its own, whose policy has the permission set ' +
      'IAMApplicationManager.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create an IAM application for each purpose, and give it the permission sets that the key needs: a ' +
      'key has no rights of its own.',
    'Store a key as its access key, a colon and its secret key. Consumers split it at the colon.',
    'Report a leaked key to Keyturn in this form too: the secret key alone is not known to be one of its ' +
      'values.',
    'Name the Project whose Object Storage the key is for. Without it Scaleway takes the default one.',
    'Leave room: an organization has 50 API keys at most, those of users included.',
    'Where the organization sets a longest life for API keys, grant no more days than that.',
  ],
  evidence: {
    sources: [
      'scaleway/scaleway-sdk-go 2c5cd81b: api/iam/v1alpha1/iam_sdk.go, scw/errors.go',
      'scaleway/terraform-provider-scaleway: recorded answers in internal/services/iam/testdata',
      'stephrobert/pepin: an answer of api.scaleway.com to an unknown key, measured on 2026-09-21; its ' +
        'issue 196, that lists keep expired keys',
      'scaleway.com: Organization quotas, How to create API keys',
    ],
    unconfirmed: [
      'An expired key stays in the list without a word about it, so it is shown as active there. The ' +
        'answer to the key itself says that it expired.',
      'Whether expired keys count among the 50.',
      'That a key whose application may not read API keys is told so only where the key itself is known.',
      'How long a new or deleted key takes until it is known everywhere.',
    ],
  },
};
