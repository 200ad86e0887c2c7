import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Service tokens of a LaunchDarkly account. Source: launchdarkly.com, "Access tokens" of the REST API. */
export const descriptor: ProviderDescriptor = {
  id: 'launchdarkly',
  title: 'LaunchDarkly access tokens',
  rotates: 'Service tokens for the REST API of LaunchDarkly. Keys of SDKs are not rotated.',
  // LaunchDarkly names no limit.
  slots: { count: 'many', of: ['account'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  identifies: true,
  expiry: { settable: false, step: 'none' },
  // `lastUsed` is there, and how exact it is stands nowhere.
  // LaunchDarkly names neither delay; this leaves room for its regions.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /api-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
  hosts: ['app.launchdarkly.com', 'app.eu.launchdarkly.com', 'app.launchdarkly.us'],
  docs: 'https://launchdarkly.com/docs/api/access-tokens',
  admin: {
    example: {
      url: 'https://app.launchdarkly.com',
      grants: [
        {
          secret: 'flags/launchdarkly',
          account: '0123456789abcdef01234567',
          token: '<service token for Keyturn>',
          role: 'reader',
          apiVersion: 20240415,
        },
      ],
    },
    leastRights:
      'A service token of that account, with a custom role that may view, create and delete service ' +
      'tokens. Without custom roles it takes the role Admin.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Ask `GET /api/v2/caller-identity` with the token for the id of the account.',
    'Write either role or customRoleIds into the grant: the ids of custom roles, not their keys.',
    'Write the version of the API that the consumers expect into apiVersion. Without it LaunchDarkly ' +
      'would give each new token the newest version.',
    'Tokens with an inline policy are not rotated.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: launchdarkly/api-client-typescript 6eae5d40, on " +
      '2026-11-29; the words of the refusal are from answers that users report',
    sources: [
      'launchdarkly/api-client-typescript 6eae5d40: api.ts',
      'launchdarkly.com: REST API, Access tokens, Create access token',
      'Answers of app.launchdarkly.com without a valid token, as users report them',
    ],
    unconfirmed: [
      'Whether a token of custom roles is listed with a role beside them. Keyturn gives such a token up ' +
        'and says so.',
      'Whether a token may give a new one more than it may do itself.',
      'How exact `lastUsed` is, so it is no evidence here.',
      'How long a new or deleted token takes until it is known everywhere.',
    ],
  },
};
