import * as z from 'zod';
import { loggedIn, sessionFor, standsFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const VERSION = 20_240_415;
const ADMIN_ID = 'ad0000000000000000000ad0';

/** One of the three says what it may do. Source: api.ts, AccessTokenPost. */
const NewToken = z
  .strictObject({
    name: z.string().optional(),
    description: z.string().optional(),
    role: z.enum(['reader', 'writer', 'admin']).optional(),
    customRoleIds: z.array(z.string()).optional(),
    inlineRole: z.array(z.unknown()).optional(),
    serviceToken: z.boolean().default(false),
    defaultApiVersion: z.literal([20_240_415, 20_220_603, 20_191_212]).default(VERSION),
  })
  .refine((one) => [one.role, one.customRoleIds, one.inlineRole].filter(Boolean).length === 1);
const Page = z.strictObject({
  limit: z.coerce.number().int().positive().default(25),
  offset: z.coerce.number().int().nonnegative().default(0),
  showAll: z.enum(['true', 'false']).optional(),
});

const RULES: MintingRules = {
  provider: 'launchdarkly',
  host: 'launchdarkly.keyturn.test',
  account: (index) => `accounts/${String(index).padStart(24, '0')}`,
  admin: () => ({}),
  // Its paths name no account: a token of the admin says which it is of. Every second one has custom roles.
  grant: (account, credential) => ({
    account: idOf(account),
    token: sessionFor(idOf(account), credential),
    apiVersion: VERSION,
    ...(/[02468]$/.test(account) ? { customRoleIds: ['c'.repeat(24)] } : { role: 'reader' }),
  }),
  id: (_number, random) => Buffer.from(random(12)).toString('hex'),
  value: (_id, random) =>
    Buffer.from(random(16))
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, 'api-$1-$2-$3-$4-$5'),
  handle: ({ id }) => id,
  presented: (request) => standsFor(request.headers.get('authorization') ?? undefined),
  byHand: { scopes: ['reader'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/v2/projects', headers: { authorization: token } }),
  answer,
};

/** LaunchDarkly as far as service tokens go. Source: launchdarkly/api-client-typescript, api.ts. */
export function launchdarklySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind === 'unauthenticated') return failed(401, 'unauthorized', 'invalid access token');
  const account = caller.kind === 'admin' ? `accounts/${loggedIn(headers) ?? ''}` : caller.credential.account;
  if (!store.has(account)) return failed(401, 'unauthorized', 'invalid access token');
  if (path === '/api/v2/caller-identity' && method === 'GET')
    return Response.json({
      accountId: idOf(account),
      authKind: 'token',
      tokenKind: 'auth',
      tokenName: caller.kind === 'admin' ? 'Keyturn' : caller.credential.name,
      tokenId: caller.kind === 'admin' ? ADMIN_ID : caller.credential.id,
      serviceToken: true,
    });
  if (path === '/api/v2/projects' && method === 'GET') return Response.json({ items: [], totalCount: 0 });
  const [isTokens, id] = /^\/api\/v2\/tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isTokens === undefined) return failed(404, 'not_found', 'Invalid resource identifier');
  if (caller.kind === 'credential')
    return failed(403, 'forbidden', 'Access to the requested resource was denied');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, store.of(account));
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'not_found', 'Invalid resource identifier');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'invalid_request', 'Invalid request body');
  const { name = '', role, customRoleIds = [], defaultApiVersion, serviceToken } = asked.data;
  const scopes = role === undefined ? customRoleIds : [role];
  const made = store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json(
    { ...shown(made), token: made.value, defaultApiVersion, serviceToken },
    { status: 201 },
  );
}

function list({ query }: Call, kept: readonly Kept[]): Response {
  const asked = Page.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'invalid_request', 'Invalid query');
  const { limit, offset } = asked.data;
  const items = kept.slice(offset, offset + limit).map(shown);
  return Response.json({
    items,
    totalCount: items.length,
    _links: { self: { href: '/api/v2/tokens', type: 'application/json' } },
  });
}

function shown({ id, name, value, scopes, createdAt, lastUsedAt }: Kept) {
  const isCustom = scopes.some((scope) => /^[0-9a-f]{24}$/.test(scope));
  return {
    _id: id,
    ownerId: 'a'.repeat(24),
    memberId: 'b'.repeat(24),
    name,
    creationDate: createdAt,
    lastModified: createdAt,
    ...(isCustom ? { customRoleIds: scopes } : { role: scopes[0] ?? 'reader' }),
    token: value.slice(-4),
    serviceToken: true,
    _links: { self: { href: `/api/v2/tokens/${id}`, type: 'application/json' } },
    defaultApiVersion: VERSION,
    ...(lastUsedAt !== undefined && { lastUsed: lastUsedAt }),
  };
}

function idOf(account: string): string {
  return account.slice('accounts/'.length);
}

function failed(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status });
}
