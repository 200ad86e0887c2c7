import * as z from 'zod';
import { isoSeconds, pageOf } from './forms.ts';
import { bearerIn, loggedIn, sessionFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const NewToken = z.strictObject({
  label: z.string().min(1).max(100).optional(),
  scopes: z.string().optional(),
  expiry: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    .nullish(),
});
/** Source: techdocs.akamai.com, "Pagination": from 25 to 500 on a page, 100 without a word. */
const Page = z.strictObject({
  page: z.coerce.number().int().positive().default(1),
  page_size: z.coerce.number().int().min(25).max(500).default(100),
});

const RULES: MintingRules = {
  provider: 'linode',
  host: 'linode.keyturn.test',
  account: (index) => `users/user${index}`,
  admin: () => ({}),
  // Its paths name no user: a token of the admin says whose it is.
  grant: (account, credential) => ({
    user: idOf(account),
    token: sessionFor(idOf(account), credential),
    // Every second user's tokens may read who they are.
    scopes: ['domains:read_write', ...(/[02468]$/.test(account) ? ['account:read_only'] : [])],
    maxDays: 60,
  }),
  id: (number) => String(1_000 + number),
  value: (_id, random) => Buffer.from(random(32)).toString('hex'),
  handle: ({ id }) => id,
  presented: bearerIn,
  byHand: { scopes: ['domains:read_write'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/v4/domains', headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * Linode as far as personal access tokens go. Source: linode/linodego, profile_tokens.go;
 * techdocs.akamai.com, "Create a personal access token".
 */
export function linodeSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind === 'unauthenticated') return failed(401, 'Invalid Token');
  const account = caller.kind === 'admin' ? `users/${loggedIn(headers) ?? ''}` : caller.credential.account;
  if (!store.has(account)) return failed(401, 'Invalid Token');
  if (path === '/v4/domains' && method === 'GET') return pageOfAll(call, []);
  // The token is known; what it may do is looked at for each endpoint.
  if (caller.kind === 'credential' && !mayReadAccount(caller.credential))
    return failed(401, 'Your OAuth token is not authorized to use this endpoint.');
  if (path === '/v4/profile' && method === 'GET')
    return Response.json({ username: idOf(account), email: 'robot@acme.example', restricted: true });
  if (caller.kind === 'credential' && method !== 'GET')
    return failed(401, 'Your OAuth token is not authorized to use this endpoint.');
  const [isTokens, id] = /^\/v4\/profile\/tokens(?:\/(\d+))?$/.exec(path) ?? [];
  if (isTokens === undefined) return failed(404, 'Not found');
  if (id === undefined)
    return method === 'POST' ? create(call, account) : pageOfAll(call, store.of(account).map(shown));
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'Not found');
  store.revoke(found);
  return Response.json({});
}

function mayReadAccount({ scopes }: Kept): boolean {
  return scopes.some((scope) => scope.startsWith('account:') || scope === '*');
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'Invalid value');
  const { label = '', scopes = '*', expiry } = asked.data;
  const made = store.add(account, {
    name: label,
    scopes: scopes.split(' '),
    expiresAt: expiry === undefined || expiry === null ? undefined : Date.parse(`${expiry}Z`),
  });
  return Response.json({ ...shown(made), token: made.value });
}

function pageOfAll({ query }: Call, all: readonly object[]): Response {
  const asked = Page.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'Must be 25-500');
  const { page, page_size: size } = asked.data;
  const pages = Math.max(1, Math.ceil(all.length / size));
  if (page > pages) return failed(404, 'Not found');
  return Response.json({ data: pageOf(all, page, size), page, pages, results: all.length });
}

function shown({ id, name, scopes, value, createdAt, expiresAt }: Kept) {
  return {
    id: Number(id),
    label: name,
    scopes: scopes.join(' '),
    token: value.slice(0, 16),
    created: local(createdAt),
    expiry: expiresAt === undefined ? null : local(expiresAt),
  };
}

/** UTC without a word about it. Source: linode/linodego, internal/parseabletime. */
function local(at: number): string {
  return isoSeconds(at).slice(0, -1);
}

function idOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, reason: string): Response {
  return Response.json({ errors: [{ reason }] }, { status });
}
