import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * Auth tokens of a Twilio account: a primary one, and a secondary one beside it that takes its place. Source:
 * twilio.com, "REST API: Auth Token" and "REST API: Secondary Auth Token".
 */
export const descriptor: ProviderDescriptor = {
  id: 'twilio-auth-token',
  title: 'Twilio auth tokens',
  rotates: 'The auth token of a main account: a secondary one is made and used, then promoted.',
  slots: { count: 2, of: ['account'] },
  value: 'issuer',
  found: 'reissue',
  valueField: 'auth_token',
  unlisted: true,
  longestValue: 32,
  identifies: true,
  expiry: { settable: false, step: 'none' },
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  hosts: ['api.twilio.com', 'accounts.twilio.com'],
  docs: 'https://www.twilio.com/docs/iam/api/authtoken',
  admin: {
    example: {
      url: 'https://api.twilio.com',
      grants: [
        {
          secret: 'shop/twilio-auth',
          account: 'AC00000000000000000000000000000000',
          user: 'SK00000000000000000000000000000000',
          token: '<secret of the main API key with that SID>',
        },
      ],
    },
    leastRights:
      'A main API key of the very account, which the console alone makes: it may do what the auth token may.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Prefer API keys where Twilio accepts them (`keyturn issuer show twilio`): each ends by itself.',
    'Store the primary auth token of the account in the secret. Keyturn makes nothing before it is there.',
    'Leave the secondary auth token to Keyturn. Twilio shows nobody whether there is one, so one that a ' +
      'person makes may be replaced by the next rotation.',
    'Twilio signs its webhooks with the primary auth token (X-Twilio-Signature). Let what verifies them ' +
      'try the current value and the one before: the signature changes when the old one ends, not before.',
    'Auth tokens of subaccounts are not rotated: a key of the main account would end those of the main ' +
      'account instead.',
    'Twilio sends an e-mail to the owners of the account about each change.',
    'Keyturn makes and ends auth tokens at accounts.twilio.com. Where you list allowed hosts, list both.',
  ],
  evidence: {
    verified:
      "the vendor's specification: twilio/twilio-oai d50069b4, spec/json/twilio_accounts_v1.json and " +
      'twilio_api_v2010.json, on 2026-12-01; the words of a refusal are in documentation alone',
    sources: [
      'twilio/twilio-oai d50069b4: spec/json/twilio_accounts_v1.json, spec/json/twilio_api_v2010.json',
      'twilio.com: REST API: Auth Token, REST API: Secondary Auth Token, API keys overview, Error 20003',
      'twilio.com: REST API: Auth Token, the answer 20404 to a promotion without a secondary token',
    ],
    unconfirmed: [
      'Whether an account shows its primary auth token to a main API key. Where it does not, Keyturn makes ' +
        'and ends nothing.',
      'What Twilio answers to the creation of a secondary token where there is one: it may refuse it, or ' +
        'replace the one that is there. Keyturn makes none beside one that it knows.',
      'Whether a refused auth token is one that ended: Twilio says `Authenticate` of suspended accounts ' +
        'too. Keyturn calls it inactive where the account is active and names another primary token.',
      'How long a new or ended auth token takes until it is known everywhere. Twilio names a minute for ' +
        'its own Functions.',
    ],
  },
};
