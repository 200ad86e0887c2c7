import type { ProviderDescriptor } from '../../core/issuer/provider-descriptor.ts';
import { MINUTE } from '../../core/basics/time.ts';

/** Personal access tokens of a Contentful user. Source: contentful.com, "Access tokens". */
export const descriptor: ProviderDescriptor = {
  id: 'contentful',
  title: 'Contentful personal access tokens',
  rotates:
    'Personal access tokens of a user, with which content is managed. Keys of the Content Delivery API are ' +
    'not rotated.',
  // Contentful names no limit.
  slots: { count: 'many', of: ['user'] },
  value: 'issuer',
  found: 'name',
  valueField: 'token',
  // By its last four characters, which the list shows, and by asking with it.
  identifies: true,
  expiry: { settable: true, step: 'second', given: 'duration' },
  // `lastUsedAt` is there, and how exact it is stands nowhere.
  // Contentful names neither delay.
  lags: { allowed: MINUTE },
  // A token that lacks access to the space may be called invalid in the same words as a revoked one.
  check: 'accepted-only',
  concurrency: 1,
  pattern: /CFPAT-[A-Za-z0-9_-]{43}/,
  hosts: ['api.contentful.com', 'api.eu.contentful.com'],
  docs: 'https://www.contentful.com/developers/docs/references/content-management-api/access-tokens/',
  admin: {
    example: {
      url: 'https://api.contentful.com',
      grants: [
        {
          secret: 'shop/contentful',
          user: '7BslKh9TdKGOK41VmLDjFZ',
          token: '<token of that user for Keyturn>',
          space: 'yadj1kx9rmg0',
          scope: 'content_management_read',
          maxDays: 60,
        },
      ],
    },
    leastRights:
      'A personal access token of the very user whose tokens are rotated, with the scope ' +
      'content_management_manage.',
    successor: 'by-hand',
    values: 'issued',
  },
  manualSteps: [
    'Invite a user for each purpose, with a role that may do only what its tokens need: a token may do all ' +
      'that its user may, within its scope.',
    'Log in as that user, and create a token for Keyturn under Account settings, CMA tokens. Replace it ' +
      'before it expires.',
    '`GET /users/me` with that token shows the id of the user.',
    'Name a space that the consumers use. Keyturn asks there whether a token is accepted.',
    'Keyturn does not fit organizations that enforce the authorization of tokens. A person has to ' +
      'authorize each new token there, so Keyturn gives new ones up.',
    'Give content_management_read where content is only read. A token that manages content may create ' +
      'tokens itself.',
    'Organizations in the EU use https://api.eu.contentful.com.',
  ],
  evidence: {
    verified:
      "the vendor's specification, as its library has it: contentful/contentful-management.js 20da190e, on " +
      '2026-11-30; the forms of a user and of a space are in the documentation alone',
    sources: [
      'contentful/contentful-management.js 20da190e: lib/entities/access-token.ts and ' +
        'lib/adapters/REST/endpoints/access-token.ts',
      'contentful.com: Access tokens, Get a space, Errors, Authentication, Personal Access Tokens',
      'contentful/contentful-management.rb: lib/contentful/management/error.rb, the header with the ' +
        'seconds to wait',
      'contentful/contentful-management.js, issue 1057: a token without access to a space is called invalid',
      'HelpCode-ai/anythingmcp v0.23.1, and users: 401 OrganizationAccessGrantRequired to a token that is ' +
        'not authorized for an organization. `GET /users/me` accepts it all the same',
    ],
    unconfirmed: [
      'That a list takes `skip` and `limit`: its answers hold both, and a page that begins elsewhere is ' +
        'none here.',
      'That `redactedValue` is the end of a value. Where it shows fewer than four characters, Keyturn does ' +
        'not say whose a value is.',
      'How exact `lastUsedAt` is, so it is no evidence here; a check may count as a use.',
      'How long a new or revoked token takes until it is known everywhere.',
      'Whether names of tokens have a longest length.',
      'Whether a token may be created by one that is limited in other ways than by its scope.',
    ],
  },
};
