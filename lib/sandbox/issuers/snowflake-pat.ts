import * as z from 'zod';
import { DAY, type Instant } from '../../../functions/core/basics/time.ts';
import { bearerOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';
import {
  carriedOut,
  failed,
  missing,
  notAllowed,
  notSigned,
  notUnderstood,
  refused,
  resultOf,
  secondsText,
  taken,
  whoAnswer,
} from './snowflake-answers.ts';
import {
  ACCOUNT,
  ADMIN,
  adminFingerprint,
  adminKey,
  fingerprintIn,
  isSignedByAdmin,
} from './snowflake-keys.ts';

const MOST_TOKENS = 15;
const ROLE = 'KEYTURN_ADMIN';
const TYPE = 'x-snowflake-authorization-token-type';
const STATEMENTS = '/api/v2/statements';

const Body = z.strictObject({
  statement: z.string(),
  timeout: z.int().nonnegative(),
  role: z.string().optional(),
});

const NAME = '"((?:[^"]|"")+)"';
const TOKEN = 'PROGRAMMATIC ACCESS TOKEN';
const ADD = new RegExp(
  `^ALTER USER ${NAME} ADD ${TOKEN} ${NAME} ROLE_RESTRICTION = '([A-Z0-9_$]+)' DAYS_TO_EXPIRY = (\\d+)$`,
);
const REMOVE = new RegExp(`^ALTER USER ${NAME} REMOVE ${TOKEN} ${NAME}$`);
const MODIFY = new RegExp(`^ALTER USER ${NAME} MODIFY ${TOKEN} ${NAME} SET DISABLED = (TRUE|FALSE)$`);
const SHOW = new RegExp(`^SHOW USER ${TOKEN}S FOR USER ${NAME}$`);

const SHOWN = ['name', 'user_name', 'role_restriction', 'expires_at', 'status', 'comment', 'created_on'];

const RULES: MintingRules = {
  provider: 'snowflake-pat',
  host: 'snowflake.keyturn.test',
  account: (index) => `users/SVC_ROBOT_${index}`,
  admin: (value) => ({ account: ACCOUNT, user: ADMIN, role: ROLE, private_key_base64: value }),
  grant: (account) => ({ user: userOf(account), role: 'REPORTS_READER', maxDays: 60 }),
  id: (number) => String(number),
  value: (id, random, account) => (account === undefined ? adminKey() : tokenOf(id, random)),
  handle: ({ name, createdAt }) => `tokens/${name}@${createdAt}`,
  presented: (request) => {
    const bearer = bearerOf(request);
    return request.headers.get(TYPE) === 'KEYPAIR_JWT' ? fingerprintIn(bearer ?? '') : bearer;
  },
  sent: (value) => (value === adminKey() ? adminFingerprint() : value),
  byHand: { scopes: ['REPORTS_READER'], name: (number) => `BY_HAND_${number}` },
  stored: (token) => ({ token }),
  use: (token) => ({
    method: 'POST',
    path: STATEMENTS,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ statement: 'SELECT CURRENT_USER()', timeout: 8 }),
  }),
  answer,
};

/**
 * A Snowflake account as far as programmatic access tokens go. The envelope:
 * snowflakedb/snowflake-rest-api-specs, specifications/sqlapi.yaml. The statements and their answers:
 * docs.snowflake.com, "Using programmatic access tokens for authentication", and the pages of the statements.
 */
export function snowflakePatSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, body, now } = call;
  if (path !== STATEMENTS || method !== 'POST') return new Response(null, { status: 404 });
  const [, bearer = ''] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? [];
  const isPair = headers.get(TYPE) === 'KEYPAIR_JWT';
  if (isPair && !(caller.kind === 'admin' && isSignedByAdmin(bearer, now))) return notSigned();
  // Source: snowflakedb/gosnowflake, auth_test.go: what drivers are told.
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled')
    return refused('394400', 'Programmatic access token is invalid.');
  const asked = Body.safeParse(body);
  if (!asked.success) return new Response(null, { status: 400 });
  const { statement, role } = asked.data;
  if (statement === 'SELECT CURRENT_USER()') {
    const user = caller.kind === 'credential' ? userOf(caller.credential.account) : ADMIN;
    return whoAnswer(user, now);
  }
  return managed(call, statement, caller.kind === 'admin' && role === ROLE);
}

function managed(call: Call, statement: string, isAllowed: boolean): Response {
  const [kind, match] = [ADD, REMOVE, MODIFY, SHOW]
    .map((one) => [one, one.exec(statement)] as const)
    .find(([, found]) => found !== null) ?? [undefined, undefined];
  if (!match) return notUnderstood();
  const [, user = '', name = '', third = '', days = ''] = match.map((part) => part.replaceAll('""', '"'));
  if (!isAllowed) return notAllowed(user);
  const { store, now } = call;
  const account = `users/${user}`;
  if (!store.has(account)) return missing('User', user);
  if (kind === SHOW)
    return resultOf(
      SHOWN,
      store.of(account).map((one) => shown(one, now)),
      now,
    );
  if (kind === ADD) return add(call, account, { name, role: third, days: Number(days) });
  const found = store.of(account).find((one) => one.name === name);
  if (!found) return missing('Programmatic access token', name);
  return kind === REMOVE ? remove(call, found) : modify(call, found, third === 'TRUE');
}

function add(
  { store, now }: Call,
  account: string,
  { name, role, days }: { readonly name: string; readonly role: string; readonly days: number },
): Response {
  if (days < 1 || days > 365) return failed('SQL compilation error');
  const counted = store.of(account).filter((one) => statusOf(one, now) !== 'EXPIRED');
  if (store.of(account).some((one) => one.name === name)) return taken(name);
  if (counted.length >= MOST_TOKENS) return failed('Exceeded maximum of 15 programmatic access tokens');
  const made = store.add(account, { name, scopes: [role], expiresAt: now + days * DAY });
  return resultOf(['token_name', 'token_secret'], [{ token_name: made.name, token_secret: made.value }], now);
}

function remove({ store, now }: Call, found: Kept): Response {
  store.revoke(found);
  return carriedOut(now, `Programmatic access token ${found.name} successfully removed.`);
}

function modify({ store, now }: Call, found: Kept, isOff: boolean): Response {
  store.disable(found, isOff);
  return carriedOut(now);
}

function shown(one: Kept, now: Instant): Readonly<Record<string, string | null>> {
  return {
    name: one.name,
    user_name: userOf(one.account),
    role_restriction: one.scopes[0] ?? null,
    expires_at: secondsText(one.expiresAt ?? one.createdAt + 15 * DAY),
    status: statusOf(one, now),
    comment: null,
    created_on: secondsText(one.createdAt),
  };
}

function statusOf({ expiresAt = Infinity, disabledAt }: Kept, now: Instant): string {
  if (expiresAt <= now) return 'EXPIRED';
  return disabledAt === undefined ? 'ACTIVE' : 'DISABLED';
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}

/** A JWT that only Snowflake reads. Source: tokens in public repositories. */
function tokenOf(id: string, random: (length: number) => string): string {
  const parts = [
    { kid: `1234567890${id}`, alg: 'ES256' },
    { p: `1234567:${id}`, iss: 'SF:1016' },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${random(86)}`;
}
