import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE, SECOND } from '../../core/basics/time.ts';

/** Client secrets of an application: one at any time, which the next one takes the place of. */
export const descriptor: ProviderDescriptor = {
  id: 'auth0',
  title: 'Auth0 client secrets',
  rotates: 'Client secrets of applications that authenticate with client_secret_post or client_secret_basic.',
  // "Rotate a client secret" replaces the one secret of the application.
  slots: { names: ['client_secret'], of: ['application'] },
  value: 'issuer',
  found: 'reissue',
  valueField: 'client_secret',
  companions: ['client_id'],
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // "New secrets may be delayed up to thirty seconds while rotating" (auth0.com/docs, "Rotate Client
  // Secrets"); of the old one it says nothing.
  lags: { accepted: 30 * SECOND, allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  // "Your tenant domain": TENANT.REGION.auth0.com, or TENANT.auth0.com.
  hosts: ['*.auth0.com'],
  docs: 'https://auth0.com/docs/get-started/applications/rotate-client-secret',
  admin: {
    example: {
      url: 'https://acme.eu.auth0.com',
      clientId: 'uKeyturnAdminClientId0000000000a',
      clientSecret: '<client secret of the machine-to-machine application>',
      grants: [{ secret: 'billing/auth0', clientId: 'AaiyAPdpYdesoKnqjj8HJqRn4T5titww' }],
    },
    leastRights:
      'A machine-to-machine application of the same tenant that is authorized for the Auth0 Management API ' +
      'with the permission update:client_keys, and with nothing else.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a machine-to-machine application for Keyturn, authorized for the Auth0 Management API with ' +
      'update:client_keys alone.',
    'Name the domain of the tenant in url, such as acme.eu.auth0.com, never a custom domain: the ' +
      'Management API is addressed by it.',
    'Store the client secret that the application has now in the secret before its first rotation: Keyturn ' +
      'ends no value that it does not know.',
    'Grant an application to one secret alone: it has one client secret.',
    'Let consumers read the secret again as soon as Auth0 answers access_denied, since the ' +
      'old client secret ends with the creation of the new one.',
  ],
  evidence: {
    sources: [
      'auth0/node-auth0 74170bb0, src/management/api: POST /clients/{id}/rotate-secret.',
      'auth0.com/docs: Rotate Client Secrets; Get Management API Access Tokens for Production.',
      'auth0/docs, articles/api/authentication: POST /oauth/token; its errors in issues of ' +
        'auth0/node-auth0, auth0/laravel-auth0, auth0/Auth0.swift and auth0/nextjs-auth0.',
      'RFC 6749 §3.2.1: the client is authenticated before what it asks is looked at.',
    ],
    unconfirmed: [
      'How long the old client secret is still accepted: Auth0 names a time for the new one alone.',
      'Whether an application without the refresh token grant is told of a wrong client secret before it ' +
        'is told of the grant; if not, its values are unknown, and nothing is created for it.',
      'Whether checks show in the log of the tenant as failed exchanges: a check uses a refresh token that ' +
        'is none.',
      'The longest client secret that Auth0 makes.',
    ],
  },
};
