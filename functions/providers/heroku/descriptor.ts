import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** OAuth authorizations of a Heroku account. Source: devcenter.heroku.com, "OAuth", direct authorization. */
export const descriptor: ProviderDescriptor = {
  id: 'heroku',
  title: 'Heroku OAuth authorizations',
  rotates:
    'Tokens of direct OAuth authorizations of a Heroku account. Those of OAuth clients are not rotated.',
  // Heroku names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // The list shows the tokens.
  identifies: true,
  // `expires_in` counts from the answer, so a list does not tell when a token ends: none is given an end.
  expiry: { settable: false, step: 'none' },
  // Heroku names neither delay, and no last use.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /HRKU-[\w-]{36,100}/,
  hosts: ['api.heroku.com'],
  docs: 'https://devcenter.heroku.com/articles/oauth#direct-authorization',
  admin: {
    example: {
      url: 'https://api.heroku.com',
      grants: [
        {
          secret: 'shop/heroku',
          user: '01234567-89ab-4cde-8f01-23456789abcd',
          token: '<token of that account with the scope global>',
          scopes: ['identity', 'write'],
        },
      ],
    },
    leastRights:
      'A token with the scope global, of the very account whose authorizations are rotated: no other one ' +
      'manages authorizations. Let that be an account for machines alone.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create an account for machines and give it access to the apps that its tokens are for.',
    'Create the token for Keyturn with `heroku authorizations:create --scope global`.',
    'The answer of `GET /account` holds the id of the account, for user.',
    'Give the narrowest scopes that consumers need, and identity beside them: Keyturn asks whose a token is.',
    'An account with single sign-on may not keep tokens that last: choose another one for machines.',
  ],
  evidence: {
    verified: "the vendor's specification: heroku/heroku-go 605eb027, v6/schema.json, on 2026-11-29",
    sources: [
      'heroku/heroku-go 605eb027: v6/schema.json',
      'devcenter.heroku.com: OAuth, Platform API Reference (ranges, errors)',
      'heroku/cli: docs/authorizations.md',
      'Answers of api.heroku.com to a wrong or revoked token, as users report them',
    ],
    unconfirmed: [
      'That a revoked token is refused in the same words as a wrong one: users report it of deleted keys.',
      'That the list shows tokens of all authorizations. One without its token is not identified.',
      'That a token with identity and other scopes may ask for its account.',
      'How long a new or revoked token takes until it is known everywhere.',
      'That tokens begin with `HRKU-`. Keyturn takes older ones as well.',
    ],
  },
};
