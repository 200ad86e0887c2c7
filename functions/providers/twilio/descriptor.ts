import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Standard API keys of a Twilio account or subaccount. Source: twilio.com, "REST API: API keys". */
export const descriptor: ProviderDescriptor = {
  id: 'twilio',
  title: 'Twilio API keys',
  rotates: 'Standard API keys of an account or a subaccount.',
  // Twilio names no limit.
  slots: { count: 'many', of: ['account'] },
  value: 'issuer',
  found: 'name',
  // Both parts, as `curl --user` takes them: the one is of no use without the other.
  valueField: 'api_key',
  // By the SID, which is its first part, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // When a key was last used is told nowhere.
  // Twilio names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /SK[0-9a-fA-F]{32}:[A-Za-z0-9]{32}/,
  hosts: ['api.twilio.com'],
  docs: 'https://www.twilio.com/docs/iam/api-keys/keys-in-console',
  admin: {
    example: {
      url: 'https://api.twilio.com',
      user: 'SK00000000000000000000000000000000',
      token: '<secret of the main API key with that SID>',
      grants: [{ secret: 'shop/twilio', account: 'AC00000000000000000000000000000000' }],
    },
    leastRights:
      'A main API key, which the console alone makes: a standard or restricted key may not manage keys.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Store a key as its SID, a colon and its secret. Consumers send the text before the colon as the ' +
      'user and the text after it as the password.',
    'Report a leaked key to Keyturn in this form too: the secret alone is not known to be one of its values.',
    'Create a subaccount for each purpose where you can: a standard key may do nearly all that its ' +
      'account may.',
    'Restricted keys are not rotated: a key that Keyturn makes is a standard one.',
  ],
  evidence: {
    verified:
      "the vendor's specification: twilio/twilio-oai d50069b4, spec/json/twilio_api_v2010.json, on " +
      '2026-11-29; the check of a key is in the documentation alone',
    sources: [
      'twilio/twilio-oai d50069b4: spec/json/twilio_api_v2010.json',
      'twilio.com: API keys overview, Error 20003',
      'Answers of api.twilio.com to a user that it does not know, as users report them',
    ],
    unconfirmed: [
      'In which words a deleted key is refused. Keyturn calls a key inactive where Twilio says that it ' +
        'does not know its user, and unknown where Twilio says no more than Authenticate, as it does for ' +
        'much else.',
      'How long a new or deleted key takes until it is known everywhere.',
      'How long secrets are, so another length is stored in a field of JSON alone.',
    ],
  },
};
