import * as z from 'zod';
import { isoSeconds, pageOf } from './forms.ts';
import { userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** `MAX_RESPONSE_ITEMS`, unless set otherwise. Source: go-gitea/gitea, custom/conf/app.example.ini. */
const MOST_ON_A_PAGE = 50;
/** Go's zero time: what the answer to a creation says. Source: Gitea 1.26.0, asked. */
const YEAR_ONE = '0001-01-01T00:00:00Z';

const NewToken = z.object({ name: z.string().min(1), scopes: z.array(z.string()) });

const RULES: MintingRules = {
  provider: 'gitea',
  host: 'git.keyturn.test',
  account: (index) => `users/u${index}`,
  admin: () => ({}),
  grant: (account, password) => ({
    user: nameOf(account),
    password,
    // Every second user's tokens may read who they are.
    scopes: ['read:repository', ...(/[02468]$/.test(account) ? ['read:user'] : [])],
  }),
  id: (number) => String(number + 2),
  value: (_id, random) => Buffer.from(random(20)).toString('hex'),
  handle: ({ id }) => id,
  presented: (request) => credentialIn(request.headers)?.value,
  byHand: { scopes: ['read:repository'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/v1/repos/acme/reports', headers: { authorization: `token ${token}` } }),
  answer,
};

/**
 * A Gitea as far as access tokens of users go. Source: go-gitea/gitea, routers/api/v1/user/app.go and
 * routers/api/v1/api.go; the refusals: Gitea 1.26.0, asked.
 */
export function giteaSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function credentialIn(headers: Headers): { readonly value: string; readonly user?: string } | undefined {
  const login = userOf(headers);
  if (login) return { value: login.password, user: login.user };
  const value = /^(?:token|bearer) (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return value === undefined ? undefined : { value };
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (caller.kind === 'unauthenticated')
    // A text with a space in it is no token for it.
    return failed(401, isOneWord(call.headers) ? 'invalid username, password or token' : 'token is required');
  // Written when the token is found, before its scopes are looked at (services/auth/oauth2.go).
  if (caller.kind === 'credential') caller.credential.lastUsedAt = call.now;
  const { user = '' } = credentialIn(call.headers) ?? {};
  if (path === '/api/v1/user' && method === 'GET') return self(call, user);
  if (path === '/api/v1/repos/acme/reports' && method === 'GET') return Response.json({ id: 1 });
  const [, of, id] = /^\/api\/v1\/users\/([^/]+)\/tokens(?:\/(\d+))?$/.exec(path) ?? [];
  if (of === undefined) return failed(404, 'not found');
  if (caller.kind === 'credential') {
    const needed = method === 'GET' ? 'read:user' : 'write:user';
    const { scopes } = caller.credential;
    return scopes.includes(needed) ? failed(401, 'auth required') : outOfScope(needed, scopes);
  }
  const account = `users/${of}`;
  if (of !== user || !store.has(account))
    return failed(403, 'doer should be the site admin or be same as the contextUser');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'not found', { errors: null });
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function self({ caller }: Call, user: string): Response {
  if (caller.kind !== 'credential') return Response.json({ id: 7, login: user });
  const { account, scopes } = caller.credential;
  if (scopes.includes('read:user')) return Response.json({ id: 7, login: nameOf(account) });
  return outOfScope('read:user', scopes);
}

function outOfScope(needed: string, scopes: readonly string[]): Response {
  return failed(
    403,
    `token does not have at least one of required scope(s), required=[${needed}], token ` +
      `scope=${scopes.join(',')}`,
  );
}

function isOneWord(headers: Headers): boolean {
  return /^\S+ \S+$/.test(headers.get('authorization') ?? '');
}

/** Source: the same file: names are unique for a user. */
function create(call: Call, account: string): Response {
  const asked = NewToken.safeParse(call.body);
  if (!asked.success) return failed(422, '[Name]: Required');
  const { name, scopes } = asked.data;
  if (call.store.of(account).some((one) => one.name === name))
    return failed(400, 'access token name has been used already');
  const made = call.store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json(
    { ...shown(made), sha1: made.value, created_at: YEAR_ONE, last_used_at: YEAR_ONE },
    { status: 201 },
  );
}

function list({ store, query }: Call, account: string): Response {
  const size = Math.min(Number(query.get('limit') ?? MOST_ON_A_PAGE), MOST_ON_A_PAGE);
  const all = store.of(account);
  const page = pageOf(all, Number(query.get('page') ?? 1), size);
  return Response.json(page.map(shown), { headers: { 'x-total-count': String(all.length) } });
}

function shown({ id, name, value, scopes, createdAt, lastUsedAt }: Kept) {
  return {
    id: Number(id),
    name,
    sha1: '',
    token_last_eight: value.slice(-8),
    scopes,
    created_at: isoSeconds(createdAt),
    last_used_at: isoSeconds(lastUsedAt ?? createdAt),
  };
}

function nameOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, message: string, more: object = {}): Response {
  return Response.json({ ...more, message, url: 'https://git.keyturn.test/api/swagger' }, { status });
}
