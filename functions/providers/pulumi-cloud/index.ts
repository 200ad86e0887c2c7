import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { SECOND } from '../../core/basics/time.ts';
import type { Headers } from '../declared/calls.ts';
import { IdAlone, UUID, asWord } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, MadeToken, Refused, Self, TokenList, User } from './schema.ts';

const TOKENS = '/api/user/tokens';
const SELF = '/api/user';
const withWord = asWord('token');

/** Source: pulumi.com, "Pulumi Cloud REST API", Authentication and Required headers. */
function asToken(value: Secret): Headers {
  return { ...withWord(value), accept: 'application/vnd.pulumi+8' };
}

function verdictsFor(user: string): readonly Verdict[] {
  return [
    {
      outcome: 'active',
      status: 200,
      body: Self.refine(({ githubLogin }) => githubLogin === user).transform(() => ({})),
      source: 'pulumi.com, "Pulumi Cloud REST API", Get current user',
    },
    {
      outcome: 'unknown',
      status: 200,
      body: Self.transform(() => `Pulumi Cloud takes this token for one of another user than ${user}.`),
      source: 'the same',
    },
    {
      outcome: 'inactive',
      status: 401,
      body: Refused,
      source: 'pulumi/docs, and pulumi/pulumi, pkg/backend/httpstate/client, ErrUnauthorized',
    },
  ];
}

export const pulumiCloud = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/api',
  account: ({ user }: z.infer<typeof User>) => `users/${user}`,
  id: UUID,
  as: ({ place }) => asToken(place.token),
  create: {
    path: () => TOKENS,
    body: ({ name, expiresAt }) => ({
      json: { description: name, expires: Math.floor(expiresAt / SECOND) },
    }),
    made: MadeToken,
    entry: IdAlone,
    told: 'list',
  },
  // All personal tokens of the user, without pages.
  list: { path: () => TOKENS, answer: TokenList, pages: onePage },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => TOKENS + pathOf`/${id}`,
    done: { status: 204 },
    gone: [404],
    proof: 'answer',
  },
  check: { path: () => SELF, headers: asToken, verdicts: ({ place }) => verdictsFor(place.user) },
  identify: {
    by: 'nothing',
    another: ({ user }) => Self.refine(({ githubLogin }) => githubLogin !== user),
  },
  examine: (_admin, grants) =>
    grants.map(({ user, token }) => ({
      request: { method: 'GET', path: SELF, headers: asToken(token) },
      verdicts: verdictsFor(user),
    })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
