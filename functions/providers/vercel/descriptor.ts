import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Access tokens of a Vercel user, each for one team. Source: vercel.com, "Access tokens". */
export const descriptor: ProviderDescriptor = {
  id: 'vercel',
  title: 'Vercel access tokens',
  rotates: 'Access tokens of a Vercel user, each limited to one team.',
  // Vercel names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says whose it is, and not which of the user's tokens.
  identifies: false,
  expiry: { settable: true, step: 'second' },
  // `activeAt` is there, and how exact it is stands nowhere.
  // Vercel names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /vcp_[A-Za-z0-9]{24,80}/,
  hosts: ['api.vercel.com'],
  docs: 'https://vercel.com/docs/accounts/access-tokens',
  admin: {
    example: {
      url: 'https://api.vercel.com',
      grants: [
        {
          secret: 'shop/vercel',
          user: 'a1B2c3D4e5F6g7H8i9J0k1L2',
          token: '<token of that user for the full account>',
          team: 'team_a1B2c3D4e5F6g7H8i9J0k1L2',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An access token for the full account, of the very user whose tokens are rotated: tokens for a ' +
      'team or a project may not create tokens. A user for machines alone, in no team but those in the ' +
      'grants.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Invite a user for each purpose into the team, with the role that its tokens need: a token may do in ' +
      'its team what its user may.',
    'Log in as that user and create a token for the full account. The command `vercel login` gives none ' +
      'that may create tokens.',
    'Ask `GET /v2/user` with that token for the id of the user. The settings of the team show its id.',
    'Tokens for a project are not rotated: Vercel does not let them ask who they are.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: vercel/sdk 426eb4b7, on 2026-11-29; how a list " +
      "goes on is from the vendor's own command line, and the refusal from answers that users report",
    sources: [
      'vercel/sdk 426eb4b7: src/models/*authtoken*op.ts and getauthuserop.ts',
      'vercel.com: Access tokens, Delete an authentication token, Errors, New token formats',
      'vercel/vercel: packages/cli/src/commands/tokens',
      'Answers of api.vercel.com to an expired or revoked token, as users report them',
    ],
    unconfirmed: [
      'That a creation with teamId makes a token of that team alone. The answer tells its teams, and ' +
        'Keyturn gives up a token that has others.',
      'How exact `activeAt` is, so it is no evidence here.',
      'How long a new or deleted token takes until it is known everywhere.',
      'How long tokens are, so another length is stored in a field of JSON alone.',
    ],
  },
};
