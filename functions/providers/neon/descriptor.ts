import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { SECOND } from '../../core/basics/time.ts';

/** API keys of a Neon organization. Source: neon.com, "Manage API keys". */
export const descriptor: ProviderDescriptor = {
  id: 'neon',
  title: 'Neon API keys',
  rotates: 'API keys of a Neon organization, for all of its projects or for one.',
  // Neon advises to stay under 10,000 keys and sets no limit.
  slots: { count: 'many', of: ['organization'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // A key says which organization it is of, and not which of its keys.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // `last_used_at` is there, and how exact it is stands nowhere.
  // Neon says that a revocation is immediate, and names no time; nothing is said of new keys.
  lags: { allowed: 10 * SECOND },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /napi_[a-z0-9]{40,80}/,
  hosts: ['console.neon.tech'],
  docs: 'https://neon.com/docs/manage/api-keys',
  admin: {
    example: {
      url: 'https://console.neon.tech',
      token: '<personal API key for Keyturn>',
      grants: [
        { secret: 'shop/neon', organization: 'org-quiet-river-12345678', project: 'calm-sea-87654321' },
      ],
    },
    leastRights:
      'A personal API key of a user who is an admin of the organizations in the grants, and of no other: ' +
      'admins alone manage the keys of an organization.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a user for Keyturn, make it an admin of the organization, and create a personal API key as ' +
      'that user.',
    'Name a project wherever one is enough. A key without one is an admin of the whole organization.',
    'The settings of the organization show its id, and those of a project the id of the project.',
    'Personal API keys are not rotated: they stand for a person.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: @neondatabase/api-client 2.7.3, on 2026-11-29; " +
      'the check of a key is in the documentation alone, and the refusal from answers that users report',
    sources: [
      '@neondatabase/api-client 2.7.3: dist/api.gen.d.ts',
      'neon.com: Manage API keys, Manage organizations using the Neon API, Retrieve request ' +
        'authentication details',
      'neondatabase/mcp-server-neon: whose key it is, by `account_id`',
      'Answers of console.neon.tech to a wrong or revoked key, as users report them',
    ],
    unconfirmed: [
      'That `GET /auth` names the organization for a key of one project as well. Where it does not, ' +
        'Keyturn gives each new key up and says so.',
      'That a list of keys is whole: Neon documents no pages for it.',
      'That keys begin with `napi_`, and how long they are: another one is stored in a field of JSON alone.',
      'How exact `last_used_at` is, so it is no evidence here.',
    ],
  },
};
