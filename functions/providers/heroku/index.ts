import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { UUID, asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { rangeHeader } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { valuesIn } from '../grant-values.ts';
import { pathOf } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import {
  Admin,
  AuthorizationList,
  Deleted,
  Grant,
  Invalid,
  MadeAuthorization,
  MadeEnd,
  NewEntry,
  Self,
  User,
} from './schema.ts';

const AUTHORIZATIONS = '/oauth/authorizations';
const SELF = '/account';
const SCHEMA = 'heroku/heroku-go, v6/schema.json';

const asToken = (token: Secret) => ({
  ...asBearer(token),
  accept: 'application/vnd.heroku+json; version=3',
});

/** Not listed, so unknown: `forbidden` (403), as for a scope that is missing or an account on hold. */
const REFUSED: Verdict = {
  outcome: 'inactive',
  status: 401,
  body: Invalid,
  source: 'answers of api.heroku.com to a wrong or revoked token, as users report them',
};

const whoIs = (user: string) =>
  whose(Self, ({ id }) => id === user, {
    another: `Heroku takes this token for one of another account than ${user}.`,
    source: `${SCHEMA}, account`,
  });

const listed = (status: number): Verdict => ({
  outcome: 'active',
  status,
  body: AuthorizationList.transform(() => ({})),
  source: `${SCHEMA}, oauth-authorization`,
});

export const heroku = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  atOrigin: true,
  account: ({ user }: z.infer<typeof User>) => `users/${user}`,
  handlePrefix: 'authorizations/',
  id: UUID,
  scopes: ({ scopes }: z.infer<typeof Grant>) => scopes,
  as: ({ place }) => asToken(place.token),
  create: {
    path: () => AUTHORIZATIONS,
    body: ({ name, scopes }) => ({ json: { description: name, scope: scopes, expires_in: null } }),
    made: MadeAuthorization,
    entry: NewEntry,
    told: 'answer',
    differs: (answer) => (answer.read(MadeEnd) === null ? undefined : 'another end'),
  },
  list: {
    path: () => AUTHORIZATIONS,
    answer: AuthorizationList,
    pages: rangeHeader('id ..; max=1000'),
  },
  revoke: {
    method: 'DELETE',
    path: (_at, id) => AUTHORIZATIONS + pathOf`/${id}`,
    done: { status: 200, body: Deleted },
    gone: [404],
    proof: 'answer',
  },
  check: {
    path: () => SELF,
    headers: asToken,
    verdicts: ({ place: { user } }) => [...whoIs(user), REFUSED],
  },
  identify: { by: 'value' },
  // Whose it is, and whether it may see the authorizations, which needs the scope global.
  examine: (_admin, grants) =>
    grants.flatMap(({ user, token }) => [
      {
        request: { method: 'GET', path: SELF, headers: asToken(token) },
        verdicts: [...whoIs(user), REFUSED],
      },
      {
        request: {
          method: 'GET',
          path: AUTHORIZATIONS,
          headers: { ...asToken(token), range: 'id ..; max=1' },
        },
        verdicts: [listed(200), listed(206)],
      },
    ]),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'token')),
});
