import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** User keys of New Relic. Source: docs.newrelic.com, "New Relic API keys" and "Manage API keys". */
export const descriptor: ProviderDescriptor = {
  id: 'new-relic',
  title: 'New Relic user keys',
  rotates:
    'User keys of one user in one account, over NerdGraph. License keys, browser keys and mobile app ' +
    'tokens are not rotated.',
  // The limit of 1,000 is for each type of license key. None is named for user keys.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // A key says whose it is, and not which of the user's keys. The list could show values: it is not asked to.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // When a key was last used is told nowhere.
  // New Relic names neither delay.
  lags: { allowed: MINUTE },
  check: 'free',
  // NerdGraph takes 25 requests at once for each user.
  concurrency: 2,
  pattern: /NRAK-[A-Z0-9]{20,60}/,
  hosts: ['api.newrelic.com', 'api.eu.newrelic.com'],
  docs: 'https://docs.newrelic.com/docs/apis/nerdgraph/examples/use-nerdgraph-manage-license-keys-user-keys/',
  admin: {
    example: {
      url: 'https://api.newrelic.com',
      grants: [
        {
          secret: 'shop/new-relic',
          account: 1234567,
          user: 1000000001,
          userKey: '<user key of that very user, for Keyturn>',
          keyId: '0123456789ABCDEF0123456789ABCDEF01234567',
        },
      ],
    },
    leastRights:
      'A user key of the very user whose keys are rotated, created in the very account: New Relic shows a ' +
      'new key whole to its own user alone. The user needs the permission to manage its own user keys. ' +
      'Each user key may do all that its user may, and may create and delete keys too.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a user for each purpose, with a role that allows no more than its consumers need.',
    'As that user, create a user key for Keyturn in the account, on the page API keys.',
    'Write its id into keyId: the menu of the key has Copy key ID. Keyturn never deletes the key with ' +
      'that id.',
    'Write the ids of the account and of the user as numbers. The user menu and the user management ' +
      'show them.',
    'Accounts in the EU data center use https://api.eu.newrelic.com.',
    'A user that is deleted, or an account, takes its keys along.',
    'A key that may have leaked may have made others: then look through all keys of its user.',
  ],
  evidence: {
    verified:
      "the vendor's types, which are generated from NerdGraph: newrelic/newrelic-client-go dc87be36, on " +
      '2026-11-29; the words of a refusal are from an answer of NerdGraph that its maintainers recorded',
    sources: [
      'newrelic/newrelic-client-go dc87be36: pkg/apiaccess/types.go and keys.go, pkg/users/types.go',
      'newrelic/newrelic-client-go, pull request 603: the answer to a wrong key',
      'docs.newrelic.com: NerdGraph tutorial: Manage API keys; New Relic API keys; NerdGraph usage limits',
      'newrelic/terraform-provider-newrelic: docs of newrelic_api_access_key, issues 1418, 2519 and 2863',
      'trufflesecurity/trufflehog, pull request 4794: 401 for a wrong or old key, 403 for another region',
    ],
    unconfirmed: [
      'The refusal says "Bad API Key or no API Key provided": so a proxy that takes the header away may ' +
        'get it too.',
      'Whether newer answers to a wrong or deleted key have other words: those are unknown here.',
      'That the search takes `cursor`: it is asked for where an answer names a next page, and not before. ' +
        'Where New Relic refuses it, Keyturn takes the list for none.',
      'That a search by its own user shows the key that asks. A list without it is not taken for one.',
      'Which letters ids of user keys are made of, and how long they are.',
      'How long a new or deleted key takes until it is known everywhere, and how it is shown in lists.',
      'Which role is the least that may manage its own user keys.',
      'Where New Relic refuses to create a key, it says so with status 200: Keyturn tells that as an ' +
        'answer that is not as documented.',
    ],
  },
};
