import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Secret API keys of a Supabase project. Source: supabase.com, "API keys", and its Management API. */
export const descriptor: ProviderDescriptor = {
  id: 'supabase',
  title: 'Supabase secret API keys',
  rotates:
    'Secret API keys of a project with the role service_role. Publishable keys, legacy keys and keys of ' +
    'other roles are not rotated.',
  // Supabase names no limit.
  slots: { count: 'many', of: ['project'] },
  value: 'issuer',
  found: 'name',
  valueField: 'secret_key',
  // By the start of the value, which the list shows, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // The dashboard tells when a key was last used, and the API does not.
  // Supabase names neither delay.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /sb_secret_[A-Za-z0-9_-]{31}/,
  hosts: ['api.supabase.com', '*.supabase.co'],
  docs: 'https://supabase.com/docs/reference/api/v1-create-project-api-key',
  admin: {
    example: {
      url: 'https://api.supabase.com',
      token: '<personal access token for Keyturn>',
      grants: [{ secret: 'shop/supabase', project: 'abcdefghijklmnopqrst' }],
    },
    leastRights:
      'A personal access token that is scoped to the projects in the grants, with the permissions API ' +
      'Keys, read-write, and API Key Secrets, read. Its user has to be an administrator there.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create the token under Account, Access Tokens. Choose its projects, its permissions and its expiry.',
    'Replace the token before it expires. No call makes one.',
    'Name each project by its reference, the 20 letters in its address.',
    'Deactivate the legacy keys once nothing uses them: lists show their values without being asked.',
    'A secret key bypasses Row Level Security. Give it to servers alone.',
    'Send the key in the header apikey. Supabase refuses secret keys from what looks like a browser.',
  ],
  evidence: {
    verified:
      "the vendor's specification: supabase/cli 1d1e7191, packages/api/src/generated/openapi.json, on " +
      '2026-11-30; the check of a key is in the documentation and the code of Auth, and the refusal from ' +
      'answers that users report',
    sources: [
      'supabase/cli 1d1e7191: packages/api/src/generated/openapi.json, and the answers of the Management ' +
        'API that are recorded in apps/cli-e2e/fixtures',
      'supabase.com: API keys, Personal Access Tokens, Management API',
      'supabase.com, "Auth error: UNAUTHORIZED_MISSING_API_KEY on admin endpoints". A 404 for a user shows ' +
        'that a secret key is accepted. A key that is listed is active',
      'supabase/auth bc32168e: internal/api/admin.go, internal/api/auth.go and internal/api/errors.go',
      'Answers of projects to keys before and after their deletion, as users report them in 2026',
      'supabase/agent-skills, issue 125: names hold small letters, digits and underscores',
    ],
    unconfirmed: [
      'In which words a personal access token is refused: Keyturn says that it is unknown whether it works.',
      'That a list of keys is whole: Supabase documents no pages for it.',
      'That `prefix` is the start of the value. Where it shows too little, Keyturn does not say whose a ' +
        'value is.',
      'That keys are `sb_secret_` and 31 signs: another one is stored in a field of JSON alone.',
      'That a token needs API Key Secrets to see a new key. Without the value, Keyturn gives the key up.',
      'How long a new or deleted key takes until it is known everywhere. Users tell of projects that ' +
        'refused new secret keys until they were restarted; Keyturn uses no key that is refused.',
    ],
  },
};
