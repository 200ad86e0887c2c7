import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Personal access tokens of DigitalOcean, which only people create and delete. Source: docs.digitalocean.com,
 * "How to Create a Personal Access Token".
 */
export const descriptor: ProviderDescriptor = {
  id: 'digitalocean',
  title: 'DigitalOcean personal access tokens',
  rotates:
    'Personal access tokens of a user in a DigitalOcean team. A person creates each new one in the control ' +
    'panel and deletes the old one there; Keyturn does the rest. Spaces keys are not rotated.',
  // DigitalOcean names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'person',
  found: 'never',
  valueField: 'token',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // DigitalOcean names no time until a new or deleted token is known everywhere.
  lags: { allowed: MINUTE },
  // The control panel shows when a token was last used.
  check: 'counts-as-use',
  concurrency: 1,
  // Source: gitleaks, config/gitleaks.toml, digitalocean-pat.
  pattern: /\bdop_v1_[a-f0-9]{64}\b/,
  longestValue: 71,
  docs: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
  hosts: ['api.digitalocean.com'],
  admin: {
    example: {
      url: 'https://api.digitalocean.com',
      grants: [
        {
          secret: 'infra/digitalocean',
          team: '5df3e3004a17e242b7c20ca6c9fc25b701a47ece',
          user: 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef',
        },
      ],
    },
    leastRights:
      'It holds no credential: it says which user and team each secret is for, by the uuid of each that ' +
      '`GET /v2/account` shows.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://cloud.digitalocean.com/account/api/tokens/new',
    steps: [
      'Sign in to the control panel as the user that the grant names, and choose the team.',
      'Open https://cloud.digitalocean.com/account/api/tokens/new and create a token.',
      'Give it the scopes of the current one, and account:read.',
      'Choose an expiry that lasts longer than rotateEvery of the policy and its minGrace together.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
    revocation: {
      link: 'https://cloud.digitalocean.com/account/api/tokens',
      steps: [
        'Sign in to the control panel as the user that the grant names, and choose the team.',
        'Open https://cloud.digitalocean.com/account/api/tokens and find the old token by its name and ' +
          'dates.',
        'Choose Delete in its menu, and confirm.',
      ],
    },
  },
  manualSteps: [
    'Give each token the scope account:read: Keyturn asks `GET /v2/account` whose it is.',
    'DigitalOcean tells no expiry of a token. Set rotateEvery so that a person replaces it in time.',
  ],
  evidence: {
    sources: [
      'docs.digitalocean.com: Get User Information, How to Create a Personal Access Token, scopes',
      'digitalocean/openapi: the form of an answer without a valid token',
      'Answers of api.digitalocean.com to tokens that do not work, as users report them, the last of ' +
        'October 2026',
      'gitleaks, config/gitleaks.toml: the form of the values',
    ],
    unconfirmed: [
      'That a request without a token is answered in the same words as one with a wrong token.',
      'How long a deleted token is still accepted.',
      'Which scopes a token has: DigitalOcean tells them of no value, so Keyturn does not check them.',
    ],
  },
};
