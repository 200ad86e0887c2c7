import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Tokens of internal integrations of Sentry, which only people create and revoke. Source: docs.sentry.io,
 * "Internal Integrations".
 */
export const descriptor: ProviderDescriptor = {
  id: 'sentry-integration',
  title: 'Sentry internal integration tokens',
  rotates:
    'Tokens of internal integrations of a Sentry organization. A person creates each new one in the ' +
    'settings, as Sentry has no API for that, and revokes the old one there; Keyturn does the rest. ' +
    'Personal and organization tokens are not rotated.',
  // Source: docs.sentry.io, "Internal Integrations".
  slots: { count: 20, of: ['integration'], filledBy: [] },
  value: 'person',
  found: 'never',
  valueField: 'token',
  identifies: true,
  // They end when a person revokes them.
  expiry: { settable: false, step: 'none' },
  // Sentry names no time until a new or revoked token is known in the region of the organization.
  lags: { allowed: 5 * MINUTE },
  // Source: getsentry/sentry, src/sentry/api/authentication.py: only organization tokens keep their last use.
  check: 'free',
  concurrency: 1,
  // Source: getsentry/sentry, src/sentry/types/token.py and src/sentry/models/apitoken.py.
  pattern: /\bsntryi_[0-9a-f]{64}\b/,
  longestValue: 71,
  docs: 'https://docs.sentry.io/integrations/integration-platform/internal-integration/',
  hosts: ['sentry.io', 'us.sentry.io', 'de.sentry.io'],
  admin: {
    example: {
      url: 'https://sentry.io',
      grants: [{ secret: 'ci/sentry', user: '4569715', scopes: ['org:read', 'project:releases'] }],
    },
    leastRights:
      'It holds no credential: it says which integration each secret is for, by the id of the user that ' +
      'Sentry made for it. `GET /api/0/` shows it to a token of the integration.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://sentry.io/orgredirect/organizations/:orgslug/settings/developer-settings/',
    steps: [
      'Sign in to Sentry as a manager or an owner of the organization.',
      'Open https://sentry.io/orgredirect/organizations/:orgslug/settings/developer-settings/ and choose ' +
        'the internal integration that the grant names.',
      'Press New Token under Tokens. A token has the permissions of the integration.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
    revocation: {
      link: 'https://sentry.io/orgredirect/organizations/:orgslug/settings/developer-settings/',
      steps: [
        'Sign in to Sentry as a manager or an owner of the organization.',
        'Open https://sentry.io/orgredirect/organizations/:orgslug/settings/developer-settings/ and choose ' +
          'the internal integration that the grant names.',
        'Find the old token under Tokens by its date and by the end of its value, and press Remove.',
      ],
    },
  },
  manualSteps: [
    'Create an internal integration for each consumer, with the permissions that the consumer needs.',
    'Ask `GET https://sentry.io/api/0/` with its token, and name `user.id` of the answer in the grant.',
    'An integration may have 20 tokens. Permissions belong to the integration: who changes them changes ' +
      'every token.',
    'Deleting an integration ends all of its tokens at once.',
  ],
  evidence: {
    sources: [
      'docs.sentry.io: Internal Integrations; Create a Sentry Authentication Token',
      'getsentry/sentry 2d78a13b: src/sentry/api/endpoints/index.py, what GET /api/0/ answers',
      'getsentry/sentry 003cedb9: src/sentry/api/authentication.py, the words of a refusal',
      'getsentry/sentry-docs, issue 3926: the same words from sentry.io',
    ],
    unconfirmed: [
      'How long a new or revoked token takes until every region of Sentry knows it.',
      'That sentry.io answers GET /api/0/ about a token of an organization in any region.',
      'The link to the settings, the names of the buttons, and which roles may create and revoke a token: ' +
        'read, not seen.',
    ],
  },
};
