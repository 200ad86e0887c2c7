import type * as z from 'zod';
import { DAY, SECOND } from '../../core/basics/time.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { whose } from '../declared/whose.ts';
import type { HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { descriptor } from './descriptor.ts';
import { asKeyPair, asToken } from './key.ts';
import { SAFE } from './reasons.ts';
import {
  Admin,
  Done,
  Grant,
  Invalid,
  MadeToken,
  NewEntry,
  NoNetworkPolicy,
  Self,
  TokenRows,
  User,
  markerOf,
  removed,
  tokenName,
} from './schema.ts';
import { WHO, addToken, removeToken, setDisabled, showTokens } from './sql.ts';

type Admin = z.infer<typeof Admin>;

const STATEMENTS = '/api/v2/statements';
const USER_PAGE = 'docs.snowflake.com, "CURRENT_USER"';

/**
 * A statement that Snowflake gives up before Keyturn stops waiting for its answer: what was not answered is
 * not carried out later. Source: docs.snowflake.com, "Snowflake SQL API reference", timeout. Without a role
 * it is the one that the token is restricted to.
 */
function statement(text: string, role?: string): NonNullable<HttpRequest['body']> {
  return { json: { statement: text, timeout: 8, ...(role !== undefined && { role }) } };
}

const path = (): string => STATEMENTS;

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

/** What a request asks for, by the words of its statement that are no names. */
function called({ path: at, body }: HttpRequest): string {
  const text = JSON.stringify(body ?? {});
  const [word = 'SELECT'] = /\b(SHOW|ADD|REMOVE|MODIFY) (?=USER|PROGRAMMATIC)/.exec(text) ?? [];
  return `${at} (${word.trim()})`;
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
  called,
  safe: SAFE,
  as: ({ admin }, { now }) => asKeyPair(admin, now),
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
  examine: (admin, _grants, { now }) => [
    {
      request: {
        method: 'POST',
        path: STATEMENTS,
        headers: asKeyPair(admin, now),
        body: statement(WHO, admin.role),
        repeatable: true,
      },
      verdicts: whose(Self, (name) => name === admin.user, {
        another: `Snowflake takes the admin key for one of another user than ${admin.user}.`,
        source: USER_PAGE,
      }),
    },
  ],
  adminValues: ({ private_key_base64: key }: Admin) => [key],
});
