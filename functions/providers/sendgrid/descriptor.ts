import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/**
 * API keys of a SendGrid account or one of its subusers. Source: twilio.com, "SendGrid API reference, API
 * Keys".
 */
export const descriptor: ProviderDescriptor = {
  id: 'sendgrid',
  title: 'SendGrid API keys',
  rotates: 'API keys of an account, or of a subuser of it.',
  // 100 keys an account, those that others made included. A key neither expires nor is disabled.
  slots: { count: 100, of: ['account'], filledBy: [] },
  value: 'issuer',
  found: 'name',
  valueField: 'api_key',
  // By the id inside the key, and by asking with it.
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // SendGrid: a deleted key fails "after some small propagation delay", which it does not measure.
  lags: { allowed: MINUTE },
  check: 'free',
  concurrency: 1,
  pattern: /SG\.[\w-]{20,24}\.[\w-]{39,50}/,
  hosts: ['api.sendgrid.com', 'api.eu.sendgrid.com'],
  docs: 'https://www.twilio.com/docs/sendgrid/api-reference/api-keys',
  admin: {
    example: {
      url: 'https://api.sendgrid.com',
      token: '<API key for Keyturn>',
      grants: [{ secret: 'mail/sendgrid', subuser: 'newsletter', scopes: ['mail.send'] }],
    },
    leastRights:
      'An API key with the scopes api_keys.create, api_keys.read and api_keys.delete, and the scopes ' +
      'in the grants. It gives no scope that it lacks.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Leave subuser out for keys of the account itself.',
    'Name the scopes that a key needs: SendGrid gives a key without scopes every right, so Keyturn ' +
      'always sends them.',
    'Leave room: an account has 100 API keys at most.',
  ],
  evidence: {
    verified: "the vendor's specification: twilio/sendgrid-oai dbe0e0d2, on 2026-11-29",
    sources: ['twilio/sendgrid-oai dbe0e0d2: spec/json/tsg_api_keys_v3.json, spec/json/tsg_scopes_v3.json'],
    unconfirmed: [
      'That the id of a key is its middle part. Where it is not, no value is identified.',
      'That nothing but scopes about two-factor login and sender verification is added to those that ' +
        'are asked for.',
      'The words of a refusal are from answers that users report.',
    ],
  },
};
