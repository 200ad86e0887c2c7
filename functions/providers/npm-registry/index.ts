import { basic, pathOf, type HttpRequest } from '../request.ts';
import type { Examination } from '../declared/declaration.ts';
import { asBearer, asUser } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { valuesIn } from '../grant-values.ts';
import { nextAddress } from '../declared/paging.ts';
import { descriptor } from './descriptor.ts';
import { Admin, Grant, MadeToken, MintedToken, NextPage, TokenPage, User } from './schema.ts';
import { expiryOf, matchOf } from './value.ts';
import { PASSWORD_VERDICTS, isConfined, tokenVerdicts } from './verdicts.ts';

const TOKENS = '/-/npm/v1/tokens';

export const npmRegistry = declared<Admin, User, Grant>({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  alone: { field: 'user', kind: 'user' },
  apiPath: '/-/npm/v1',
  account: ({ user }) => `-/user/${user}`,
  handlePrefix: 'tokens/',
  id: /[^@]+/,
  as: ({ place }) => asUser(place.user, place.password),
  create: {
    path: () => TOKENS,
    // The marker is not used: Verdaccio keeps no name or description with a token.
    body: ({ place, grant }) => ({
      json: { password: place.password.reveal(), readonly: grant.readonly, cidr_whitelist: grant.cidr },
    }),
    made: MadeToken,
    entry: MintedToken,
    told: 'answer',
    differs: (answer, { grant }) => {
      const made = answer.read(MintedToken);
      if (made && made.readonly !== grant.readonly) return 'another right to write';
      return !made || (made.onlyFrom ?? []).toSorted().join() === grant.cidr.toSorted().join()
        ? undefined
        : 'other networks (cidr)';
    },
  },
  list: { path: () => TOKENS, answer: TokenPage, pages: nextAddress(NextPage) },
  // Verdaccio answers 200 whatever the key, as does much that may stand in between; and 500 for a user who
  // never had a token.
  revoke: {
    method: 'DELETE',
    path: (_at, key) => `${TOKENS}/token/` + pathOf`${key}`,
    done: { status: 200 },
    gone: [404],
    proof: 'list',
    onlyWhereListed: true,
  },
  check: {
    // Takes a good token alone, unlike `/-/whoami`, which answers 200 to everybody.
    path: () => '/-/npm/v1/user',
    headers: asBearer,
    verdicts: ({ place, grant }) => tokenVerdicts(place.user, isConfined(grant)),
  },
  identify: { by: 'list', match: matchOf },
  isConfined: ({ grant }) => isConfined(grant),
  valueTells: expiryOf,
  examine: (_admin, users) =>
    users.map((user): Examination => ({ request: listRequest(user), verdicts: PASSWORD_VERDICTS })),
  adminValues: (_admin, grants) => grants.flatMap((grant) => valuesIn(grant, 'password')),
});

/** The first page of a user's tokens, asked for with its password. */
function listRequest({ user, password }: User): HttpRequest {
  return { method: 'GET', path: TOKENS, headers: { authorization: basic(user, password) } };
}
