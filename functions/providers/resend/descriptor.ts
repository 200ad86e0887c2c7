import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of a Resend team. Source: resend.com, "API Reference, API Keys". */
export const descriptor: ProviderDescriptor = {
  id: 'resend',
  title: 'Resend API keys',
  rotates: 'API keys of a team, for sending alone or with full access.',
  // Resend names no limit.
  slots: { count: 'many', of: ['team'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // Neither the list nor an answer says which key a value is.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // `last_used_at` is there, and how exact it is stands nowhere.
  // Resend names neither delay.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  // All keys of a team share a few requests a second.
  concurrency: 1,
  pattern: /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/,
  hosts: ['api.resend.com'],
  docs: 'https://resend.com/docs/api-reference/api-keys/create-api-key',
  admin: {
    example: {
      url: 'https://api.resend.com',
      grants: [
        {
          secret: 'mail/resend',
          team: 'acme',
          token: '<API key for Keyturn, with full access>',
          permission: 'sending_access',
          domain: '01234567-89ab-4cde-8f01-23456789abcd',
        },
      ],
    },
    leastRights: 'An API key of the team with full access: Resend lets no other key manage keys.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Name each team with a word of your own in team: Resend does not tell to which team a key belongs.',
    'Write a key of another team under another word: what was made stays recorded under the first one.',
    'Give sending_access where emails are only sent, and the id of the domain where it is one domain.',
    'A key with full access may create and delete keys itself. Keyturn gives it only where a grant says ' +
      'full_access.',
  ],
  evidence: {
    verified:
      "the vendor's specification: resend/resend-openapi fd6f395f, on 2026-11-29; refusals are in the " +
      'documentation alone',
    sources: [
      'resend/resend-openapi fd6f395f: resend.yaml',
      'resend.com: Errors, Create API key, Rate limit',
      'yc-software/qm, issue 353: the answer of api.resend.com to a key that may send alone',
    ],
    unconfirmed: [
      'Neither an answer nor the list shows the permission and the domain of a key, so Keyturn cannot ' +
        'see whether they are as it asked.',
      'How exact `last_used_at` is, so it is no evidence here; a check may count as a use.',
      'In which words a suspended key is refused: it is unknown here.',
      'How long a new or deleted key takes until it is known everywhere.',
      'How long keys are, so another length is stored in a field of JSON alone.',
    ],
  },
};
