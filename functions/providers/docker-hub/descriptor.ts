import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Personal access tokens of a Docker account. Source: docs.docker.com, "Docker Hub API reference", Personal
 * Access Tokens.
 */
export const descriptor: ProviderDescriptor = {
  id: 'docker-hub',
  title: 'Docker Hub personal access tokens',
  rotates:
    'Personal access tokens of a Docker account. Those of organizations are the issuer docker-hub-org.',
  // Docker's reference names no limit.
  slots: { count: 'many', of: ['account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // Neither the list nor the login says which token a value is.
  identifies: false,
  // `expires_at` can be asked for, and neither the answer nor the list shows it. What Keyturn cannot see it
  // does not set.
  expiry: { settable: false, step: 'none' },
  // `last_used` is there, and how exact it is stands nowhere.
  // Docker names neither delay.
  // `is_active` of an update.
  disables: true,
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  // Each question about a token is a login.
  concurrency: 1,
  pattern: /dckr_pat_[A-Za-z0-9_-]{27}/,
  hosts: ['hub.docker.com'],
  docs: 'https://docs.docker.com/reference/api/hub/latest/',
  admin: {
    example: {
      url: 'https://hub.docker.com',
      grants: [
        {
          secret: 'ci/docker-hub',
          user: 'acmebuilder',
          password: '<password of the account>',
          scope: 'repo:read',
        },
      ],
    },
    leastRights:
      'The password of the very account whose tokens are rotated. An account for machines alone, with ' +
      'access to no more repositories than the token is for.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Create a Docker account for each purpose, with two-factor login off: Keyturn has no second factor.',
    'Where an organization enforces single sign-on, its accounts have no password to log in with: ' +
      'Keyturn cannot rotate their tokens.',
    'Grant a secret the account that its token is of. Docker Hub refuses the token of another account ' +
      'in the words in which it refuses a deleted one.',
    'Keyturn sets no expiry, since Docker Hub does not show it. A token stays active until Keyturn ' +
      'revokes it.',
  ],
  evidence: {
    sources: [
      'docker/docs 0073bb65: content/reference/api/hub/latest.yaml',
      'docs.docker.com: Rate limiting of the Docker Hub API',
      'The words of a refused login: answers of hub.docker.com, as users report them; ' +
        'mongodb/kingfisher, issue 202',
    ],
    unconfirmed: [
      'Whether the list writes the one scope that was asked for, or all that it holds. In the second ' +
        'case Keyturn gives each new token up and says so.',
      'Whether Docker slows down or locks an account after logins with a revoked token.',
      'Whether a plan limits how many tokens an account may have.',
      'How exact `last_used` is, so it is no evidence here.',
      'How long a new or deleted token takes until it is known everywhere, the registry included.',
    ],
  },
};
