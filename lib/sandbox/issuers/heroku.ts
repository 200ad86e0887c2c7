import * as z from 'zod';
import { isoSeconds } from './forms.ts';
import { bearerIn, loggedIn, sessionFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const AUTHORIZATIONS = '/oauth/authorizations';
const UUID_END = '0000-4000-8000-000000000000';

const NewAuthorization = z.strictObject({
  description: z.string().optional(),
  scope: z.array(z.string()).min(1),
  expires_in: z.number().int().positive().nullish(),
});

const RULES: MintingRules = {
  provider: 'heroku',
  host: 'heroku.keyturn.test',
  account: (index) => `users/${String(index).padStart(8, '0')}-${UUID_END}`,
  admin: () => ({}),
  // Its paths name no account: a token of the admin says whose it is.
  grant: (account, credential) => ({
    user: idOf(account),
    token: sessionFor(idOf(account), credential),
    scopes: ['identity', 'write'],
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => `HRKU-${random(60)}`,
  handle: ({ id }) => `authorizations/${id}`,
  presented: bearerIn,
  byHand: { scopes: ['global'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/apps', headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * Heroku as far as OAuth authorizations go. Source: heroku/heroku-go, v6/schema.json; devcenter.heroku.com,
 * "Platform API Reference".
 */
export function herokuSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind !== 'admin' && caller.kind !== 'credential')
    return failed(401, 'unauthorized', 'Invalid credentials provided.');
  const account = caller.kind === 'admin' ? `users/${loggedIn(headers) ?? ''}` : caller.credential.account;
  if (!store.has(account)) return failed(401, 'unauthorized', 'Invalid credentials provided.');
  if (path === '/account') return Response.json({ id: idOf(account), email: 'ops@acme.example' });
  if (path === '/apps') return Response.json([]);
  if (headers.get('accept') !== 'application/vnd.heroku+json; version=3')
    return failed(404, 'not_found', 'The requested API endpoint was not found.');
  if (caller.kind === 'credential' && !caller.credential.scopes.includes('global'))
    return failed(403, 'forbidden', 'You do not have access to this resource.');
  if (path === AUTHORIZATIONS) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find(({ id }) => path === `${AUTHORIZATIONS}/${id}`);
  if (!found || method !== 'DELETE') return failed(404, 'not_found', "Couldn't find that authorization.");
  store.revoke(found);
  return Response.json(shown(found));
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewAuthorization.safeParse(body);
  if (!asked.success) return failed(422, 'invalid_params', 'Require params: scope.');
  const { description = '', scope } = asked.data;
  const made = store.add(account, { name: description, scopes: scope, expiresAt: undefined });
  return Response.json(shown(made), { status: 201 });
}

/** Source: devcenter.heroku.com, "Platform API Reference", ranges: 200 by default, 1000 at most. */
function list({ headers, store }: Call, account: string): Response {
  const range = headers.get('range') ?? 'id ..';
  const [all, after, max = '200'] = /^id (?:\](\S+))?\.\.(?:; max=(\d+))?$/.exec(range) ?? [];
  if (all === undefined || Number(max) > 1_000) return failed(416, 'bad_request', 'Invalid range.');
  const kept = store.of(account);
  const start = after === undefined ? 0 : kept.findIndex(({ id }) => id === after) + 1;
  const page = kept.slice(start, start + Number(max));
  const isLast = start + page.length >= kept.length;
  return Response.json(page.map(shown), {
    status: isLast ? 200 : 206,
    headers: isLast ? {} : { 'next-range': `id ]${page.at(-1)?.id}..; max=${max}` },
  });
}

function shown({ id, name, scopes, value, account, createdAt }: Kept) {
  return {
    access_token: { expires_in: null, id, token: value },
    client: null,
    created_at: isoSeconds(createdAt),
    description: name,
    grant: null,
    id,
    refresh_token: null,
    scope: scopes,
    session: null,
    updated_at: isoSeconds(createdAt),
    user: { id: idOf(account), email: 'ops@acme.example', full_name: null },
  };
}

function idOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, id: string, message: string): Response {
  return Response.json({ id, message }, { status });
}
