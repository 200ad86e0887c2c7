import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Ingest keys of an environment. Source: docs.honeycomb.io, "Key Management", "Authentication". */
export const descriptor: ProviderDescriptor = {
  id: 'honeycomb',
  title: 'Honeycomb ingest keys',
  rotates: 'Ingest keys of an environment. Configuration keys and keys of Honeycomb Classic are not rotated.',
  // Honeycomb names no limit.
  slots: { count: 'many', of: ['team'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // By the id that a value begins with, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // `disabled` of an update.
  disables: true,
  // When a key was last used is told nowhere.
  // Honeycomb names neither delay.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /hc[a-z]ik_[a-z0-9]{58}/,
  hosts: ['api.honeycomb.io', 'api.eu1.honeycomb.io'],
  docs: 'https://docs.honeycomb.io/configure/environments/manage-api-keys/',
  admin: {
    example: {
      url: 'https://api.honeycomb.io',
      team: 'acme',
      keyId: 'hcamk_00000000000000000000000000',
      token: '<secret of the management key with that id>',
      grants: [
        {
          secret: 'shop/honeycomb',
          environment: 'hcaen_00000000000000000000000000',
          createDatasets: true,
        },
      ],
    },
    leastRights: 'A management key of the team with the scope api-keys:write, which a team owner creates.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create the management key in the settings of the team. No API makes one.',
    'Name the environment by its id. `GET /2/teams/<team>/environments` lists the ids.',
    'Let createDatasets be true only where consumers send to datasets that are not there yet.',
    'Teams in the EU use https://api.eu1.honeycomb.io.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: honeycombio/terraform-provider-honeycombio " +
      'bde0d12e, on 2026-11-29',
    sources: [
      'honeycombio/terraform-provider-honeycombio bde0d12e: client/auth.go, client/v2/api_keys.go, ' +
        'client/v2/models.go, and the tests of client/v2, which ask api.honeycomb.io',
      'docs.honeycomb.io: Authentication, Key Management, List Authorizations',
    ],
    unconfirmed: [
      'The words of a refused ingest key are from answers that users report.',
      'Whether a deleted key is refused in the same words as one that never was.',
      'How a disabled key is answered: it is unknown here, and its list says that it is disabled.',
      'Whether a key that comes without its header is answered in the words of an unknown one.',
      'How long a new or deleted key takes until it is known everywhere.',
    ],
  },
};
