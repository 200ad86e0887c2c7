import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of OpenAI service accounts. Source: platform.openai.com, "Project service accounts". */
export const descriptor: ProviderDescriptor = {
  id: 'openai',
  title: 'OpenAI service account keys',
  rotates:
    'API keys of OpenAI projects: each is a service account of its own with one key. ' +
    'Keys of users are not rotated; admin API keys are another issuer, `openai-admin`.',
  // OpenAI names no limit.
  slots: { count: 'many', of: ['project'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // The list of service accounts shows nothing of their keys.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // Service accounts are listed without a last use.
  // OpenAI says that a deleted key may be cached, and names no time; nothing is said of new keys.
  lags: { allowed: 5 * MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /sk-svcacct-[A-Za-z0-9_-]{20,200}/,
  hosts: ['api.openai.com'],
  docs: 'https://platform.openai.com/docs/api-reference/project-service-accounts',
  admin: {
    example: {
      url: 'https://api.openai.com',
      token: '<admin API key for Keyturn>',
      grants: [{ secret: 'shop/openai', project: 'proj_abc123' }],
    },
    leastRights:
      'An admin API key of the organization, which an owner creates. It manages all projects of the ' +
      'organization: OpenAI documents no narrower one.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create an admin API key for Keyturn in the settings of the organization.',
    'Make a project for each purpose: a key may do what its project lets members do, and no less.',
    'Name the project by its id. Service accounts cannot be added to the default project.',
    'A rotation creates a service account and deletes the old one. Give no other key and no role to these.',
    'Limits and usage that you keep for one service account do not go over to the next one.',
    'Where the organization has an IP allowlist, add the addresses of Keyturn.',
    'Where a policy of the organization demands an expiry for keys, creations are refused.',
  ],
  evidence: {
    verified: "the vendor's specification: openai/openai-openapi f85dbe22, on 2026-11-29",
    sources: [
      'openai/openai-openapi f85dbe22: openapi.json',
      'platform.openai.com: Error codes, Project service accounts, Admin API keys',
      'help.openai.com: Managing projects in the API platform; Error code 401, incorrect API key provided',
      'Answers of api.openai.com to wrong and deleted keys, as users report them: the key that is meant is ' +
        'named by its first eight and last four characters',
      'openai/codex, issue 48237: a fault in 2026 that answered good credentials with the refusal of another',
    ],
    unconfirmed: [
      'That the key of a deleted service account is refused in the same words as a deleted key.',
      'That the check needs no more than a member of a project has: one that may not ask is unknown.',
      'That keys begin with `sk-svcacct-`. Keyturn takes other ones as well.',
      'How long a new or deleted key takes until it is known everywhere, and how it is shown in lists.',
      'How long names may be, and how many service accounts a project may have.',
      '`expires_in_seconds` of a creation is newer than the specification here, so Keyturn does not send it.',
      'Neither an answer to the check nor the list says to which project a key belongs.',
    ],
  },
};
