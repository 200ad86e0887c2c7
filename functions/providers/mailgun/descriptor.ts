import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of a Mailgun account. Source: documentation.mailgun.com, "Keys", "API Key Management". */
export const descriptor: ProviderDescriptor = {
  id: 'mailgun',
  title: 'Mailgun API keys',
  rotates:
    'API keys of a Mailgun account with the role basic or developer. Sending keys of domains are not ' +
    'rotated: nothing but sending an email tells whether one is accepted. Neither are keys for ' +
    'browsers (web).',
  // How many keys there may be depends on the plan.
  slots: { count: 'unknown', of: ['account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // By the id, which is the end of a value, and by asking with it.
  identifies: true,
  // `expiration`; a key has no end without it.
  expiry: { settable: true, step: 'second', given: 'duration' },
  // When a key was last used is told nowhere.
  // Mailgun names neither delay.
  lags: { allowed: MINUTE },
  // A wrong key and an address outside the IP allowlist are refused in the same words.
  check: 'accepted-only',
  concurrency: 1,
  pattern: /\b[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b/,
  hosts: ['api.mailgun.net', 'api.eu.mailgun.net'],
  docs: 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/keys',
  admin: {
    example: {
      url: 'https://api.mailgun.net',
      grants: [
        {
          secret: 'shop/mailgun',
          account: 'acme',
          token: '<API key with the role admin, for Keyturn>',
          role: 'developer',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'An API key with the role admin in the account of the grant: no other role makes, lists and ' +
      'deletes keys.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Choose a word for the account. Mailgun names none, and the admin key reaches its own account alone.',
    'Roles of keys need a plan that has them, such as Foundation or Scale.',
    'Keyturn makes no key with the role admin: a consumer could make further keys with it.',
    'Accounts in the EU use https://api.eu.mailgun.net.',
    'Where the account has an IP allowlist, add the addresses of Keyturn before its first rotation. From ' +
      'another address nothing can be listed, made or revoked.',
    'Mailgun sends an email to the owner of the account for each new key.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: mailgun/mailgun.js 2fa8ffff, on 2026-11-29; the " +
      'field of the value and the form of times are from mailgun/mailgun-go d7f2dd43',
    sources: [
      'mailgun/mailgun.js 2fa8ffff: lib/Types/APIKeys/APIKeys.ts',
      'mailgun/mailgun-go d7f2dd43: api_keys.go, which sends a form, mtypes/api_keys.go and ' +
        'mtypes/iso8601.go',
      'mailgun/mailgun-python 4cf0a676: tests/integration/test_integration_sync.py, the words of a ' +
        'creation and of a deletion',
      'documentation.mailgun.com: Create Mailgun API key, List Mailgun API keys, API Key Management',
      'help.mailgun.com: API Key Roles, IP Allowlist',
      'trufflesecurity/trufflehog, pkg/analyzer/analyzers/mailgun: the id of a key is the end of it',
      'mailgun/mailgun.js, issues 207 and 393; anymail/django-anymail, issue 237: a wrong key is refused ' +
        '401, Forbidden. help.mailgun.com, IP Allowlist, has the same words for an address.',
      'swift-mailgun-live, Keys Tests.swift, which asks Mailgun: an email for each new key',
    ],
    unconfirmed: [
      'A deletion seconds after the creation may fail with 400, as tests of the vendor note.',
      'That a list is whole: Mailgun documents no pages for it, and the count that it states is held ' +
        'against it.',
      'How long a new or deleted key takes until it is known everywhere.',
      'Whether names of keys have a longest length.',
    ],
  },
};
