import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Named key pairs of a Snowflake user. Source: docs.snowflake.com, "Key-pair authentication and key-pair
 * rotation".
 */
export const descriptor: ProviderDescriptor = {
  id: 'snowflake-key',
  title: 'Snowflake key pairs',
  rotates:
    'Private keys of service users. Keyturn makes each pair and gives Snowflake the public key, under a ' +
    'name of its own.',
  // "A maximum of 10 key pairs by default": rotated-out ones count until they expire.
  slots: { count: 10, of: ['user'], filledBy: ['disabled'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'private_key',
  // An RSA key of 2,048 bits in PKCS#8 as PEM has about 1,704.
  longestValue: 1_720,
  identifies: true,
  // ADD KEY PAIR could: a key that Keyturn keeps must not end by itself.
  expiry: { settable: false, step: 'none' },
  // The list tells the last use, which a check of Keyturn's is too: it is not read.
  // SET DISABLED.
  disables: true,
  // Snowflake names neither delay.
  lags: { allowed: MINUTE },
  // "JWT token is invalid" has several reasons.
  check: 'accepted-only',
  concurrency: 2,
  // A private key as PEM (RFC 7468 §10), and the forms from before PKCS#8 (RFC 8017; RFC 5915 §4).
  pattern: /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\s[\w+/=\s]+-----END (?:RSA |EC )?PRIVATE KEY-----/,
  docs: 'https://docs.snowflake.com/en/user-guide/key-pair-auth',
  admin: {
    example: {
      url: 'https://acme-main.snowflakecomputing.com',
      account: 'ACME-MAIN',
      user: 'KEYTURN',
      role: 'KEYTURN_ADMIN',
      private_key_base64: '<private key of the admin user, PEM in base64>',
      grants: [{ secret: 'data/snowflake-key', user: 'SVC_LOADER' }],
    },
    leastRights:
      'A key pair of a service user of its own, with a role that has MODIFY PROGRAMMATIC AUTHENTICATION ' +
      'METHODS on the users in the grants, and no other privilege.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service user (TYPE = SERVICE) for each purpose, and write its name in capitals. Keep its ' +
      'LOGIN_NAME the same as its name.',
    'Create a service user for Keyturn with a role of its own. `GRANT MODIFY PROGRAMMATIC AUTHENTICATION ' +
      'METHODS ON USER SVC_LOADER TO ROLE KEYTURN_ADMIN` lets it manage the key pairs of one user.',
    'Make an RSA key pair for that user, and register the public key by ADD KEY PAIR. The admin ' +
      'secret holds the private one without a passphrase, as `base64 -w0 rsa_key.p8` prints it.',
    'Allow the address of your host in the settings: issuers.snowflake-key.allowedHosts. It is ' +
      'ORGANIZATION-ACCOUNT.snowflakecomputing.com, with hyphens in place of underscores.',
    'Let the rotation functions in where a network policy applies to the user. An authentication policy of ' +
      'the user has to allow KEYPAIR.',
    'Keyturn adds named key pairs, which take the place of no other key. It never sets RSA_PUBLIC_KEY or ' +
      'RSA_PUBLIC_KEY_2: Snowflake overwrites what stands there without a word, and a key in use would end.',
    'A key in one of these two properties can be stored in the secret. Keyturn ends it by UNSET ' +
      'after its first rotation, if SHOW USER KEY PAIRS lists its fingerprint as PUBLIC_KEY_1 or ' +
      'PUBLIC_KEY_2 right before. Set no other key there meanwhile: Snowflake has no UNSET that looks first.',
    'Consumers change nothing but the key: account and user stay the same. Store a key as PEM without a ' +
      'passphrase, and report a leaked one in this form.',
    'A key allows all that the roles of its user allow. Where ROLE_RESTRICTION is wanted, use a user of ' +
      'its own with one role.',
    'Each check is a login of the user: LOGIN_HISTORY and the column last_used_on show it as a use.',
    'Let nobody use ROTATE KEY PAIR on this user: it makes a key that no secret holds, under the name of ' +
      'the one before.',
  ],
  evidence: {
    verified:
      "the vendor's specification: snowflakedb/snowflake-rest-api-specs 42671a90, " +
      'specifications/sqlapi.yaml, on 2026-12-01; the statements are in the documentation alone',
    sources: [
      'snowflakedb/snowflake-rest-api-specs 42671a90: specifications/sqlapi.yaml',
      'docs.snowflake.com: Key-pair authentication and key-pair rotation, which recommends named key pairs',
      'docs.snowflake.com: ALTER USER … ADD, MODIFY and REMOVE KEY PAIR, SHOW USER KEY PAIRS: the ' +
        'privilege for each, 10 pairs, and PUBLIC_KEY_1 and PUBLIC_KEY_2 for the two properties',
      'docs.snowflake.com: release note of Jul 15, 2026, Named key pair management for users',
      'docs.snowflake.com: Authenticating to the server, Handling responses, Snowflake SQL API reference, ' +
        'Identifier requirements, CURRENT_USER',
      'datacoves/snowcap 5dc77813, resources/user_key_pair.py, and its tests against Snowflake: the ' +
        'columns, and that the fingerprint is the SHA-256 of the public key in DER',
      'datacoves/snowcap, tests of user key pairs: the two properties are in the list of key pairs',
      'The words of refusals: slothflowlabs/duckle, issue 22 (390144)',
      'snowflakedb/snowflake-connector-net, KeyPairAuthenticator: 390144 and 394304 (fingerprint mismatch) ' +
        'are tried again there, so they may be said of a good key',
    ],
    unconfirmed: [
      'In which words the SQL API refuses a removed or disabled key: "JWT token is invalid" has several ' +
        'reasons.',
      'What Snowflake answers to ADD, MODIFY and REMOVE KEY PAIR, beside a row with the column status: ' +
        'the list decides.',
      'In which words it refuses an eleventh pair, a name that is taken and a key that the user has.',
      'That the list shows the two properties: the tests of snowcap alone say so. Where it does not, a ' +
        'person ends a key that stands there.',
      'Whether expired pairs, and the two properties, count as pairs of the 10.',
      'Whether fingerprints in the list begin with SHA256: both forms are read.',
      'That times in the list are TIMESTAMP_LTZ or TIMESTAMP_TZ. Keyturn understands no other list.',
      'That a JWT names the user by its name where LOGIN_NAME is another one.',
      'How long a new, disabled or removed key takes until it is known everywhere.',
      'What an account answers that does not know named key pairs yet: nothing is made there.',
    ],
  },
};
