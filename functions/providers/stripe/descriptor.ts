import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Restricted API keys of Stripe, which only people create and delete. Source: docs.stripe.com, "API keys".
 */
export const descriptor: ProviderDescriptor = {
  id: 'stripe',
  title: 'Stripe restricted keys',
  rotates:
    'Restricted API keys of a Stripe account, in live mode or in a sandbox. A person creates each new one ' +
    'in the Dashboard and deletes the old one there; Keyturn does the rest. Managed keys are not rotated.',
  // Any number of them.
  slots: { count: 'many', of: ['account'] },
  value: 'person',
  found: 'never',
  valueField: 'api_key',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Stripe names no time until a new or deleted key is known everywhere.
  lags: { allowed: 5 * MINUTE },
  // The Dashboard shows when a key was last used.
  check: 'counts-as-use',
  concurrency: 1,
  // Source: gitleaks, config/gitleaks.toml, stripe-access-token.
  pattern: /\b(?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99}\b/,
  docs: 'https://docs.stripe.com/keys',
  hosts: ['api.stripe.com'],
  admin: {
    example: {
      url: 'https://api.stripe.com',
      grants: [{ secret: 'shop/stripe', account: 'acct_1MzAbCdEfGhIjKlM', mode: 'live' }],
    },
    leastRights:
      'It holds no credential: it says which account each secret is for, by the id that the Dashboard ' +
      'shows under Settings, and in which mode.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://dashboard.stripe.com/apikeys',
    steps: [
      'Sign in to the Dashboard as an administrator or a developer of the account that the grant names.',
      'Open https://dashboard.stripe.com/apikeys and create a restricted key. Do not rotate the old one ' +
        'there: that ends it at a time of its own.',
      'Give it the permissions of the current one, and permission to read the account.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
    revocation: {
      link: 'https://dashboard.stripe.com/apikeys',
      steps: [
        'Open https://dashboard.stripe.com/apikeys and find the old key by its date of creation.',
        'Choose to delete it. Stripe then refuses it.',
      ],
    },
  },
  manualSteps: [
    'Give each restricted key permission to read the account: Keyturn asks `GET /v1/account` whose it is.',
    'Where a key lets in only some IP addresses, add those of the rotation functions.',
    'A sandbox has an account id of its own, and keys of its own: name its mode as test.',
  ],
  evidence: {
    sources: [
      'docs.stripe.com: API keys, Restricted API keys, Retrieve account, Error codes (api_key_expired)',
      'Answers of api.stripe.com to keys that do not work, as users report them: Invalid API Key provided',
      'gitleaks, config/gitleaks.toml: the form of the values',
    ],
    unconfirmed: [
      'Which permission `GET /v1/account` needs: without it the answer is a 403, and the value is unknown.',
      'What Stripe answers from an address that is not let in: it is unknown.',
      'How long a deleted key is still accepted.',
    ],
  },
};
