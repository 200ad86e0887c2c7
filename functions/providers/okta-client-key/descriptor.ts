import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Keys with which a client of Okta signs that it is the client (private_key_jwt): many, all accepted. */
export const descriptor: ProviderDescriptor = {
  id: 'okta-client-key',
  title: 'Okta client keys',
  rotates:
    'Private keys of applications that authenticate with private_key_jwt. Keyturn makes each pair and ' +
    'gives ' +
    'Okta the public key.',
  // "You have reached the maximum number of keys allowed (50)" (ErrorClientJsonWebKeyTooManyKids).
  slots: { count: 50, of: ['application'], filledBy: ['disabled'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'private_key',
  companions: ['client_id', 'kid'],
  // An RSA key of 2,048 bits in PKCS#8 as PEM has about 1,704.
  longestValue: 1_720,
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // "Deactivate an OAuth 2.0 client JSON Web Key", "Activate an OAuth 2.0 client JSON Web Key".
  disables: true,
  // Okta documents no lag for either; this leaves room for its caches.
  lags: { allowed: MINUTE },
  // The words for a key that is not the client's are also those for a signature in another form.
  check: 'accepted-only',
  concurrency: 2,
  // A private key as PEM (RFC 7468 §10), and the forms from before PKCS#8 (RFC 8017; RFC 5915 §4).
  pattern: /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\s[\w+/=\s]+-----END (?:RSA |EC )?PRIVATE KEY-----/,
  hosts: ['*.okta.com', '*.oktapreview.com', '*.okta-emea.com'],
  docs: 'https://developer.okta.com/docs/guides/key-management/main/',
  admin: {
    example: {
      url: 'https://acme.okta.com',
      token: '<API token>',
      grants: [{ secret: 'billing/okta-key', app: '0oafxqCAJWWGELFTYASJ' }],
    },
    leastRights:
      'An API token of a service account whose custom admin role may edit the client credentials of ' +
      'these applications, and nothing else.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Set the client authentication of the application to "Public key / Private key", with keys saved in ' +
      'Okta ' +
      'and not at a URL.',
    'Give every key of the application a kid: Okta takes no second key beside one without.',
    'Let consumers sign with RS256, and put the kid of the secret into the header of each JWT. Okta ' +
      'refuses ' +
      'a JWT without one as soon as the application has two keys.',
    'Let consumers take private_key and kid from one and the same version of the secret.',
    'Store a key that consumers have already as PEM, with its kid beside it.',
    'Report a leaked key to Keyturn as PEM, and nothing around it.',
    'Use the API token at least once in 30 days, or Okta lets it expire; Keyturn does so at every ' +
      'inspection.',
    'Count on access tokens that were made with a key after it was revoked: they go on until they end.',
  ],
  evidence: {
    verified: "the vendor's specification: okta/okta-management-openapi-spec fdda229e, on 2026-11-30",
    sources: [
      'okta/okta-management-openapi-spec, dist/current: management-minimal.yaml, the operations on jwks ' +
        'and ' +
        'their errors; oauth-minimal.yaml, Client_authentication_private_key_jwt',
      'support.okta.com: Okta Client Assertion "Error: Invalid Key ID"; Error Occurs During Authentication ' +
        'due to Invalid Client Assertion Signature; Creating a Private Key JWT when a Client Has Multiple ' +
        'Public/Private Key Pairs',
      'okta/okta-sdk-python, issue 289: a JWT without kid, where there are two keys',
    ],
    unconfirmed: [
      'Which of its two refusals Okta gives for a deleted or deactivated key: neither counts as one.',
      'That introspection takes an assertion for its own address: the rule "the endpoint invoked for the ' +
        'request" is recorded at the token endpoint. If not, new keys stay untested, and nothing is ' +
        'promoted.',
      'How long a new or deleted key takes until it is known everywhere: Okta names no time.',
      'Whether lists come as an array, as the schema says, or inside of jwks.keys, as its example ' +
        'shows: both ' +
        'are read.',
    ],
  },
};
