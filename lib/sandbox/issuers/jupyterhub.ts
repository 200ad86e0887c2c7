import * as z from 'zod';
import { SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** The hub asks for this of every user's token. Source: jupyterhub 5.4.3, scopes.py. */
const IMPLIED = 'read:users:groups';

const NewToken = z.object({
  note: z.string().nullish(),
  expires_in: z.int().nullish(),
  scopes: z.array(z.string()).nullish(),
});

const RULES: MintingRules = {
  provider: 'jupyterhub',
  host: 'hub.keyturn.test',
  account: (index) => `users/u${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ user: userOf(account), scopes: ['read:users:name!user'], maxDays: 60 }),
  id: (number) => `a${number + 1}`,
  value: (_id, random) => Buffer.from(random(16)).toString('hex'),
  handle: ({ id, createdAt }) => `${id}@${createdAt}`,
  idsReturn: true,
  presented: (request) => /^(?:token|bearer) (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1],
  byHand: { scopes: ['read:users:name!user'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/hub/api/user', headers: { authorization: `token ${token}` } }),
  answer,
};

/**
 * A JupyterHub as far as API tokens of users go. What it answers was asked of JupyterHub 5.4.3;
 * `npm run test:issuers -- jupyterhub` asks it again.
 */
export function jupyterhubSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path } = call;
  if (path === '/hub/api/user' && method === 'GET') return self(call);
  const [, user, id] = /^\/hub\/api\/users\/([^/]+)\/tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (user === undefined) return refused(404, 'Not Found');
  if (caller.kind === 'unauthenticated')
    return refused(403, method === 'POST' ? 'Forbidden' : 'Missing or invalid credentials.');
  if (caller.kind === 'credential') return tooFewScopes(method, user);
  const account = `users/${decodeURIComponent(user)}`;
  if (!call.store.has(account))
    return method === 'POST'
      ? refused(403, `Service ${user} not found or no permissions to generate tokens`)
      : refused(404, `No such user: ${user}`);
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  return remove(call, account, id);
}

function tooFewScopes(method: string, user: string): Response {
  if (method === 'POST') return refused(403, `User ${user} not found or no permissions to generate tokens`);
  const scope = method === 'GET' ? 'read:tokens' : 'tokens';
  return refused(403, `Action is not authorized with current scopes; requires any of [${scope}]`);
}

function self({ caller }: Call): Response {
  if (caller.kind === 'unauthenticated') return refused(403, 'Forbidden');
  if (caller.kind === 'admin')
    return Response.json({
      admin: false,
      name: 'keyturn',
      kind: 'service',
      token_id: 'a1',
      session_id: null,
      scopes: ['read:tokens', 'tokens'],
    });
  const { credential } = caller;
  return Response.json({
    groups: [],
    name: userOf(credential.account),
    kind: 'user',
    admin: false,
    token_id: credential.id,
    session_id: null,
    scopes: expanded(credential),
  });
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success)
    return refused(400, `token ${String(asked.error.issues[0]?.path[0])} must be null or of another type`);
  const { note, expires_in: life, scopes } = asked.data;
  const made = store.add(account, {
    name: note ?? 'Requested via api by service keyturn',
    scopes: scopes ?? [],
    // 0 is no expiry, as is none.
    expiresAt: life ? now + life * SECOND : undefined,
  });
  return Response.json({ ...shown(made), token: made.value }, { status: 201 });
}

/** Those that have expired are deleted when a list is asked for. */
function list({ store, now }: Call, account: string): Response {
  const active = store.of(account).filter(({ expiresAt = Infinity }) => now <= expiresAt);
  return Response.json({ api_tokens: active.map(shown) });
}

function remove({ method, store }: Call, account: string, id: string): Response {
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return refused(404, `No such token ${id} for user ${userOf(account)}`);
  if (method === 'GET') return Response.json(shown(found));
  if (method !== 'DELETE') return refused(405, 'Method Not Allowed');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function shown(one: Kept): Record<string, unknown> {
  return {
    user: userOf(one.account),
    id: one.id,
    kind: 'api_token',
    roles: [],
    scopes: expanded(one),
    created: iso(one.createdAt),
    last_activity: iso(one.lastUsedAt),
    expires_at: iso(one.expiresAt),
    note: one.name,
    session_id: null,
    oauth_client: 'JupyterHub',
  };
}

/** The hub writes its own user into a scope, and adds what the scope brings along. */
function expanded({ account, scopes }: Kept): string[] {
  const user = userOf(account);
  return [...scopes, `${IMPLIED}!user`].map((scope) => scope.replace(/!user$/, `!user=${user}`)).toSorted();
}

function iso(at: Instant | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}

function refused(status: number, message: string): Response {
  return Response.json({ status, message }, { status });
}
