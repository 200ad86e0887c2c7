import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import { DAY, SECOND } from '../../core/basics/time.ts';
import type { Headers } from '../declared/calls.ts';
import { asBearer } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import { Admin, STATEMENTS, User, WHO, asAdmin, calledBy, examination, statement } from '../snowflake-api.ts';
import { Done, Self } from '../snowflake-rows.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { SAFE } from './reasons.ts';
import {
  Grant,
  Invalid,
  MadeToken,
  NewEntry,
  NoNetworkPolicy,
  TokenRows,
  markerOf,
  removed,
  tokenName,
} from './schema.ts';
import { addToken, removeToken, setDisabled, showTokens } from './sql.ts';

const USER_PAGE = 'docs.snowflake.com, "CURRENT_USER"';
const path = (): string => STATEMENTS;

/**
 * The headers of a user who brings a programmatic access token. Source: docs.snowflake.com, "Authenticating
 * to the server".
 */
function asToken(value: Secret): Headers {
  return { ...asBearer(value), 'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN' };
}

/** No refusal is listed: the words for a removed token are those for other reasons, too. */
function verdictsFor({ user }: User): readonly Verdict[] {
  return [
    ...whose(Self, (name) => name === user, {
      another: `Snowflake takes this token for one of another user than ${user}.`,
      source: USER_PAGE,
    }),
    {
      outcome: 'unknown',
      status: 401,
      body: NoNetworkPolicy.transform(
        () => `The user ${user} is subject to no network policy, so Snowflake accepts none of its tokens.`,
      ),
      source: 'answers of the SQL API, as users report them; okou-ai/vm0-skills, pull request 178',
    },
    {
      outcome: 'unknown',
      status: 401,
      body: Invalid.transform(
        () =>
          'Snowflake calls this token invalid: it is removed, expired or disabled, or a policy of the ' +
          'account does not let it in.',
      ),
      source: 'snowflakedb/gosnowflake, auth_test.go; users who have no network policy',
    },
  ];
}

export const snowflakePat = declared({
  descriptor,
  admin: Admin,
  place: User,
  grant: Grant,
  apiPath: '/api/v2',
  account: ({ user }: User) => `users/${user}`,
  handlePrefix: 'tokens/',
  // A token of a person may have any name.
  id: /[ -?A-~]{1,255}/,
  // A name is free again once its token was removed.
  idsReturn: true,
  shortest: { life: DAY, why: 'Snowflake counts the life of a token in whole days' },
  scopes: ({ role }: z.infer<typeof Grant>) => [role],
  names: { of: tokenName, back: markerOf },
  called: calledBy(/\b(SHOW|ADD|REMOVE|MODIFY) (?=USER|PROGRAMMATIC)/),
  safe: SAFE,
  as: ({ admin }, { now }) => asAdmin(admin, now),
  create: {
    path,
    body: ({ admin, place, grant, name, seconds }) =>
      statement(
        addToken(place.user, { name, role: grant.role, days: Math.floor((seconds * SECOND) / DAY) }),
        admin.role,
      ),
    made: MadeToken,
    entry: NewEntry,
    told: 'list',
  },
  list: {
    path,
    body: ({ admin, place }) => statement(showTokens(place.user), admin.role),
    answer: TokenRows,
    owner: ({ user }: User) => user,
    pages: onePage,
  },
  revoke: {
    method: 'POST',
    path,
    body: (id, { admin, place }) => statement(removeToken(place.user, id), admin.role),
    done: { status: 200, body: removed },
    // Also where the admin may not do it: the list decides, which it may not read then, either.
    gone: [422],
    proof: 'answer',
  },
  toggle: {
    method: 'POST',
    path,
    body: (wanted, _whole, id, { admin, place }) =>
      statement(setDisabled(place.user, id, wanted === 'disabled'), admin.role),
    entry: { done: { status: 200, body: Done } },
  },
  check: {
    method: 'POST',
    path,
    headers: asToken,
    body: () => statement(WHO),
    verdicts: ({ place }) => verdictsFor(place),
  },
  identify: {
    by: 'nothing',
    another: ({ user }) => Self.refine((name) => name !== user),
    refused: { status: 401, body: Invalid },
  },
  examine: (admin, _grants, { now }) => [examination(admin, now)],
  adminValues: ({ private_key_base64: key }: Admin) => [key],
});
