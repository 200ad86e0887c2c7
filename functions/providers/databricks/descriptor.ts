import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/**
 * Personal access tokens of a service principal in a workspace. Source: docs.databricks.com, "Token API";
 * databricks/databricks-sdk-go, service/settings.
 */
export const descriptor: ProviderDescriptor = {
  id: 'databricks',
  title: 'Databricks personal access tokens',
  rotates: 'Personal access tokens of a service principal in a workspace.',
  // Source: docs.databricks.com, "Token API 2.0", Create: the quota of a user, which tokens that have not
  // expired take.
  slots: { count: 600, of: ['user'], filledBy: [] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says whose it is, and not which one it is.
  identifies: false,
  // `lifetime_seconds`; two years without it. A workspace may set a limit.
  expiry: { settable: true, step: 'second', given: 'duration', maxDays: 730 },
  // A principal's own list tells no last use.
  // Databricks names neither delay.
  lags: { allowed: 10 * SECOND },
  check: 'free',
  concurrency: 2,
  pattern: /dapi[0-9a-f]{32}(-\d)?/,
  hosts: ['*.cloud.databricks.com', '*.gcp.databricks.com', '*.azuredatabricks.net'],
  docs: 'https://docs.databricks.com/api/workspace/tokens',
  admin: {
    example: {
      url: 'https://acme.cloud.databricks.com',
      grants: [
        {
          secret: 'data/databricks',
          servicePrincipal: '01234567-89ab-4cde-8f01-23456789abcd',
          oauthSecret: '<OAuth secret of the service principal>',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An OAuth secret of the very service principal whose tokens are rotated, and its permission Can ' +
      'Use on tokens. No right to manage the tokens of others.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service principal for each purpose, add it to the workspace, and give it the permission ' +
      'Can Use on tokens.',
    'Create an OAuth secret for it, and write its application id into servicePrincipal. The secret ' +
      'ends two years later unless you chose otherwise: replace it before.',
    'A token may do what its service principal may: Keyturn asks for no scopes.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: databricks/databricks-sdk-go 1ff3c785, on " +
      '2026-11-29; the login and the answer about a token are in the documentation alone',
    sources: [
      'databricks/databricks-sdk-go 1ff3c785: service/settings/impl.go and model.go',
      'docs.databricks.com: Token API, OAuth for service principals',
      'databricks/databricks-sdk-go, issues 873, 917 and 1046: recorded answers to a wrong token',
      'databricks/terraform-provider-databricks: docs/data-sources/current_user.md',
    ],
    unconfirmed: [
      'Databricks may refuse in the same words while personal access tokens are turned off for the ' +
        'workspace, and take the token again later.',
      'The words of a refused login are from errors that users report.',
      'Whether a list shows tokens that have ended.',
      'Databricks leaves the list out of its answer where there are no tokens: an empty object is ' +
        'taken for that. A deletion is proven by a refusal of the value as well.',
      'How long a new or revoked token takes until it is known everywhere.',
    ],
  },
};
