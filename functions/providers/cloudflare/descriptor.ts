import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Tokens of a Cloudflare account, which belong to no person. Source: developers.cloudflare.com, "Account API
 * tokens", "Create tokens via API".
 */
export const descriptor: ProviderDescriptor = {
  id: 'cloudflare',
  title: 'Cloudflare account tokens',
  rotates:
    'API tokens of a Cloudflare account. Tokens of users need a template of the dashboard and are not ' +
    'rotated.',
  // Cloudflare names no limit for accounts.
  slots: { count: 'many', of: ['account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  identifies: true,
  expiry: { settable: true, step: 'second' },
  // `last_used_on` is there, and how exact it is stands nowhere.
  // Cloudflare names neither delay; this leaves room for its edge.
  // `status` of an update: `active` or `disabled`.
  disables: true,
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  concurrency: 2,
  pattern: /cfat_[A-Za-z0-9_-]{40,80}/,
  hosts: ['api.cloudflare.com'],
  docs: 'https://developers.cloudflare.com/fundamentals/api/get-started/account-owned-tokens/',
  admin: {
    example: {
      url: 'https://api.cloudflare.com',
      token: '<account token for Keyturn>',
      grants: [
        {
          secret: 'edge/cloudflare-dns',
          account: '0123456789abcdef0123456789abcdef',
          policies: [
            {
              effect: 'allow',
              permission_groups: [{ id: '<id of a permission group>' }],
              resources: { 'com.cloudflare.api.account.zone.<id of a zone>': '*' },
            },
          ],
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An account token whose policy allows API Tokens: Edit on the account, and what its tokens may ' +
      'do. A token gives no more than it has.',
    successor: 'minted',
    values: 'issued',
  },
  manualSteps: [
    'Create the account token as a Super Administrator, or with the role API Token Provisioning.',
    'Look up the ids of permission groups at `GET /accounts/<account>/tokens/permission_groups`, and ' +
      'write the policies of a token into its grant.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: cloudflare/cloudflare-typescript faaaf89e, " +
      'on 2026-11-29',
    sources: [
      'cloudflare/cloudflare-typescript faaaf89e: src/resources/accounts/tokens, src/resources/shared.ts',
      'developers.cloudflare.com: Roll token, Token formats, Create via API',
    ],
    unconfirmed: [
      'The words of a refusal (code 1000) are from runs against the path of user tokens.',
      'How exact `last_used_on` is, so it is no evidence here.',
      'How long a new or deleted token takes until it is known everywhere.',
    ],
  },
};
