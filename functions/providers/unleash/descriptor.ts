import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * API tokens of an Unleash: what its SDKs present. Source: docs.getunleash.io, "API tokens and client keys";
 * Unleash/unleash, src/lib.
 */
export const descriptor: ProviderDescriptor = {
  id: 'unleash',
  title: 'Unleash API tokens',
  rotates: 'Backend (client) and frontend tokens of a project and an environment.',
  // 2,000 for the whole instance, as it is set from the start.
  slots: { count: 2_000, of: ['instance'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // By the list, which shows values.
  identifies: true,
  expiry: { settable: true, step: 'second' },
  // `seenAt` is there, and when it is written stands nowhere: it was empty right after a use.
  // Each instance reads its tokens anew once a minute.
  lags: { accepted: MINUTE, refused: MINUTE },
  check: 'counts-as-use',
  concurrency: 2,
  pattern: /[\w~.-]+:[\w~.-]+\.[0-9a-f]{56}/,
  docs: 'https://docs.getunleash.io/concepts/api-tokens-and-client-keys',
  admin: {
    example: {
      url: 'https://unleash.acme.internal',
      token: '<token for Keyturn>',
      grants: [
        {
          secret: 'shop/unleash',
          project: 'default',
          environment: 'production',
          type: 'client',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A personal access token of a service account whose root role may read, create and delete API ' +
      'tokens of the types in the grants. Where there are no such roles: of a user who is an Admin.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Leave secure tokens off: Unleash revokes a token by its value alone, which its list then does not ' +
      'show. Keyturn cannot revoke such a token.',
    'Keep access logs of Unleash, and of what stands before it, as you keep secrets: a call that ' +
      'revokes has the token in its path.',
    'Point Keyturn at Unleash itself and not at an Edge, which knows a revoked token longer.',
  ],
  evidence: {
    sources: [
      'Unleash/unleash 027b320f: src/lib/routes/admin-api/api-token.ts',
      'Unleash/unleash ceeb5a9c: src/lib/openapi/spec/api-token-schema.ts, create-api-token-schema.ts',
      'Unleash/unleash 01e93441: src/lib/middleware/api-token-middleware.ts, the two refusals',
      'Unleash/unleash 007a3a1e: src/lib/services/api-token-service.ts, how often tokens are read',
      'Unleash 8.2.0, asked: two tokens may have one name; a revoked token was refused after 18 ' +
        'seconds; an unknown one is deleted with 200.',
    ],
    unconfirmed: [
      'How late `seenAt` is, so it is no evidence here.',
      'Which permissions beside an Admin show values in the list.',
    ],
  },
};
