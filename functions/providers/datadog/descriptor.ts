import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of a Datadog organization. Source: docs.datadoghq.com, "API and Application Keys". */
export const descriptor: ProviderDescriptor = {
  id: 'datadog',
  title: 'Datadog API keys',
  rotates:
    'API keys of a Datadog organization. Application keys, client tokens and access tokens are not rotated.',
  // The limit that each organization begins with; Datadog raises it on request.
  slots: { count: 50, of: ['organization'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // Lists show the last four characters, which two keys may share.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // `date_last_used` is there, and how exact it is stands nowhere.
  // Datadog says that new and revoked keys take a while to be known everywhere, and names no longest time.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
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
      grants: [
        {
          secret: 'shop/datadog',
          organization: 'acme',
          apiKey: '<API key for Keyturn>',
          applicationKey: '<application key of the service account for Keyturn>',
          remoteConfiguration: false,
        },
      ],
    },
    leastRights:
      'An API key, and an application key of a service account whose role has the permissions ' +
      'api_keys_read, api_keys_write and api_keys_delete alone. Limit the application key to these scopes.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a role with these three permissions, a service account with that role, and its application key.',
    'Create an API key for Keyturn alone, so that no rotation concerns it.',
    'Let url be the API address of your Datadog site, such as https://api.datadoghq.eu.',
    'Name each organization with a word of your own in organization: Datadog does not tell it here.',
    'Write the keys of another organization under another word.',
    'Let remoteConfiguration be true only where Agents with the key read Remote Configuration.',
    'Where the organization has an IP allowlist, add the addresses of Keyturn: it manages keys from there.',
    'A person can restore a revoked key for 7 days, under Organization Settings. Leave a leaked one revoked.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: DataDog/datadog-api-client-typescript a6d17420, " +
      'on 2026-11-29; the answers to creation, list, deletion and an unknown id: recordings of the vendor',
    sources: [
      'DataDog/datadog-api-client-typescript a6d17420: apis/KeyManagementApi.ts, and the v1 specification',
      'DataDog/datadog-api-client-ruby: cassettes/features/v2/key_management, recorded in 2020 and 2025; ' +
        'examples/generated/v2/key-management/ListApiKeys.rb, in which pages begin with 0',
      'docs.datadoghq.com: API and Application Keys, Validate API key, Get all API keys, IP Allowlist, ' +
        'Rate Limits',
      'DataDog/documentation, pull requests 30064 and 38481: keys take a while; a revoked one can return',
      'DataDog/terraform-provider-datadog, pull request 4072: what is left of a revoked key, and the limit',
      'Answers of api.datadoghq.com to wrong keys, as users report them: 403 with "Forbidden"',
    ],
    unconfirmed: [
      'That a revoked key is refused in the same words as one that never was.',
      'That the check is outside the IP allowlist. Datadog says so of everything that uses an API key alone.',
      'Which organization a key is of: `/api/v2/validate` alone tells. It is in preview, so it is not asked.',
      'How exact `date_last_used` is, and whether a check counts as a use: so it is no evidence here.',
      'That keys are 32 hexadecimal digits. Keyturn takes other ones as well.',
      'How long a new or revoked key takes until it is known everywhere.',
      'What a second deletion answers: the list tells then.',
    ],
  },
};
