import * as z from 'zod';
import { bearerOf, iso, pageOf } from './forms.ts';
import { sessionFor, sessionIn, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const Login = z.object({ identifier: z.string(), secret: z.string().min(9) });
const SCOPES = ['repo:admin', 'repo:write', 'repo:read', 'repo:public_read'] as const;
const NewToken = z.object({
  token_label: z.string().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
});

const Update = z.strictObject({
  token_label: z.string().min(1).max(100).optional(),
  is_active: z.boolean().optional(),
});

const RULES: MintingRules = {
  provider: 'docker-hub',
  host: 'docker.keyturn.test',
  account: (index) => `users/builder${index}`,
  admin: () => ({}),
  grant: (account, password) => ({ user: nameOf(account), password, scope: 'repo:read' }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => `dckr_pat_${random(27)}`,
  handle: ({ id }) => id,
  presented: (request) => {
    const bearer = bearerOf(request);
    return bearer === undefined ? userOf(request.headers)?.password : sessionIn(bearer)?.credential;
  },
  byHand: { scopes: ['repo:read'] },
  stored: (token) => ({ token }),
  // Of the registry, whose login is at auth.docker.io.
  use: (token) => ({
    path: '/token',
    headers: { authorization: `Basic ${Buffer.from(`builder:${token}`).toString('base64')}` },
  }),
  answer,
};

/**
 * Docker Hub as far as personal access tokens go. Source: docker/docs, content/reference/api/hub/latest.yaml;
 * the refusals: answers of hub.docker.com, as users report them.
 */
export function dockerHubSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/v2/auth/token' && method === 'POST') return login(call);
  if (path === '/token' && caller.kind === 'credential') return Response.json({ token: 'x.y.z' });
  // Whether a login with a token may manage tokens is not documented: here it may not.
  if (caller.kind !== 'admin') return failed(401, 'unauthorized');
  const [, token = ''] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? [];
  const account = `users/${sessionIn(token)?.user ?? ''}`;
  if (!store.has(account)) return failed(401, 'unauthorized');
  const [isTokens, id] = /^\/v2\/access-tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isTokens === undefined) return failed(404, 'not found');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'not found');
  if (method === 'PATCH') return update(call, found);
  if (method !== 'DELETE') return failed(404, 'not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** With a password or with a token, for which the name of the account has to be its own. */
function login({ body, store }: Call): Response {
  const asked = Login.safeParse(body);
  if (!asked.success) return failed(400, 'body is invalid');
  const { identifier, secret } = asked.data;
  const caller = store.caller(secret);
  const account = `users/${identifier}`;
  if (caller.kind === 'disabled') return failed(401, 'unauthorized');
  const isOwn = caller.kind === 'credential' ? caller.credential.account === account : store.has(account);
  return caller.kind === 'unauthenticated' || !isOwn
    ? failed(401, 'unauthorized')
    : Response.json({ access_token: sessionFor(identifier, secret) });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'body is invalid');
  const { token_label: name, scopes } = asked.data;
  const made = store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json(shown(made, made.value), { status: 201 });
}

function update({ body, store }: Call, kept: Kept): Response {
  const asked = Update.safeParse(body);
  if (!asked.success) return failed(400, 'body is invalid');
  const { token_label: name, is_active: isActive } = asked.data;
  if (name !== undefined) kept.name = name;
  if (isActive !== undefined) store.disable(kept, !isActive);
  return Response.json(shown(kept, ''));
}

function list({ store, query }: Call, account: string): Response {
  const [number, size] = [Number(query.get('page') ?? 1), Number(query.get('page_size') ?? 10)];
  const all = store.of(account);
  const next = number * size < all.length ? `?page=${number + 1}&page_size=${size}` : null;
  return Response.json({
    count: all.length,
    next: next && `https://hub.docker.com/v2/access-tokens${next}`,
    previous: null,
    active_count: all.filter(({ disabledAt }) => disabledAt === undefined).length,
    results: pageOf(all, number, size).map((one) => shown(one, '')),
  });
}

function shown({ id, name, scopes, createdAt, lastUsedAt, disabledAt }: Kept, token: string) {
  return {
    uuid: id,
    client_id: 'HUB',
    creator_ip: '192.0.2.1',
    creator_ua: 'keyturn',
    created_at: iso(createdAt),
    last_used: lastUsedAt === undefined ? null : iso(lastUsedAt),
    generated_by: 'manual',
    is_active: disabledAt === undefined,
    token,
    token_label: name,
    scopes,
  };
}

function nameOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, message: string): Response {
  return Response.json({ message, errinfo: {} }, { status });
}
