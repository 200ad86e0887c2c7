import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';

/** Keys with which an application of Auth0 signs that it is that one (private_key_jwt): two at most. */
export const descriptor: ProviderDescriptor = {
  id: 'auth0-client-key',
  title: 'Auth0 client keys',
  rotates:
    'Private keys of applications that authenticate with private_key_jwt. Keyturn makes each pair and ' +
    'gives ' +
    'Auth0 the public key.',
  // "The current application storage limit is two credentials at one time"; one that expired is not deleted
  // (auth0.com/docs, "Rotate Credentials", "Credential Settings").
  slots: { count: 2, of: ['application'], filledBy: ['disabled', 'expired'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'private_key',
  companions: ['client_id', 'kid'],
  // An RSA key of 2,048 bits in PKCS#8 as PEM has about 1,704.
  longestValue: 1_720,
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // A credential that is not bound to the application is not accepted, and can be bound again.
  disables: true,
  // Auth0 names 30 seconds for client secrets, and nothing for keys.
  lags: { accepted: 30 * SECOND, allowed: MINUTE },
  // In which words Auth0 refuses a key is not documented.
  check: 'accepted-only',
  // Binding sends the whole list of the application's credentials back.
  concurrency: 1,
  // A private key as PEM (RFC 7468 §10), and the form from before PKCS#8 (RFC 8017).
  pattern: /-----BEGIN (?:RSA )?PRIVATE KEY-----\s[\w+/=\s]+-----END (?:RSA )?PRIVATE KEY-----/,
  hosts: ['*.auth0.com'],
  docs: 'https://auth0.com/docs/get-started/applications/rotate-credentials',
  admin: {
    example: {
      url: 'https://acme.eu.auth0.com',
      clientId: 'uKeyturnAdminClientId0000000000a',
      clientSecret: '<client secret of the machine-to-machine application>',
      grants: [{ secret: 'billing/auth0-key', clientId: 'AaiyAPdpYdesoKnqjj8HJqRn4T5titww' }],
    },
    leastRights:
      'A machine-to-machine application of the same tenant that is authorized for the Auth0 Management API ' +
      'with read:clients, update:clients, and read:, create:, update: and delete:client_credentials.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Set the authentication method of the application to Private Key JWT first, with a key of RSA and ' +
      'RS256. ' +
      'Keyturn never changes the method.',
    'Store that key as PEM in the secret, so that its first rotation can end it.',
    'Delete one credential of the application if it has two, used or not: a rotation needs the second slot.',
    'Grant an application to one secret in one admin secret only: two tokens cannot share its two slots.',
    'Name the domain of the tenant in url, such as acme.eu.auth0.com, never a custom domain: the ' +
      'Management API is addressed by it.',
    'Let consumers sign with RS256, and take private_key and kid from one and the same version of the ' +
      'secret.',
    'Change no credentials of the application by hand while Keyturn binds one: the list is sent as a whole.',
    'Report a leaked key to Keyturn as PEM, and nothing around it.',
    'Count on access tokens that were made with a key after it was revoked: they go on until they end.',
  ],
  evidence: {
    sources: [
      'auth0/terraform-provider-auth0 c0e7d0b0, ' +
        'recordings/TestAccClientCredentialsPrivateKeyJWTFullRotation: ' +
        'all calls and answers, and that a kid which is not given is the thumbprint of RFC 7638',
      'auth0/node-auth0 74170bb0, src/management/api: ClientCredential, and that a kid can be given',
      'auth0.com/docs: Rotate Credentials; Credential Settings; Authenticate with Private Key JWT',
      'auth0/docs, articles/api/authentication: POST /oauth/token; its errors in issues of ' +
        'auth0/Auth0.swift and auth0/nextjs-auth0',
      'RFC 6749 §3.2.1: the client is authenticated before what it asks is looked at.',
    ],
    unconfirmed: [
      'In which words Auth0 refuses a key that is not bound, deleted or wrong.',
      'Whether an application without the refresh token grant is told of a wrong key before it is told ' +
        'of the ' +
        'grant.',
      'How long a new key takes, and how long one that was unbound is still accepted.',
      'The answer to a third credential, and to a deletion of one that is bound: neither is relied on.',
      'Whether an application may be left without a bound key: Keyturn does not unbind the last one.',
      'Which permissions are the least: those named are the ones that the Management API has for it.',
      'Whether checks show in the log of the tenant as failed exchanges.',
    ],
  },
};
