import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Access tokens of a user of a Gitea 1.24 or later: since then lists tell when a token was made and used.
 * Source: go-gitea/gitea, routers/api/v1/user/app.go and pull request 34323; Gitea 1.26.0, asked.
 */
export const descriptor: ProviderDescriptor = {
  id: 'gitea',
  title: 'Gitea access tokens',
  rotates:
    'Access tokens of a user of a Gitea 1.24 or later. Forgejo does not tell when a token was last ' +
    'used, and is not covered.',
  // Gitea names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // By the last eight characters, which the list shows, and by asking with the value.
  identifies: true,
  // Tokens of Gitea have no end.
  expiry: { settable: false, step: 'none' },
  // Written at each use, in whole seconds (services/auth/oauth2.go). A minute leaves room for that.
  lastUsedEvery: MINUTE,
  // A token is a row in the database, which is read at each request.
  lags: { accepted: 0, listed: 0, refused: 0 },
  check: 'counts-as-use',
  concurrency: 2,
  docs: 'https://docs.gitea.com/development/api-usage',
  admin: {
    example: {
      url: 'https://git.example.com',
      grants: [
        {
          secret: 'ci/gitea',
          user: 'ci-builder',
          password: '<password of the user>',
          scopes: ['read:repository'],
        },
      ],
    },
    leastRights:
      'The password of the very user whose tokens are rotated. Gitea makes, lists and deletes tokens ' +
      'for a password alone, never for a token. The password of another user is enough only if that is ' +
      'an administrator: do not use one.',
    successor: 'by-hand',
    values: 'chosen',
  },
  manualSteps: [
    'Create a user for each purpose, with access to no more than the token is for, and a password that ' +
      'is used nowhere else.',
    'Leave two-factor login off for that user: Keyturn has no second factor, and Gitea then refuses ' +
      'the password.',
    'Write the name of the user as Gitea shows it, with its capital letters.',
    'Write each scope once and in its widest form: `write:issue` holds `read:issue`. Gitea writes ' +
      'scopes in that form, and Keyturn compares them.',
  ],
  evidence: {
    verified:
      'the real program: Gitea 1.26.0, on 2026-11-30; before that the types that Gitea generates from its ' +
      'specification: gitea-js 1.23.0',
    sources: [
      'Gitea 1.26.0, asked: statuses and words of creation, list, deletion and refusals',
      'go-gitea/gitea: routers/api/v1/user/app.go, routers/api/v1/api.go, services/auth/oauth2.go',
      'go-gitea/gitea, pull requests 34323 and 34339: created_at and last_used_at, since 1.24',
    ],
    unconfirmed: [
      'Gitea also says that a value is invalid when it cannot look it up, as when its database fails ' +
        'in just that moment.',
      'That a use within the second in which a token was made is not told.',
      'How long several Gitea processes with caches of their own take to know of a new or deleted token.',
    ],
  },
};
