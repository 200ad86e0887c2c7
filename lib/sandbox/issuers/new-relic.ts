import * as z from 'zod';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** How many keys a page holds is not documented. */
const PAGE = 50;
const ACCOUNTS = 4_000_000;
const USERS = 1_000_000_000;
/** Source: pkg/apiaccess/types.go: "Limited to 120 characters". */
const MOST_LETTERS = 120;

const Id = z.int().positive();
const NewKeys = z.strictObject({
  keys: z.strictObject({
    user: z.tuple([z.strictObject({ accountId: Id, userId: Id, name: z.string().optional() })]),
  }),
});
const GoneKeys = z.strictObject({
  keys: z.strictObject({ userKeyIds: z.array(z.string()).min(1) }),
});
const Search = z.strictObject({
  query: z.strictObject({
    types: z.array(z.enum(['USER', 'INGEST'])),
    scope: z.strictObject({ accountIds: z.array(Id).default([]), userIds: z.array(Id).default([]) }),
  }),
  cursor: z.string().nullish(),
});
const OneKey = z.strictObject({ id: z.string() });
const Asked = z.object({ query: z.string(), variables: z.unknown() });

const RULES: MintingRules = {
  provider: 'new-relic',
  host: 'new-relic.keyturn.test',
  account: (index) => `accounts/${ACCOUNTS + index}/users/${USERS + index}`,
  admin: () => ({}),
  // Each user has a key of its own for Keyturn, which is one of its keys.
  grant: (account, credential) => {
    const [accountId, userId] = idsIn(account);
    return {
      account: accountId,
      user: userId,
      userKey: ofOwner(credential, String(userId)),
      keyId: adminIdOf(userId),
    };
  },
  id: (number, random) => `${random(36).toUpperCase()}${String(number).padStart(4, '0')}`,
  value: (_id, random) => `NRAK-${random(27).toUpperCase()}`,
  handle: ({ id }) => id,
  presented: (request) => credentialIn(request.headers.get('api-key') ?? ''),
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/v2/applications.json', headers: { 'api-key': key } }),
  answer,
};

/**
 * NerdGraph as far as user keys go. Source: newrelic/newrelic-client-go, pkg/apiaccess/types.go and keys.go;
 * docs.newrelic.com, "NerdGraph tutorial: Manage API keys".
 */
export function newRelicSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { method, path, body, store } = call;
  const account = accountOf(call);
  // Source: "New Relic API keys": a deleted account takes its keys along.
  if (account === undefined || !store.has(account)) return refused();
  if (path === '/v2/applications.json' && method === 'GET') return Response.json({ applications: [] });
  const asked = Asked.safeParse(body).data;
  if (path !== '/graphql' || method !== 'POST' || !asked) return new Response('', { status: 404 });
  if (asked.query.includes('apiAccessCreateKeys(')) return create(call, account, asked.variables);
  if (asked.query.includes('apiAccessDeleteKeys(')) return remove(call, account, asked.variables);
  if (asked.query.includes('keySearch(')) return search(call, account, asked);
  const [, user] = idsIn(account);
  if (!asked.query.includes('key(id:')) return said({ actor: { user: { id: user } } });
  const id = OneKey.safeParse(asked.variables).data?.id;
  const key = keysOf(call, account).find((one) => one.id === id);
  if (!key) return failed('Key not found.');
  return said({ actor: { user: { id: user }, apiAccess: { key } } });
}

/** Whose key asks: Keyturn's own one of each user, or one that was made. */
function accountOf({ caller, headers }: Call): string | undefined {
  if (caller.kind === 'credential') return caller.credential.account;
  const user = Number(ownerIn(headers.get('api-key') ?? ''));
  return caller.kind === 'admin' && user > USERS
    ? `accounts/${ACCOUNTS + user - USERS}/users/${user}`
    : undefined;
}

