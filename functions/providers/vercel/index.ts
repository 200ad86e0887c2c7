import type * as z from 'zod';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { cursor } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { epochDialect } from '../dialect.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  Deleted,
  Grant,
  Invalid,
  MadeToken,
  NewEntry,
  Next,
  Self,
  TokenPage,
  User,
} from './schema.ts';

const SELF = '/v2/user';
const WHO = 'vercel/sdk, src/models/getauthuserop.ts';

/**
 * Not listed, so unknown: `forbidden` without `invalidToken`, as for a single sign-on that has to be renewed
 * and for a token of a project.
 */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 403,
  body: Invalid,
  source: 'answers of api.vercel.com to an expired or revoked token, as users report them',
};

const whoIs = (user: string) =>
  whose(Self, ({ id }) => id === user, {
    another: `Vercel takes this token for one of another user than ${user}.`,
    source: WHO,
  });

export const vercel = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  account: ({ user }: z.infer<typeof User>) => pathOf`users/${user}`,
  // `current` stands for the token that asks: it would end the admin's own.
  id: /(?!current$)[\w-]{1,128}/,
  scopes: ({ team }: z.infer<typeof Grant>) => [team],
  // Source: vercel.com, "REST API", rate limits: seconds since 1970.
  dialect: epochDialect('x-ratelimit-reset'),
  as: ({ place }) => asBearer(place.token),
  create: {
    path: () => '/v3/user/tokens',
    query: ({ grant }) => ({ teamId: grant.team }),
    body: ({ name, expiresAt }) => ({ json: { name, expiresAt } }),
    made: MadeToken,
    entry: NewEntry,
    told: 'answer',
  },
  // Source: vercel/vercel, packages/cli/src/commands/tokens/ls.ts.
  list: {
    path: () => '/v6/user/tokens',
    answer: TokenPage,
    pages: cursor('until', Next),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => pathOf`/v3/user/tokens/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asBearer,
    verdicts: ({ place: { user } }) => [...whoIs(user), REFUSED],
  },
  identify: { by: 'nothing', another: ({ user }) => Self.refine(({ id }) => id !== user) },
  examine: (_admin, grants) =>
    grants.map(({ user, token }) => ({
      request: { method: 'GET', path: SELF, headers: asBearer(token) },
      verdicts: [
        {
          outcome: 'unknown',
          status: 200,
          body: Self.refine(({ limited }) => limited === true).transform(
            () => 'Vercel takes this token for one that is limited: such a token may not create others.',
          ),
          source: WHO,
        },
        ...whoIs(user),
        REFUSED,
      ],
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
