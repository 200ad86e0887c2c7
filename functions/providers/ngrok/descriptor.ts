import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** API keys of an ngrok service user. Source: ngrok.com, API reference, "API Keys" and "Service Users". */
export const descriptor: ProviderDescriptor = {
  id: 'ngrok',
  title: 'ngrok API keys',
  rotates: 'API keys of an ngrok service user. Authtokens of agents are not rotated.',
  // ngrok names no limit.
  slots: { count: 'many', of: ['account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // A key says neither whose it is nor which one it is.
  identifies: false,
  expiry: { settable: false, step: 'none' },
  // When a key was last used is told nowhere.
  // ngrok names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  hosts: ['api.ngrok.com'],
  docs: 'https://ngrok.com/docs/api-reference/apikeys/create',
  admin: {
    example: {
      url: 'https://api.ngrok.com',
      token: '<API key for Keyturn>',
      grants: [{ secret: 'edge/ngrok', owner: 'service_a1B2c3D4e5F6g7H8i9J0k1L2m3N' }],
    },
    leastRights:
      'An API key of an admin of the account: admins alone make keys for service users. ngrok names no ' +
      'smaller right.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a service user for each purpose, with the roles that its keys need: a key has no rights of ' +
      'its own.',
    'Its role has to let it read service users: Keyturn asks with a key for the service user that it is of.',
    'Write the id of the service user into owner. Older ones begin with bot_.',
    'Keyturn writes its name for a key into the description.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: ngrok/ngrok-api-go aed5dfce, on 2026-11-29; " +
      'the check of a key is in the library and the documentation, outside of what was checked',
    sources: [
      'ngrok/ngrok-api-go aed5dfce: datatypes.go, api_keys/client.go, service_users/client.go and error.go',
      'ngrok.com: API reference, Service Users; ERR_NGROK_202, ERR_NGROK_203, ERR_NGROK_218',
      'ngrok/ngrok-operator, pull request 524: the status of a refusal',
    ],
    unconfirmed: [
      'Which role lets a service user read itself. Where it may not, a key is unknown, and Keyturn gives ' +
        'each new one up.',
      'Whether older service users, whose id begins with bot_, are found among service users.',
      'How long a new or deleted key takes until it is known everywhere.',
      'What sets keys apart from other texts: they have no mark of ngrok.',
    ],
  },
};
