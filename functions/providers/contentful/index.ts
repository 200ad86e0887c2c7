import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { offset } from '../declared/paging.ts';
import { onlyOne, whose } from '../declared/whose.ts';
import { secondsDialect } from '../dialect.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Before,
  Grant,
  Invalid,
  MadeToken,
  NewEntry,
  NotAuthorized,
  Self,
  TYPE,
  TokenPage,
  Total,
  User,
  revokedOf,
  spaceOf,
} from './schema.ts';

const SELF = '/users/me';
const TOKENS = `${SELF}/access_tokens`;
const REFERENCE = 'contentful.com, Content Management API';
const NAMED = { 'content-type': 'application/vnd.contentful.management.v1+json' };
const PERSONAL = { 'sys.type[in]': TYPE };

export const contentful = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  atOrigin: true,
  account: ({ user }: z.infer<typeof User>) => `users/${user}`,
  id: /[A-Za-z0-9]{1,64}/,
  scopes: ({ scope }: z.infer<typeof Grant>) => [scope],
  // Source: contentful/contentful-management.rb, lib/contentful/management/error.rb.
  dialect: secondsDialect('x-contentful-ratelimit-reset'),
  as: ({ place }) => asBearer(place.token),
  create: {
    path: () => TOKENS,
    headers: NAMED,
    body: ({ name, scopes, seconds }) => ({ json: { name, scopes, expiresIn: seconds } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
    differs: (answer) => (answer.read(NewEntry)?.owner === TYPE ? undefined : 'another type'),
  },
  list: {
    path: () => TOKENS,
    query: PERSONAL,
    answer: TokenPage,
    owner: () => TYPE,
    pages: offset({ parameter: 'skip', size: ['limit', 100], total: Total, before: Before }),
  },
  revoke: {
    method: 'PUT',
    path: (_at, id) => TOKENS + pathOf`/${id}/revoked`,
    done: { status: 200, body: revokedOf },
    gone: [404],
    proof: 'answer',
  },
  // In a space, since a token that its user has not authorized for an organization is accepted everywhere
  // else. No refusal is listed: Contentful has called a token invalid that lacked access to a space.
  check: {
    path: ({ place }) => pathOf`/spaces/${place.space}`,
    headers: asBearer,
    verdicts: ({ place: { space } }) => [
      {
        outcome: 'active',
        status: 200,
        body: spaceOf(space).transform(() => ({})),
        source: `${REFERENCE}, "Get a space"`,
      },
      {
        outcome: 'unknown',
        status: 401,
        body: NotAuthorized.transform(
          () => `This token has not been authorized for the organization of the space ${space}.`,
        ),
        source: 'answers of api.contentful.com to such tokens, as users report them',
      },
    ],
  },
  // By the end of the value.
  identify: {
    by: 'list',
    match: (value, tokens) =>
      onlyOne(
        tokens.filter(
          ({ state, mask }) => state === 'active' && mask !== undefined && value.reveal().endsWith(mask),
        ),
      ),
  },
  examine: (_admin, grants) =>
    grants.map(({ user, token }) => ({
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: [
        ...whose(Self, ({ sys }) => sys.id === user, {
          another: `Contentful takes this token for one of another user than ${user}.`,
          source: `${REFERENCE}, "Get the authenticated user"`,
        }),
        {
          outcome: 'inactive',
          status: 401,
          body: Invalid,
          source: 'contentful.com, "Errors" and "Authentication"',
        },
      ],
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
