import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Programmatic access tokens of a Snowflake user. Source: docs.snowflake.com, "Using programmatic access
 * tokens for authentication".
 */
export const descriptor: ProviderDescriptor = {
  id: 'snowflake-pat',
  title: 'Snowflake programmatic access tokens',
  rotates: 'Programmatic access tokens of a service user, each restricted to one role.',
  // Disabled ones count, expired ones do not.
  slots: { count: 15, of: ['user'], filledBy: ['disabled'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says whose it is, and not which one it is.
  identifies: false,
  // DAYS_TO_EXPIRY; a policy of the account may allow fewer days.
  expiry: { settable: true, step: 'second', given: 'duration', maxDays: 365 },
  // The list tells no last use.
  // SET DISABLED.
  disables: true,
  // Snowflake names neither delay.
  lags: { allowed: MINUTE },
  // "Programmatic access token is invalid" has several reasons.
  check: 'accepted-only',
  concurrency: 2,
  pattern: /eyJraWQiOi[\w-]{10,}\.eyJwIjoi[\w-]{20,}\.[\w-]{86}/,
  docs: 'https://docs.snowflake.com/en/user-guide/programmatic-access-tokens',
  admin: {
    example: {
      url: 'https://acme-main.snowflakecomputing.com',
      account: 'ACME-MAIN',
      user: 'KEYTURN',
      role: 'KEYTURN_ADMIN',
      private_key_base64: '<private key of the admin user, PEM in base64>',
      grants: [{ secret: 'data/snowflake', user: 'SVC_REPORTS', role: 'REPORTS_READER', maxDays: 60 }],
    },
    leastRights:
      'A key pair of a service user of its own, with a role that has MODIFY PROGRAMMATIC AUTHENTICATION ' +
      'METHODS on the users in the grants, and no other privilege.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service user for each purpose, grant it one role, and write both names in capitals.',
    'Create a service user for Keyturn with a role of its own. `GRANT MODIFY PROGRAMMATIC AUTHENTICATION ' +
      'METHODS ON USER SVC_REPORTS TO ROLE KEYTURN_ADMIN` lets it manage the tokens of one user.',
    'Make an RSA key pair, and set RSA_PUBLIC_KEY of that user to the public one. The admin secret holds ' +
      'the private one without a passphrase, as `base64 -w0 rsa_key.p8` prints it.',
    'Allow the address of your host in the settings: issuers.snowflake-pat.allowedHosts. It is ' +
      'ORGANIZATION-ACCOUNT.snowflakecomputing.com, with hyphens in place of underscores.',
    'Snowflake makes tokens of a service user only where a network policy applies to it. Let the rotation ' +
      'functions in there, too: a token that Keyturn cannot use is given up.',
    'An authentication policy of the user has to allow PROGRAMMATIC_ACCESS_TOKEN. Where it sets ' +
      'MAX_EXPIRY_IN_DAYS, write no more into maxDays.',
    'Snowflake counts whole days, so a token ends up to a day earlier than the policy asks.',
    'Each check is a login of the user: LOGIN_HISTORY and the view CREDENTIALS show it as a use.',
    'Let Keyturn alone manage the tokens of this user. ROTATE by hand gives another value to the name ' +
      'that Keyturn knows.',
  ],
  evidence: {
    verified:
      "the vendor's specification: snowflakedb/snowflake-rest-api-specs 42671a90, " +
      'specifications/sqlapi.yaml, on 2026-11-30; the statements are in the documentation alone',
    sources: [
      'snowflakedb/snowflake-rest-api-specs 42671a90: specifications/sqlapi.yaml',
      'docs.snowflake.com: ALTER USER … ADD, MODIFY and REMOVE PROGRAMMATIC ACCESS TOKEN, SHOW USER ' +
        'PROGRAMMATIC ACCESS TOKENS, Using programmatic access tokens for authentication',
      'docs.snowflake.com: Authenticating to the server, Handling responses, Snowflake SQL API reference, ' +
        'Identifier requirements, CURRENT_USER',
      'snowflakedb/terraform-provider-snowflake, pkg/sdk/testint: what Snowflake answers to these ' +
        'statements, and that SET DISABLED shows as DISABLED',
      'The words of refusals: snowflakedb/gosnowflake, auth_test.go (394400); okou-ai/vm0-skills, ' +
        'pull request 178 (390432); slothflowlabs/duckle, issue 22 (390144)',
      'cartography-cncf/cartography, pull request 3110: SHOW … FOR USER fails for a role that may not see ' +
        "a user's tokens, and is not empty",
      'Tokens in public repositories: the form of the values',
    ],
    unconfirmed: [
      'In which words the SQL API refuses a removed, expired or disabled token: no answer of it to one was ' +
        'found. Drivers are told 394400, as they are where the user has no network policy.',
      'In which words it refuses an admin key: "JWT token is invalid" has several reasons.',
      'That times in the list are TIMESTAMP_LTZ or TIMESTAMP_TZ. Keyturn understands no other list.',
      'That `SELECT CURRENT_USER()` resumes no warehouse, where the user has a default one.',
      'How long a new, disabled or removed token takes until it is known everywhere, other accounts ' +
        'included to which users are replicated.',
      'How users and roles are listed whose names need quotes: Keyturn takes none of these.',
      'For how long expired tokens stay on the list: the documentation says 7 days and 30 days.',
    ],
  },
};
