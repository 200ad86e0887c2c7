import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Cloud API keys of a service account of Confluent Cloud. Source: docs.confluent.io, "API keys (iam/v2)". */
export const descriptor: ProviderDescriptor = {
  id: 'confluent-cloud',
  title: 'Confluent Cloud API keys',
  rotates:
    'Cloud API keys of a service account. Keys of clusters are asked about elsewhere and are not rotated.',
  // An organization has a quota (402 beyond it), whose number is found nowhere.
  slots: { count: 'unknown', of: ['organization'] },
  value: 'issuer',
  found: 'name',
  // Both parts, as `curl --user` takes them: the one is of no use without the other.
  valueField: 'api_key',
  // By the id, which is its first part, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // When a key was last used is told nowhere.
  // Confluent's Terraform provider waits some minutes for a new key, and no page names a longest time.
  lags: { allowed: 5 * MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /[A-Z0-9]{16}:[A-Za-z0-9+/]{64}/,
  hosts: ['api.confluent.cloud'],
  docs: 'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
  admin: {
    example: {
      url: 'https://api.confluent.cloud',
      user: '<Cloud API key for Keyturn>',
      token: '<secret of that key>',
      grants: [{ secret: 'stream/confluent', serviceAccount: 'sa-123abc' }],
    },
    leastRights:
      'A Cloud API key of a service account that may manage the API keys of the service accounts in ' +
      'the grants, such as with the role OrganizationAdmin.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service account for each purpose, and give it the roles that the key needs: a key has no ' +
      'rights of its own.',
    'Store a key as its id, a colon and its secret. Consumers send the text before the colon as the ' +
      'user and the text after it as the password.',
    'Report a leaked key to Keyturn in this form too: the secret alone is not known to be one of its values.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: confluentinc/ccloud-sdk-go-v2 b5d63ec4, on " +
      '2026-11-29; the check of a key is in the documentation alone',
    sources: [
      'confluentinc/ccloud-sdk-go-v2 b5d63ec4: apikeys/v2/api/openapi.yaml',
      'confluentinc/terraform-provider-confluent: internal/provider/resource_api_key.go, how long a ' +
        'new key takes, and how it is asked about',
      'The answer of api.confluent.cloud to a key that it does not know, as users report it',
    ],
    unconfirmed: [
      'Whether a deleted Cloud API key is refused in the same words as one that never was.',
      'How long a deleted key is still accepted: a deletion is carried out later.',
      'Whether the list shows a Cloud API key without a resource or with one named cloud: both are ' +
        'taken for one.',
      'Which role below OrganizationAdmin is enough.',
    ],
  },
};
