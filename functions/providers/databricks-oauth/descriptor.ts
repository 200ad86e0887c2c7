import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * OAuth secrets of a service principal. Source: databricks/databricks-sdk-go, service/oauth2;
 * docs.databricks.com, "Authorize service principal access with OAuth".
 */
export const descriptor: ProviderDescriptor = {
  id: 'databricks-oauth',
  title: 'Databricks OAuth secrets',
  rotates: 'OAuth secrets of a service principal, with which it gets access tokens.',
  // "A service principal can have up to five OAuth secrets" (the page above).
  slots: { count: 5, of: ['service-account'] },
  value: 'issuer',
  // A secret has no name.
  found: 'exclusive',
  valueField: 'client_secret',
  companions: ['client_id'],
  // The list shows a hash, and how it is made stands nowhere.
  identifies: false,
  // Seconds; two years where none are asked for.
  expiry: { settable: true, step: 'second', given: 'duration', maxDays: 730 },
  // The list tells no last use. Databricks names neither delay.
  lags: { allowed: MINUTE },
  // A principal that lacks a permission is refused in the same words as a wrong secret.
  check: 'accepted-only',
  concurrency: 1,
  pattern: /dose[0-9a-f]{32}/,
  hosts: ['*.cloud.databricks.com', '*.gcp.databricks.com', '*.azuredatabricks.net'],
  docs: 'https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m',
  admin: {
    example: {
      url: 'https://example.cloud.databricks.com',
      clientId: '01234567-89ab-4cde-8f01-23456789abcd',
      clientSecret: '<OAuth secret of the service principal for Keyturn>',
      grants: [
        {
          secret: 'data/warehouse',
          servicePrincipal: '4567890123456789',
          applicationId: '89abcdef-0123-4567-89ab-cdef01234567',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A service principal of its own that is an admin of the workspace. It makes and deletes secrets of ' +
      'the service principals that were added to that workspace.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service principal in Databricks for each purpose, add it to the workspace, and grant it to ' +
      'one secret alone.',
    'Write its id, a number, into servicePrincipal, and its application id into applicationId.',
    'Begin without a value: delete the OAuth secrets that it has, and leave the secret in AWS empty. The ' +
      'first rotation fills it.',
    'If it has secrets that Keyturn did not make, Keyturn makes nothing and says that the account is shared.',
    'Consumers need client_id too, which Keyturn writes beside the secret: it stays the same.',
    'The OAuth secret of the service principal for Keyturn ends as well: a person replaces it before.',
    'Service principals of Microsoft Entra have no OAuth secrets in Databricks: use the issuer entra.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: databricks/databricks-sdk-go 1ff3c785, on " +
      '2026-11-30; the login is in the documentation alone',
    sources: [
      'databricks/databricks-sdk-go 1ff3c785: service/oauth2/impl.go and model.go',
      'docs.databricks.com: OAuth for service principals',
      'databricks/databricks-sql-nodejs, issue 279: a missing permission is refused as a wrong secret is',
    ],
    unconfirmed: [
      'How long a new secret is refused and a deleted one accepted. Access tokens that it was exchanged ' +
        'for live on for up to an hour.',
      'Whether secrets that have expired stay in the list: one that is there counts as active.',
      'Databricks leaves the list out of its answer where there are no tokens. The same is taken for ' +
        'secrets.',
      'That dates are written as in 2026-01-05T09:00:00Z.',
      'Whether a lesser role than admin of the workspace may manage secrets of a service principal.',
      'How Databricks refuses a sixth secret.',
    ],
  },
};
