import type * as z from 'zod';
import { asUser, asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { pageNumber } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, Invalid, MadeToken, NewEntry, OutOfScope, Self, TokenList, User } from './schema.ts';

const GITEA = 'Gitea 1.26.0, asked';
const SELF = '/api/v1/user';

const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Invalid,
  source: `${GITEA} with a deleted and a made-up token, and with a wrong password`,
};

/** Not listed, so unknown: a user who may not sign in, and whatever stands before Gitea. */
function verdictsFor(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: Self.refine(({ login }) => login === user).transform(() => ({})),
      source: `${GITEA} with a live token`,
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Self.transform(() => `Gitea takes this token for one of another user than ${user}.`),
      source: `${GITEA} with a live token of another user`,
    },
    {
      // The scopes of a token are looked at after the token was found.
      outcome: 'active',
      status: 403,
      body: OutOfScope.transform(() => ({})),
      source: `${GITEA} with a live token that lacks read:user`,
    },
    REFUSED,
  ];
}

const tokensOf = (user: string): string => pathOf`/api/v1/users/${user}/tokens`;

export const gitea = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/api/v1',
  account: ({ user }: z.infer<typeof User>) => pathOf`users/${user}`,
  id: /[1-9]\d{0,15}/,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  as: ({ place }) => asUser(place.user, place.password),
  create: {
    path: ({ place }) => tokensOf(place.user),
    body: ({ name, grant }) => ({ json: { name, scopes: grant.scopes } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'list',
  },
  list: {
    path: ({ place }) => tokensOf(place.user),
    answer: TokenList,
    pages: pageNumber({ parameter: 'page', size: ['limit', 50] }),
  },
  revoke: {
    method: 'DELETE',
    path: ({ place }, id) => tokensOf(place.user) + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asWord('token'),
    verdicts: ({ place }) => verdictsFor(place.user),
  },
  identify: {
    by: 'list',
    match: (value, tokens) => {
      const [first, ...more] = tokens.filter(({ mask }) => mask === value.reveal().slice(-8));
      return more.length === 0 ? first : undefined;
    },
  },
  examine: (_admin, grants) =>
    grants.map(({ user, password }) => ({
      request: { method: 'GET', path: SELF, headers: asUser(user, password) },
      verdicts: verdictsFor(user),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'password')),
});
