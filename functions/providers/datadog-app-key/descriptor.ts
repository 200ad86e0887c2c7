import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Application keys of Datadog service accounts. Source: docs.datadoghq.com, "API and Application Keys". */
export const descriptor: ProviderDescriptor = {
  id: 'datadog-app-key',
  title: 'Datadog application keys',
  rotates:
    'Application keys of service accounts, each limited to scopes. API keys are the issuer datadog. ' +
    'Application keys of people and access tokens are not rotated.',
  // `max_allowed_per_user` in the recordings: another organization may have another limit.
  slots: { count: 1_000, of: ['service-account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'application_key',
  // By its last four characters, which the list shows, where no two keys share them; and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // `last_used_at` is there for some, and how exact it is stands nowhere.
  // New and revoked keys take some seconds to be known everywhere. Datadog names no longest time.
  lags: { allowed: MINUTE },
  // The refusal of a dead key has no documented words, and 403 is as well that of a missing permission.
  check: 'accepted-only',
  concurrency: 1,
  hosts: [
    'api.datadoghq.com',
    'api.us3.datadoghq.com',
    'api.us5.datadoghq.com',
    'api.datadoghq.eu',
    'api.ap1.datadoghq.com',
    'api.ap2.datadoghq.com',
    'api.uk1.datadoghq.com',
    'api.ddog-gov.com',
    'api.us2.ddog-gov.com',
  ],
  docs: 'https://docs.datadoghq.com/account_management/api-app-keys/',
  admin: {
    example: {
      url: 'https://api.datadoghq.com',
      apiKey: '<API key for Keyturn>',
      applicationKey: '<application key of the service account for Keyturn>',
      grants: [
        {
          secret: 'shop/datadog-reader',
          serviceAccount: '3f1a2b3c-4d5e-4f70-8b9c-0d1e2f3a4b5c',
          scopes: ['dashboards_read', 'monitors_read'],
        },
      ],
    },
    leastRights:
      'An API key, and an application key of a service account of its own whose role has the permission ' +
      'service_account_write. Limit the application key to this scope.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service account for each purpose, with a role that may do what its keys need.',
    'Create another service account for Keyturn, and grant no secret that account.',
    'Create an API key for Keyturn alone, so that no rotation concerns it.',
    'Let url be the API address of your Datadog site, such as https://api.datadoghq.eu.',
    'Name in scopes every permission that the consumers need. A key without scopes may do all that its ' +
      'service account may, so Keyturn makes none.',
    'Let one of the scopes be hosts_read, monitors_read, dashboards_read or user_access_read, and let the ' +
      'role of the service account have it. Keyturn reads there whether a key is accepted.',
    'Rotate after a change of scopes: where Keyturn asks with a scope that the current key lacks, it does ' +
      'not know whether that key is good.',
    'A check sends the API key for Keyturn beside the value, since Datadog takes no application key alone. ' +
      'While that API key is refused, Keyturn does not know whether values are good.',
    'Consumers need an API key of the same organization too. Rotate that one with the issuer datadog.',
    'A key that is to be used with App Builder, Actions Connections or Workflow Automation has to be ' +
      'registered for them. Keyturn does not do that.',
    'Where the organization has an IP allowlist, add the addresses of Keyturn.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: DataDog/datadog-api-client-typescript a6d17420, " +
      'on 2026-11-30; the answers to creation, list, deletion and an unknown id: recordings of the vendor',
    sources: [
      'DataDog/datadog-api-client-typescript a6d17420: apis/ServiceAccountsApi.ts, apis/KeyManagementApi.ts',
      'DataDog/datadog-api-client-ruby 9008496b: cassettes/features/v2/service_accounts, recorded in 2022 ' +
        'and 2023',
      'docs.datadoghq.com: API and Application Keys, Service Accounts, IP Allowlist, Rate Limits; the ' +
        'calls of the checks, and Validate API and application keys, which is not called',
      'DataDog/documentation, pull request 30922: service_account_write, and access to the Actions API',
    ],
    unconfirmed: [
      'In which words a dead application key is refused: Datadog names 401 or 403 and no words. An address ' +
        'outside the IP allowlist and a missing permission are refused with 403 too. So no refusal counts.',
      'That keys of two organizations are refused together.',
      'That `last4` is the end of a key: the recordings hide both.',
      'That the list of a service account shows no keys of others.',
      'Whether service_account_write is enough to list and revoke, and to give scopes that the service ' +
        'account for Keyturn lacks.',
      'How exact `last_used_at` is, and whether a check counts as a use: so it is no evidence here.',
      'Whether a person can restore a revoked application key. Of API keys Datadog says so.',
      'That keys are 40 hexadecimal digits. Keyturn takes other ones as well.',
      'How long a new or revoked key takes at most until it is known everywhere.',
    ],
  },
};
