import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API tokens of a Fastly user, which only people create. Source: fastly.com, "User tokens". */
export const descriptor: ProviderDescriptor = {
  id: 'fastly',
  title: 'Fastly API tokens',
  rotates:
    'API tokens of a Fastly user. A person creates each new one, as Fastly wants a password or sudo mode ' +
    'for that; Keyturn does all the rest.',
  // Fastly names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'person',
  found: 'never',
  valueField: 'token',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Fastly names no time until a new or revoked token is known everywhere.
  lags: { allowed: MINUTE },
  // The answer tells when the token was last used.
  check: 'counts-as-use',
  concurrency: 1,
  docs: 'https://www.fastly.com/documentation/reference/api/auth-tokens/user/',
  hosts: ['api.fastly.com'],
  admin: {
    example: {
      url: 'https://api.fastly.com',
      grants: [
        {
          secret: 'shop/fastly-purge',
          user: '4Ys3xFtPcNyRgKmWq7Zb2A',
          scopes: ['purge_all', 'purge_select'],
        },
      ],
    },
    leastRights:
      'It holds no credential: it says which user each secret is for, by the user_id that ' +
      'https://api.fastly.com/tokens/self shows.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://manage.fastly.com/account/personal/tokens',
    steps: [
      'Sign in to the control panel as the user that the grant names.',
      'Open https://manage.fastly.com/account/personal/tokens and create a token.',
      'Give it the scopes that the grant names, and the services of the current one.',
      'Choose an expiry that lasts longer than rotateEvery of the policy and its minGrace together.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
  },
  manualSteps: [
    'Use a user for machines alone, with a role that may do only what its tokens need.',
    'Set rotateBeforeExpiry to the time that a person needs: the owner is notified so long before the ' +
      'expiry.',
    'Keyturn revokes an old token by its value, through DELETE /tokens/self.',
  ],
  evidence: {
    verified: "the vendor's specification, as its library has it: fastly/fastly-js 01f25810, on 2026-11-30",
    sources: [
      'fastly/fastly-js 01f25810: docs/TokensApi.md and docs/TokenResponse.md',
      'fastly.com: User tokens, Automation tokens, Managing personal API tokens',
      'fastly/fastly-js, issue 14, and tests of users: the words of a refusal',
    ],
    unconfirmed: [
      'Whether /tokens/self names a user for an automation token. Where it names none, Keyturn does not ' +
        'take the token.',
      'How long a new or revoked token takes until it is known everywhere.',
      'To which services a token is limited: Keyturn does not check that.',
    ],
  },
};