/** Source: the same file: errors come with status 200, each with what it is about. */
function create({ store }: Call, account: string, variables: unknown): Response {
  const asked = NewKeys.safeParse(variables).data?.keys.user[0];
  if (!asked) return failed('Argument "keys" has invalid value $keys.');
  const { accountId, userId, name = '' } = asked;
  const owner = `accounts/${accountId}/users/${userId}`;
  const error = (errorType: string, message: string): Response =>
    said({ apiAccessCreateKeys: { createdKeys: null, errors: [{ message, type: 'USER', errorType }] } });
  if (!store.has(owner)) return error('FORBIDDEN', 'You do not have permission to create this key.');
  if (name.length > MOST_LETTERS) return error('INVALID', 'Name is too long.');
  const made = store.add(owner, { name, scopes: [], expiresAt: undefined });
  // Source: docs of newrelic_api_access_key: a key for another user is cut off.
  const key = owner === account ? made.value : `${made.value.slice(0, 8)}...`;
  return said({ apiAccessCreateKeys: { createdKeys: [{ ...shown(made), key }], errors: null } });
}

function remove({ store }: Call, account: string, variables: unknown): Response {
  const asked = GoneKeys.safeParse(variables).data?.keys.userKeyIds;
  if (!asked) return failed('Argument "keys" has invalid value $keys.');
  const gone = store.of(account).filter(({ id }) => asked.includes(id));
  for (const one of gone) store.revoke(one);
  const isAll = gone.length === asked.length;
  return said({
    apiAccessDeleteKeys: {
      deletedKeys: gone.map(({ id }) => ({ id })),
      errors: isAll ? null : [{ message: 'Key not found.', type: 'USER', errorType: 'NOT_FOUND' }],
    },
  });
}

/** Values are left out, since they are not asked for. A variable that the query does not use does nothing. */
function search(call: Call, account: string, { query, variables }: z.infer<typeof Asked>): Response {
  const asked = Search.safeParse(variables).data;
  if (!asked) return failed('Argument "query" has invalid value $query.');
  const { scope } = asked.query;
  const isIn = (one: number, of: readonly number[]): boolean => of.length === 0 || of.includes(one);
  const found = keysOf(call, account).filter(
    ({ accountId, userId }) => isIn(accountId, scope.accountIds) && isIn(userId, scope.userIds),
  );
  const start = query.includes('cursor: $cursor') ? Number(asked.cursor ?? 0) : 0;
  const isLast = start + PAGE >= found.length;
  const keys = found.slice(start, start + PAGE).map(({ key: _key, ...rest }) => rest);
  const nextCursor = isLast ? null : String(start + PAGE);
  return said({ actor: { apiAccess: { keySearch: { count: found.length, nextCursor, keys } } } });
}

/** The keys of a user, with Keyturn's own among them. */
function keysOf({ headers, now, store }: Call, account: string) {
  const [accountId, userId] = idsIn(account);
  const createdAt = Math.floor(now / 1_000);
  const common = { type: 'USER', accountId, userId, createdAt };
  const own = { ...common, id: adminIdOf(userId), name: 'Keyturn', key: headers.get('api-key') ?? '' };
  return [own, ...store.of(account).map((one) => ({ ...shown(one), key: one.value }))];
}

function shown({ id, name, account, createdAt }: Kept) {
  const [accountId, userId] = idsIn(account);
  return { id, name, type: 'USER', createdAt: Math.floor(createdAt / 1_000), accountId, userId };
}

function idsIn(account: string): readonly [number, number] {
  const [, accountId, , userId] = account.split('/');
  return [Number(accountId), Number(userId)];
}

function adminIdOf(user: number): string {
  return `ADMIN${user}`;
}

function said(data: object): Response {
  return Response.json({ data });
}

function failed(message: string): Response {
  return Response.json({ data: null, errors: [{ message, extensions: { errorClass: 'SERVER_ERROR' } }] });
}

/** Source: newrelic/newrelic-client-go, pull request 603. */
function refused(): Response {
  return Response.json(
    {
      errors: [{ message: 'Bad API Key or no API Key provided', extensions: { error_code: 'BAD_API_KEY' } }],
    },
    { status: 401 },
  );
}
