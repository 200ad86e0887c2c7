import * as z from 'zod';
import { bearerIn, loggedIn, sessionFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const TEAM = 'team_a1B2c3D4e5F6g7H8i9J0k1L2';

const NewToken = z.strictObject({
  name: z.string().min(1),
  expiresAt: z.number().optional(),
  projectId: z.string().optional(),
});
/** Source: vercel/vercel, packages/cli/src/commands/tokens/ls.ts: from 1 to 100. */
const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  until: z.coerce.number().default(Infinity),
});

const RULES: MintingRules = {
  provider: 'vercel',
  host: 'vercel.keyturn.test',
  account: (index) => `users/u${index}`,
  admin: () => ({}),
  // Its paths name no user: a token of the admin says whose it is.
  grant: (account, credential) => ({
    user: idOf(account),
    token: sessionFor(idOf(account), credential),
    team: TEAM,
    maxDays: 60,
  }),
  id: (_number, random) => Buffer.from(random(32)).toString('hex'),
  value: (_id, random) => `vcp_${random(56)}`,
  handle: ({ id }) => id,
  presented: bearerIn,
  byHand: { scopes: [TEAM] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/v9/projects', headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * Vercel as far as access tokens go. Source: vercel/sdk, src/models/*authtoken*op.ts and getauthuserop.ts;
 * pages and the refusals of a creation: vercel/vercel, packages/cli/src/commands/tokens.
 */
export function vercelSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind === 'unauthenticated') return forbidden('Not authorized', { invalidToken: true });
  const account = caller.kind === 'admin' ? `users/${loggedIn(headers) ?? ''}` : caller.credential.account;
  if (!store.has(account)) return forbidden('Not authorized', { invalidToken: true });
  if (path === '/v2/user' && method === 'GET') return self(idOf(account), caller.kind === 'credential');
  if (path === '/v9/projects' && method === 'GET')
    return Response.json({ projects: [], pagination: { count: 0, next: null, prev: null } });
  if (caller.kind === 'credential')
    return forbidden(`To create a token you must be authenticated to scope "${idOf(account)}".`);
  if (path === '/v3/user/tokens' && method === 'POST') return create(call, account);
  if (path === '/v6/user/tokens' && method === 'GET') return list(call, store.of(account));
  const [, id] = /^\/v3\/user\/tokens\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined || method !== 'DELETE') return failed(404, 'not_found', 'Not found');
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'not_found', 'Token not found');
  store.revoke(found);
  return Response.json({ tokenId: id });
}

/** A token for a team sees no more of its user. */
function self(id: string, isLimited: boolean): Response {
  const common = {
    id,
    email: `${id}@acme.example`,
    name: null,
    username: id,
    avatar: null,
    defaultTeamId: TEAM,
  };
  if (isLimited) return Response.json({ user: { limited: true, ...common } });
  return Response.json({
    user: {
      ...common,
      createdAt: 1_632_816_536_002,
      softBlock: null,
      billing: null,
      resourceConfig: {},
      stagingPrefix: `${id}-staging`,
      hasTrialAvailable: false,
    },
  });
}

function create({ body, query, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'bad_request', 'Invalid request.');
  const team = query.get('teamId');
  if (team !== null && team !== TEAM) return forbidden('Not authorized');
  const { name, expiresAt } = asked.data;
  const made = store.add(account, { name, scopes: team === null ? [] : [team], expiresAt });
  return Response.json({ token: shown(made), bearerToken: made.value });
}

/** The newest first. `next` is the time before which the next page begins. */
function list({ query }: Call, kept: readonly Kept[]): Response {
  const asked = Page.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'bad_request', 'Invalid request.');
  const { limit, until } = asked.data;
  const left = kept.filter(({ createdAt }) => createdAt < until).toReversed();
  const tokens = left.slice(0, limit);
  const next = left.length > limit ? (tokens.at(-1)?.createdAt ?? null) : null;
  return Response.json({
    tokens: tokens.map(shown),
    pagination: { count: tokens.length, next, prev: tokens[0]?.createdAt ?? null },
  });
}

function shown({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: Kept) {
  const [teamId] = scopes;
  const common = { origin: 'manual', createdAt, ...(expiresAt !== undefined && { expiresAt }) };
  return {
    id,
    name,
    type: 'token',
    origin: 'manual',
    scopes: [teamId === undefined ? { type: 'user', ...common } : { type: 'team', teamId, ...common }],
    createdAt,
    activeAt: lastUsedAt ?? createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function idOf(account: string): string {
  return account.slice('users/'.length);
}

function forbidden(message: string, more: object = {}): Response {
  return failed(403, 'forbidden', message, more);
}

function failed(status: number, code: string, message: string, more: object = {}): Response {
  return Response.json({ error: { code, message, ...more } }, { status });
}
