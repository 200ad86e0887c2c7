import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Personal access tokens of a user. Source: pulumi.com, "Pulumi Cloud REST API", Access Tokens. */
export const descriptor: ProviderDescriptor = {
  id: 'pulumi-cloud',
  title: 'Pulumi Cloud personal access tokens',
  rotates:
    'Personal access tokens of a user. Tokens of organizations and teams are not rotated: their names ' +
    'are never free again.',
  // Pulumi names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // A token says whose it is, and not which one it is.
  identifies: false,
  // `expires` is a time at most two years ahead.
  expiry: { settable: true, step: 'second', maxDays: 730 },
  // `lastUsed` is there, and how exact it is stands nowhere.
  // A deleted token is refused at once, says the vendor; no longest time is given.
  lags: { allowed: MINUTE },
  check: 'counts-as-use',
  concurrency: 1,
  pattern: /pul-[0-9a-f]{40}/,
  hosts: ['api.pulumi.com'],
  docs: 'https://www.pulumi.com/docs/reference/cloud-rest-api/access-tokens/',
  admin: {
    example: {
      url: 'https://api.pulumi.com',
      grants: [
        {
          secret: 'infra/pulumi',
          user: 'acme-deployer',
          token: '<personal access token of that user, for Keyturn>',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A personal access token of the very user whose tokens are rotated: no other token makes them. A ' +
      'user for machines alone, in no more teams than the token is for.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Create a user for each purpose, and write its name as `pulumi whoami` shows it.',
    'A token may do all that its user may: Keyturn asks for no scopes.',
    'The token in the admin secret is one of the same user, so it stands in the same list.',
  ],
  evidence: {
    verified:
      "the vendor's specification, in a copy of it: api-evangelist/pulumi ae4a575b, on 2026-11-29; the " +
      'answer about a token is in the documentation alone',
    sources: [
      'api-evangelist/pulumi ae4a575b: openapi/_original/pulumi-openapi.json',
      'pulumi.com: Pulumi Cloud REST API, Access Tokens',
      'pulumi/pulumi: pkg/backend/httpstate/client, the words of a refusal',
    ],
    unconfirmed: [
      'A request without a token is refused in the same words, so a proxy that takes the header away ' +
        'makes a token look refused. A deletion is proven by its own answer or by the list as well.',
      'That the list is whole: the specification has no pages.',
      'How exact `lastUsed` is, so it is no evidence here; a check may count as a use.',
      'Whether an organization can set a longest life for personal tokens.',
      'How long a new token takes until it is known everywhere.',
    ],
  },
};
