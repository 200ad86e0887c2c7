import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Client secrets of an OAuth application: two at most, both accepted while both are active. */
export const descriptor: ProviderDescriptor = {
  id: 'okta',
  title: 'Okta',
  rotates: 'client secrets of OAuth 2.0 and OpenID Connect applications',
  // Two secret objects at most, active or not (Okta Management API, "Create an OAuth 2.0 client secret").
  slots: { count: 2, of: ['application'], filledBy: ['disabled'] },
  value: 'keyturn',
  found: 'value',
  valueField: 'client_secret',
  companions: ['client_id'],
  // OAuth 2.0 client secrets of an application: 14 to 100 printable characters of ASCII.
  longestValue: 100,
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // "Deactivate an OAuth 2.0 client secret", "Activate an OAuth 2.0 client secret".
  disables: true,
  // Okta documents no lag for either; this leaves room for its caches.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 2,
  // "A subdomain of an official Okta domain" (okta/okta-management-openapi-spec, servers); okta-emea.com is
  // the European one.
  hosts: ['*.okta.com', '*.oktapreview.com', '*.okta-emea.com'],
  docs: 'https://developer.okta.com/docs/guides/client-secret-rotation-key/main/',
  admin: {
    example: {
      url: 'https://acme.okta.com',
      token: '<API token>',
      grants: [{ secret: 'billing/okta', app: '0oafxqCAJWWGELFTYASJ' }],
    },
    leastRights:
      'An API token of a service account whose custom admin role may edit the client credentials of ' +
      'these applications, and nothing else.',
    successor: 'by-hand',
    values: 'issued',
  },
  evidence: {
    verified: "the vendor's specification: okta/okta-management-openapi-spec fdda229e, on 2026-11-29",
    sources: [
      'okta/okta-management-openapi-spec, dist/current: management-minimal.yaml and oauth-minimal.yaml',
      'support.okta.com: Invalid_Client Error Returned When Requesting OAuth Token(s)',
    ],
    unconfirmed: ['How long a new or deleted secret takes until it is known everywhere: Okta names no time.'],
  },
  manualSteps: [
    'Set the client authentication of the application to "Client secret" (client_secret_basic).',
    'Delete one secret of the application if it has two, active or not: a rotation needs the second slot.',
    'Grant an application to one secret in one admin secret only: two tokens cannot share its two slots.',
    'Use the API token at least once in 30 days, or Okta lets it expire; Keyturn does so at every ' +
      'inspection.',
  ],
};
