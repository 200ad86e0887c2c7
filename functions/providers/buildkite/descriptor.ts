import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * API access tokens of a Buildkite user, which only people create. Source: buildkite.com, "Access token API".
 */
export const descriptor: ProviderDescriptor = {
  id: 'buildkite',
  title: 'Buildkite API access tokens',
  rotates:
    'API access tokens of a Buildkite user. A person creates each new one, as Buildkite has no API for ' +
    'that; Keyturn does all the rest. Agent tokens are not rotated.',
  // Buildkite names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'person',
  found: 'never',
  valueField: 'token',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Buildkite names no time until a new or revoked token is known everywhere.
  lags: { allowed: MINUTE },
  // Buildkite revokes tokens that are inactive for long, where an organization says so.
  check: 'counts-as-use',
  concurrency: 1,
  // Source: detectors of secrets, and the tests of buildkite/cli.
  pattern: /\bbkua_[0-9a-f]{40}\b/,
  docs: 'https://buildkite.com/docs/apis/rest-api/access-token',
  hosts: ['api.buildkite.com'],
  admin: {
    example: {
      url: 'https://api.buildkite.com',
      grants: [
        { secret: 'ci/buildkite', email: 'robot@example.com', scopes: ['read_builds', 'write_builds'] },
      ],
    },
    leastRights:
      'It holds no credential: it says which user each secret is for, by the email address that ' +
      'https://api.buildkite.com/v2/access-token shows.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://buildkite.com/user/api-access-tokens/new',
    steps: [
      'Sign in to Buildkite as the user that the grant names.',
      'Open https://buildkite.com/user/api-access-tokens/new and create a token.',
      'Give it the organization and the scopes of the current one, and no more.',
      'Choose an expiry that lasts longer than rotateEvery of the policy and its minGrace together.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
  },
  manualSteps: [
    'Use a user for machines alone, who is a member of no more teams than its tokens need.',
    'Set rotateBeforeExpiry to the time that a person needs: the owner is notified so long before the ' +
      'expiry.',
    'Where a token or an organization lets in only some IP addresses, add those of the rotation functions.',
    'When the user gets another email address, name the old one in the field formerly of the grant.',
    'Keyturn revokes an old token by its value, through DELETE /v2/access-token.',
  ],
  evidence: {
    sources: [
      'buildkite.com: Access token API, Managing API access tokens, Meta API, API settings',
      'buildkite/test-engine-client and other clients of Buildkite: the words of a refusal',
    ],
    unconfirmed: [
      'That the answer about a token names its expiry: where it names none, Keyturn knows none.',
      'What Buildkite answers from an address that is not let in: it is unknown.',
      'How long a new or revoked token takes until it is known everywhere.',
      'Whether the GraphQL permission of a token is among the scopes that are shown.',
    ],
  },
};
