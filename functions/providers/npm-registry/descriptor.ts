import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';

/**
 * Tokens of a self-hosted npm registry, as Verdaccio 6.8 or later makes them. The public registry is no case
 * for it: since November 2025 its token API asks for an interactive second factor.
 */
export const descriptor: ProviderDescriptor = {
  id: 'npm-registry',
  title: 'npm registry (self-hosted)',
  rotates: 'access tokens of a user of a self-hosted npm registry, such as Verdaccio',
  // Verdaccio has no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'exclusive',
  valueField: 'token',
  // By its first and last five characters, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Verdaccio reads its own store at each request.
  lags: { accepted: 0, listed: 0, refused: 0 },
  check: 'free',
  concurrency: 1,
  docs: 'https://verdaccio.org/docs/configuration#security',
  admin: {
    example: {
      url: 'https://npm.acme.internal',
      grants: [
        { secret: 'ci/npm', user: 'ci-publisher', password: '<password of the user>', readonly: false },
      ],
    },
    leastRights:
      'A user for each token, with access to no more packages than the token is for; Keyturn needs its ' +
      'password to create tokens.',
    successor: 'by-hand',
    values: 'chosen',
  },
  evidence: {
    verified: 'the real program: Verdaccio 6.8.0, at each run of the tests',
    sources: ['Verdaccio 6.8.0, asked with its encrypted tokens and with JWTs'],
    unconfirmed: ['Other registries with the same API: try whether yours refuses a deleted token.'],
  },
  manualSteps: [
    'Create a user for each token and never log in as it: Keyturn takes every token of it for its own.',
    'Grant a user to one secret in one admin secret only.',
    'Use Verdaccio 6.8 or later; test with yours that a deleted token is refused, or Keyturn reports ' +
      '`revocation-ineffective`.',
    'Leave cidr out where you can. Verdaccio refuses a good token from elsewhere in the very words in ' +
      'which it refuses a deleted one. So the value of a token with cidr is never called inactive: only ' +
      'the list of tokens tells. Include the addresses that Keyturn calls from.',
    "With Verdaccio's older signature (security.api.legacy, the default) every token becomes inactive " +
      "when the user's password changes: change it only together with the admin secret, then rotate.",
  ],
};
