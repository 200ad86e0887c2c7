import type { SafeReason } from '../safe-reasons.ts';

/** What Snowflake says to the admin, in words that help. */
export const SAFE: readonly SafeReason[] = [
  {
    status: 401,
    pattern: /"code"\s?:\s?"390144"/,
    says:
      'Snowflake does not accept what the admin key signed: the account, the user or the key is another ' +
      'one, or a clock is off',
    source: 'docs.snowflake.com, "Key Pair Authentication: Troubleshooting"; slothflowlabs/duckle, issue 22',
  },
  {
    status: 422,
    pattern: /"code"\s?:\s?"003001"/,
    says:
      'the role of the admin user lacks the privilege MODIFY PROGRAMMATIC AUTHENTICATION METHODS on ' +
      'the user',
    source: 'answers of Snowflake to roles without a privilege, as users report them: 003001 (42501)',
  },
  {
    status: 422,
    pattern: /Exceeded maximum of 15 programmatic access tokens/,
    source: 'lightdash/lightdash, issue 23924',
  },
];
