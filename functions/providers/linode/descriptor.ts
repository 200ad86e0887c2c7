import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Personal access tokens of a Linode user. Source: techdocs.akamai.com, "Create a personal access token".
 */
export const descriptor: ProviderDescriptor = {
  id: 'linode',
  title: 'Linode personal access tokens',
  rotates: 'Personal access tokens of a user of Linode (Akamai cloud computing).',
  // Linode names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // By its first 16 characters, which the list shows, and by asking with it.
  identifies: true,
  expiry: { settable: true, step: 'second' },
  // When a token was last used is told nowhere.
  // Linode names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  hosts: ['api.linode.com'],
  docs: 'https://techdocs.akamai.com/linode-api/reference/post-personal-access-token',
  admin: {
    example: {
      url: 'https://api.linode.com',
      grants: [
        {
          secret: 'infra/linode-dns',
          user: 'dns-robot',
          token: '<token of that user for Keyturn>',
          scopes: ['domains:read_write'],
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A token of the very user whose tokens are rotated, with the scope account:read_write and the ' +
      'scopes in the grants. It gives no scope that it lacks.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a user for each purpose, limited to what its tokens need: a token may do no more than its ' +
      'user may.',
    'Log in as that user, and create a token with the scopes above. Replace it before it expires.',
    'Name the scopes that a token needs. Keyturn gives no token every right (`*`).',
    'A proxy user of a child account has no tokens of this kind.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: linode/linodego 676b9dbe, on 2026-11-29, but for " +
      'times, which the library writes and reads without a zone; the refusals are from answers that ' +
      'users report',
    sources: [
      'linode/linodego 676b9dbe: profile_tokens.go and internal/parseabletime',
      'techdocs.akamai.com: Create a personal access token, List personal access tokens',
      'linode/cluster-api-provider-linode, pull request 1001; linode/terraform-provider-linode, issue 325: ' +
        'the refusal of a token',
      'linode/docs: Your OAuth token is not authorized to use this endpoint',
    ],
    unconfirmed: [
      'That Linode looks at a token before it looks at its scopes. A token without account:read_only is ' +
        'called active by that.',
      'What separates scopes: spaces by the documentation, commas by the library. Keyturn sends spaces and ' +
        'reads both.',
      'How long a new or deleted token takes until it is known everywhere.',
      'What sets tokens apart from other texts: 64 hexadecimal digits are no mark of Linode.',
    ],
  },
};
