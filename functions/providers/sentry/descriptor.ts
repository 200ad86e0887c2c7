import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Client keys of a project, which consumers know as DSNs. Source: docs.sentry.io, "API", "Projects". */
export const descriptor: ProviderDescriptor = {
  id: 'sentry',
  title: 'Sentry client keys (DSN)',
  rotates: 'Client keys of a project, as the DSNs that SDKs take.',
  // Sentry names no limit.
  slots: { count: 'many', of: ['project'] },
  value: 'issuer',
  found: 'name',
  valueField: 'dsn',
  // The list shows DSNs.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // `isActive` of an update.
  disables: true,
  // When a key was last used is told nowhere.
  // Relay, which takes events in, keeps what it knows of a key so long, by its defaults.
  lags: { accepted: MINUTE, refused: 5 * MINUTE },
  // A DSN lets its holder send events and nothing else.
  check: 'none',
  concurrency: 1,
  pattern: /https:\/\/[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]+(?::\d+)?(?:\/[\w.-]+)*\/\d+/,
  hosts: ['sentry.io', 'us.sentry.io', 'de.sentry.io'],
  docs: 'https://docs.sentry.io/api/projects/create-a-new-client-key/',
  admin: {
    example: {
      url: 'https://us.sentry.io',
      token: '<token of an internal integration>',
      grants: [{ secret: 'shop/sentry', organization: 'acme', project: 'shop' }],
    },
    leastRights: 'A token of an internal integration with the permission Project: Admin, which ends keys.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create an internal integration under Settings, Developer Settings. Its token is shown once.',
    'Name the organization and the project by their slugs, or by their ids where slugs may change.',
    'Use the address of the region of your organization, https://us.sentry.io or https://de.sentry.io.',
    'DSNs in web pages and in apps are public: rotate those that servers send with.',
    'Let consumers report events that Sentry rejects: a rejected event is lost, and Keyturn cannot ask ' +
      'whether a DSN is accepted.',
  ],
  evidence: {
    verified:
      "the vendor's specification: getsentry/sentry-api-schema a589a26c, openapi-derefed.json, on 2026-11-29",
    sources: [
      'getsentry/sentry-api-schema a589a26c: openapi-derefed.json',
      'getsentry/sentry 21551a9b: src/sentry/core/endpoints/project_key_details.py. An update that names ' +
        'no browserSdkVersion sets that of the key to a default, so what the key has is sent back.',
      'docs.sentry.io: Paginating Results',
      'Answers of sentry.io to a token that it does not know, as users report them',
    ],
    unconfirmed: [
      'How long a new or deleted key takes until every Relay knows it.',
      'Whether a deleted key can be restored by support.',
    ],
  },
};
