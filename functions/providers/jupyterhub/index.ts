import * as z from 'zod';
import { pathOf } from '../request.ts';
import { asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, MadeScopes, MadeToken, Self, TokenEntry, TokenList, User } from './schema.ts';

const HUB = 'JupyterHub 5.4.3, asked';
const SELF = '/hub/api/user';
const asToken = asWord('token');

/**
 * Every token may ask about itself, whatever its scopes (apihandlers/users.py, SelfAPIHandler): there the
 * hub's 403 is about the token alone.
 */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 403,
  body: z.strictObject({ status: z.literal(403), message: z.literal('Forbidden') }),
  source: `${HUB} with a deleted, an expired and a made-up token`,
};

function verdictsFor(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: Self.extend({ name: z.literal(user), kind: z.literal('user') }).transform(() => ({})),
      source: `${HUB} with a live token`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Self.transform(() => `The hub takes this token for one of another user than ${user}.`),
      source: `${HUB} with a live token of another user`,
    },
    REFUSED,
  ];
}

const tokensOf = (user: string): string => pathOf`/hub/api/users/${user}/tokens`;

export const jupyterhub = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/hub/api',
  account: ({ user }: z.infer<typeof User>) => pathOf`users/${user}`,
  id: /a\d{1,15}/,
  // The highest id in use and one: after a deletion it is given out again.
  idsReturn: true,
  as: ({ admin }) => asToken(admin.token),
  create: {
    path: ({ place }) => tokensOf(place.user),
    body: ({ name, grant, seconds }) => ({
      json: { note: name, scopes: grant.scopes, expires_in: seconds },
    }),
    made: MadeToken,
    entry: TokenEntry,
    told: 'answer',
    differs: (answer, { grant, place }) => {
      const made = answer.read(MadeScopes);
      const isMissing = (scope: string): boolean =>
        made?.scopes.includes(scope.replace(/!user$/, `!user=${place.user}`)) === false;
      return grant.scopes.some(isMissing) ? 'other scopes' : undefined;
    },
  },
  list: { path: ({ place }) => tokensOf(place.user), answer: TokenList, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => tokensOf(place.user) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asToken,
    verdicts: ({ place }) => verdictsFor(place.user),
  },
  identify: {
    by: 'answer',
    id: Self.transform((self) => self.token_id),
    another: ({ user }) => Self.refine(({ name, kind }) => name !== user || kind !== 'user'),
  },
  examine: ({ token }) => [
    {
      request: { method: 'GET', path: SELF, headers: asToken(token) },
      verdicts: [
        {
          outcome: 'active',
          status: 200,
          body: Self.transform(() => ({})),
          source: `${HUB} with the token of a service`,
        },
        REFUSED,
      ],
    },
  ],
  adminValues: ({ token }) => [token],
});
