import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Admin API keys of an OpenAI organization. Source: platform.openai.com, "Admin API keys". */
export const descriptor: ProviderDescriptor = {
  id: 'openai-admin',
  title: 'OpenAI admin API keys',
  rotates:
    'Admin API keys of an OpenAI organization, for consumers that administer it. Keys for models are not ' +
    'rotated here, and no admin keys of a ChatGPT workspace.',
  // OpenAI names no limit.
  slots: { count: 'many', of: ['organization'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // A list shows the last three characters of a value: too few to tell whose it is.
  identifies: false,
  // `expires_in_seconds`: a year at most, and for ever without it.
  expiry: { settable: true, step: 'second', given: 'duration', maxDays: 365 },
  // `last_used_at` is there, and how exact it is stands nowhere.
  // OpenAI says that a deleted key may be cached, and names no time; nothing is said of new keys.
  lags: { allowed: 5 * MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /sk-admin-[A-Za-z0-9_-]{20,200}/,
  hosts: ['api.openai.com'],
  docs: 'https://platform.openai.com/docs/api-reference/admin-api-keys',
  admin: {
    example: {
      url: 'https://api.openai.com',
      grants: [
        {
          secret: 'platform/openai-admin',
          organization: 'org-abc123',
          adminKey: '<admin API key for Keyturn>',
          keyId: 'key_abc123',
          maxDays: 30,
        },
      ],
    },
    leastRights:
      'An admin API key of the very organization, which an owner creates. It may delete every admin API ' +
      'key of its organization: OpenAI documents no narrower one.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Ask first whether a service account of a project will do: an admin API key administers the whole ' +
      'organization.',
    'Create an admin API key for Keyturn in the settings of the organization. Use it for nothing else.',
    'Write its id into keyId. `GET /v1/organization/admin_api_keys` lists the ids. Keyturn never deletes ' +
      'the key with that id.',
    'The general settings show the id of the organization, which begins with org-.',
    'Every rotated key may create and delete admin API keys too, the one for Keyturn among them. Grant ' +
      'them to few secrets.',
    'A key that may have leaked may have made others: then look through all admin API keys.',
    'Keys belong to the person who created the one for Keyturn. See to it that this person stays an owner.',
    'Where the organization has an IP allowlist, add the addresses of Keyturn.',
  ],
  evidence: {
    verified: "the vendor's specification: openai/openai-openapi f85dbe22, on 2026-11-29",
    sources: [
      'openai/openai-openapi f85dbe22: openapi.json',
      'platform.openai.com: Admin API keys, Error codes, Organizations and projects (the header ' +
        'OpenAI-Organization)',
      'help.openai.com: Error code 401, incorrect API key provided; Managing Admin keys in Admin Console',
      'Answers of api.openai.com to wrong and deleted keys, as users report them: the key that is meant is ' +
        'named by its first eight and last four characters',
      'microsoft/foundry-dev-tools, issue 262; Realiserad/fish-ai, issue 62: the answer to a key of ' +
        'another organization',
      'openai/codex, issue 48237: a fault in 2026 that answered good credentials with the refusal of another',
    ],
    unconfirmed: [
      'That a deleted or expired admin API key is refused in the same words as other keys.',
      'That the administration API looks at OpenAI-Organization. Where it does not, a key of another ' +
        'organization counts as one of this one.',
      'That `redacted_value` is as in the examples, such as `sk-admin...def`. Another form leaves unknown ' +
        'whether the key for Keyturn is the one that keyId names.',
      'Whether lists show keys that have expired.',
      'Whose a new key is, and what becomes of it when its owner leaves.',
      'That keys begin with `sk-admin-`. Keyturn takes other ones as well.',
      'How long a new or deleted key takes until it is known everywhere, and how it is shown in lists.',
      'How long names may be, how many keys there may be, and whether 100 are listed on a page.',
    ],
  },
};
