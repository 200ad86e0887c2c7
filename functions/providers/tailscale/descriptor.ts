import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** OAuth clients of a tailnet. Source: tailscale.com, "OAuth clients" and "Trust credentials". */
export const descriptor: ProviderDescriptor = {
  id: 'tailscale',
  title: 'Tailscale OAuth clients',
  rotates:
    'OAuth clients of a tailnet, each with a secret of its own. Auth keys and API access tokens are not ' +
    'rotated.',
  // Tailscale names no limit.
  slots: { count: 'many', of: ['organization'] },
  value: 'issuer',
  found: 'name',
  valueField: 'client_secret',
  // The id of the client stands in the secret; and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // When a client was last used is told nowhere in the API.
  // Tailscale names neither delay.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /tskey-client-[A-Za-z0-9]{4,40}-[A-Za-z0-9]{20,64}/,
  hosts: ['api.tailscale.com'],
  docs: 'https://tailscale.com/kb/1215/oauth-clients',
  admin: {
    example: {
      url: 'https://api.tailscale.com',
      grants: [
        {
          secret: 'ci/tailscale',
          tailnet: 'T1a2b3c4d5CNTRL',
          clientSecret: '<secret of the OAuth client for Keyturn>',
          scopes: ['auth_keys'],
          tags: ['tag:ci'],
        },
      ],
    },
    leastRights:
      'An OAuth client of the very tailnet with the scope oauth_keys and the scopes and tags in the ' +
      'grants. It may end every OAuth client of its tailnet: Tailscale limits it no further.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'First see whether a federated identity will do: it needs no secret.',
    'Create an OAuth client for Keyturn with the scope oauth_keys and the scopes and tags above.',
    'The general settings of the admin console show the id of the tailnet.',
    'Name the scopes that a client needs: Keyturn makes no client with the scope all.',
    'Each rotation makes a new client with another client id. Its id is the third part of the secret, ' +
      'between dashes, and Tailscale does not look at the id that consumers send.',
    'Count on an hour more after a client was revoked: access tokens that it was good for may go on until ' +
      'then.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: tailscale/tailscale-client-go-v2 4f50555a, on " +
      '2026-11-29; the login is in the documentation alone, and refusals are from answers that users report',
    sources: [
      'tailscale/tailscale-client-go-v2 4f50555a: keys.go',
      'tailscale.com: OAuth clients, Trust credentials; the API reference of keys',
      'tailscale/terraform-provider-tailscale: tailscale/resource_oauth_client.go',
      'tailscale/tailscale, feature/oauthkey: a client id is ignored where a token is asked for',
      'tailscale/tailscale, issue 17278; tailscale/gitops-acl-action, issue 33: refusals of a client',
    ],
    unconfirmed: [
      'Whether a client may make one with scopes or tags that it lacks: give it those in the grants.',
      'Whether access tokens end with their client.',
      'How long a new or revoked client takes until it is known everywhere.',
      'Tailscale does not say of which tailnet a client is that it accepts: only the list tells.',
      'That a list is whole: Tailscale documents no pages for it. One without the client for Keyturn is ' +
        'not taken for a list.',
      'Whether scopes come back as they were asked for. Where they do not, Keyturn gives each new client ' +
        'up and says so.',
    ],
  },
};
