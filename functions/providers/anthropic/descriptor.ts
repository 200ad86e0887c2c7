import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of the Claude API, which only people create. Source: platform.claude.com, "Admin API". */
export const descriptor: ProviderDescriptor = {
  id: 'anthropic',
  title: 'Anthropic API keys',
  rotates:
    'API keys of an Anthropic organization. A person creates each new one in the Console, as Anthropic has ' +
    'no API for that; Keyturn does all the rest. Admin keys are not rotated.',
  // Anthropic names no limit.
  slots: { count: 'many', of: ['organization'] },
  value: 'person',
  found: 'never',
  valueField: 'api_key',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // Anthropic names no time until a new or archived key is known everywhere.
  lags: { allowed: 5 * MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  // Source: gitleaks, config/gitleaks.toml, anthropic-api-key.
  pattern: /\bsk-ant-api03-[a-zA-Z0-9_-]{93}AA\b/,
  longestValue: 108,
  docs: 'https://platform.claude.com/docs/en/api/admin/api_keys/list',
  hosts: ['api.anthropic.com'],
  admin: {
    example: {
      url: 'https://api.anthropic.com',
      token: '<Admin API key for Keyturn>',
      grants: [{ secret: 'shop/anthropic', organization: '12345678-1234-5678-1234-567812345678' }],
    },
    leastRights:
      'An Admin API key of the organization, which an admin creates. It manages members and keys of the ' +
      'whole organization: Anthropic documents no narrower one.',
    successor: 'by-hand',
    values: 'issued',
  },
  byPerson: {
    link: 'https://platform.claude.com/settings/keys',
    steps: [
      'Sign in to the Console as a member of the organization that the grant names.',
      'Open https://platform.claude.com/settings/keys. Create a key in the workspace of the current one.',
      'Choose no expiry, or one that lasts longer than rotateEvery and minGrace of the policy together.',
      'Copy the value and run `keyturn rotate TOKEN --value-stdin`. It asks for the value without ' +
        'showing it.',
    ],
  },
  manualSteps: [
    'Create an Admin API key for Keyturn. Only admins of an organization can create one.',
    'Name the organization by its id, which the settings of the Console show.',
    'Set rotateBeforeExpiry to the time that a person needs: the owner is notified so long before the ' +
      'expiry.',
    'Where the organization or a workspace lets in only some IP addresses, add those of Keyturn.',
    'Keyturn archives an old key, which cannot be undone. It finds the key by the first and last ' +
      'characters that Anthropic lists, and archives none where they fit several.',
  ],
  evidence: {
    sources: [
      'platform.claude.com: List, Get and Update API Keys; Get Current Organization; List Models',
      'platform.claude.com, API overview: the header that names the organization of a key',
      'gitleaks, config/gitleaks.toml: the form of the values',
      'Answers of api.anthropic.com to keys that do not work, as users report them',
    ],
    unconfirmed: [
      'That an archived, inactive or expired key is refused in the same words as one that is not known.',
      'That the header anthropic-organization-id holds the id that Get Current Organization shows.',
      'That a hint is always the start and the end of the value with three dots between them.',
      'To which workspace a submitted key belongs: Keyturn does not check it.',
      'How long an archived key is still accepted.',
    ],
  },
};
