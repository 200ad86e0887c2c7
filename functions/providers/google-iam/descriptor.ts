import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** User-managed keys of a Google Cloud service account. Source: cloud.google.com, IAM REST reference. */
export const descriptor: ProviderDescriptor = {
  id: 'google-iam',
  title: 'Google Cloud service account keys',
  rotates: 'User-managed keys of a Google Cloud service account.',
  // Source: CIS Google Cloud benchmark, "user-managed or external keys": up to 10 of an account. A disabled
  // key is one still.
  slots: { count: 10, of: ['service-account'], filledBy: ['disabled'] },
  value: 'issuer',
  // A key has no name.
  found: 'exclusive',
  // The key file in base64, as Google answers it.
  valueField: 'key_base64',
  // By the id in the file, and by a token that it is good for.
  identifies: true,
  // A policy of the organization may set an end for new keys.
  expiry: { settable: false, step: 'none' },
  // The list tells no last use.
  disables: true,
  // "60 seconds or more" for a new key, and no time for a deleted one.
  lags: { allowed: 2 * MINUTE },
  // Google tells when a key was last used to authenticate.
  check: 'counts-as-use',
  concurrency: 2,
  hosts: ['iam.googleapis.com', 'oauth2.googleapis.com'],
  docs: 'https://docs.cloud.google.com/iam/docs/keys-create-delete',
  admin: {
    example: {
      url: 'https://iam.googleapis.com',
      key_base64: '<key file of the service account for Keyturn, in base64>',
      grants: [{ secret: 'data/google', serviceAccount: 'etl-loader@acme-prod.iam.gserviceaccount.com' }],
    },
    leastRights:
      'A key of a service account of its own that has the role Service Account Key Admin ' +
      '(roles/iam.serviceAccountKeyAdmin) on the service accounts in the grants alone, not on the project.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'First see whether Workload Identity Federation will do: it needs no keys.',
    'Create a service account for each purpose, and let Keyturn alone make its keys.',
    'Enable the IAM API in the project of the admin key.',
    'Allow keys where a policy forbids them: the constraint iam.disableServiceAccountKeyCreation.',
    'Store a key as its JSON file in base64, on one line. Consumers decode it.',
    'Report a leaked key to Keyturn in this form too: the JSON file itself is not known to be one of its ' +
      'values.',
    'Keyturn checks a key at oauth2.googleapis.com. Where you list allowed hosts, list both.',
    'Count on an hour more after a key was revoked: access tokens that were made with it go on until then.',
    'Where a policy of the organization ends keys after some hours, rotate in less than that.',
  ],
  evidence: {
    verified:
      "the vendor's specification: googleapis/google-api-python-client, " +
      'discovery_cache/documents/iam.v1.json, revision 20261023, on 2026-11-29; the ' +
      'login and the check of a key are in the documentation alone',
    sources: [
      'googleapis/google-api-python-client, discovery_cache/documents/iam.v1.json, revision 20261023',
      'docs.cloud.google.com: Create and delete service account keys, Disable and enable service account ' +
        'keys',
      'developers.google.com: Using OAuth 2.0 for Server to Server Applications, JWT error codes',
      'CIS Google Cloud benchmark, as docs.datadoghq.com has it (def-000-14d): 10 keys of an account',
    ],
    unconfirmed: [
      'How long a deleted or disabled key is still accepted, and how much more than 60 seconds a new one ' +
        'may take.',
      'That a service account always has a key that Google manages: a list without one, and without any ' +
        'other, is not understood.',
      'Whether a disabled key counts among the 10: Keyturn takes it that it does.',
      'Keys of default service accounts, and of projects with a domain in their id, are not rotated.',
    ],
  },
};
