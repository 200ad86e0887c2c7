import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { bearerOf, iso } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const MANAGE = 'content_management_manage';
const PERSONAL = 'PersonalAccessToken';

/** Source: contentful.com, "Create a Personal access token". */
const NewToken = z.strictObject({
  name: z.string().min(1),
  scopes: z.array(z.enum(['content_management_read', MANAGE])).min(1),
  expiresIn: z.number().int().positive().optional(),
});
const Listing = z.strictObject({
  skip: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(0).max(100).default(100),
  'sys.type[in]': z.string().optional(),
});

/** All tokens that were ever shown, by account: revoked ones stay in lists. */
type Shown = Map<string, Set<Kept>>;

const RULES: Omit<MintingRules, 'answer'> = {
  provider: 'contentful',
  host: 'contentful.keyturn.test',
  account: (index) => `users/user${index}`,
  admin: () => ({}),
  grant: (account, token) => ({
    user: userOf(account),
    token: ofOwner(token, userOf(account)),
    space: spaceOf(account),
    scope: MANAGE,
    maxDays: 60,
  }),
  id: (number, random) => `${random(18)}${String(number).padStart(4, '0')}`,
  value: (_id, random) => `CFPAT-${random(43)}`,
  handle: ({ id }) => id,
  presented: (request) => credentialIn(bearerOf(request) ?? ''),
  byHand: { scopes: ['content_management_read'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/users/me', headers: { authorization: `Bearer ${token}` } }),
};

/**
 * Contentful as far as tokens of a user go. Source: contentful.com, "Access tokens", "Get a space", "Errors";
 * contentful/contentful-management.js, lib/entities/access-token.ts.
 */
export function contentfulSimulator(options: MintingOptions): Issuer {
  const shown: Shown = new Map();
  return new MintingSimulator({ ...RULES, answer: (call) => answer(call, shown) }, options);
}

function answer(call: Call, ever: Shown): Response {
  const { caller, method, path, headers, store } = call;
  const account =
    caller.kind === 'credential'
      ? caller.credential.account
      : `users/${ownerIn(headers.get('authorization') ?? '') ?? ''}`;
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled' || !store.has(account))
    return failed(401, 'AccessTokenInvalid', 'The access token you sent could not be found or is invalid.');
  const tokens = new Set([...(ever.get(account) ?? []), ...store.of(account)]);
  ever.set(account, tokens);
  if (path === '/users/me' && method === 'GET')
    return Response.json({ firstName: 'Robot', sys: { type: 'User', id: userOf(account) } });
  if (path === `/spaces/${spaceOf(account)}` && method === 'GET')
    return Response.json({ name: 'Shop', sys: { type: 'Space', id: spaceOf(account), version: 1 } });
  const [isTokens, id, verb] = /^\/users\/me\/access_tokens(?:\/(\w+)(\/revoked)?)?$/.exec(path) ?? [];
  if (isTokens === undefined) return failed(404, 'NotFound', 'The resource could not be found.');
  const isReading = method === 'GET';
  if (!isReading && caller.kind === 'credential' && !caller.credential.scopes.includes(MANAGE))
    return failed(403, 'AccessDenied', 'Forbidden');
  if (id === undefined) return isReading ? list(call, listed(call, account, tokens)) : create(call, account);
  const found = listed(call, account, tokens).find((one) => one.id === id);
  if (!found) return failed(404, 'NotFound', 'The resource could not be found.');
  if (verb !== undefined && method === 'PUT') store.revoke(found);
  return Response.json(shown(found));
}

/** Those that lists show now, and those that were revoked. */
function listed({ store }: Call, account: string, tokens: ReadonlySet<Kept>): readonly Kept[] {
  const live = store.of(account);
  return [...tokens].filter((one) => one.revokedAt !== undefined || live.includes(one));
}

function create({ body, headers, now, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (headers.get('content-type') !== 'application/vnd.contentful.management.v1+json' || !asked.success)
    return failed(422, 'ValidationFailed', 'Validation error');
  const { name, scopes, expiresIn } = asked.data;
  const expiresAt = expiresIn === undefined ? undefined : now + expiresIn * SECOND;
  const made = store.add(account, { name, scopes, expiresAt });
  return Response.json({ ...shown(made), token: made.value }, { status: 201 });
}

/** A token of the command line stands in the list too, unless a type is asked for. */
function list({ query }: Call, tokens: readonly Kept[]): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'InvalidQuery', 'The query you sent was invalid.');
  const { skip, limit, 'sys.type[in]': types } = asked.data;
  const all = [...tokens.map(shown), COMMAND_LINE].filter(
    ({ sys }) => types === undefined || types.split(',').includes(sys.type),
  );
  return Response.json({
    total: all.length,
    skip,
    limit,
    sys: { type: 'Array' },
    items: all.slice(skip, skip + limit),
  });
}

const COMMAND_LINE = {
  name: 'Contentful CLI',
  scopes: [MANAGE],
  revokedAt: null,
  sys: {
    type: 'CLIToken',
    id: 'cli0000000000000000000',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
    lastUsedAt: null,
    redactedValue: 'zzzz',
    application: null,
  },
};

function shown({ id, name, value, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }: Kept) {
  return {
    name,
    scopes,
    revokedAt: dateOf(revokedAt),
    sys: {
      type: PERSONAL,
      id,
      createdAt: iso(createdAt),
      updatedAt: iso(revokedAt ?? createdAt),
      expiresAt: dateOf(expiresAt),
      lastUsedAt: dateOf(lastUsedAt),
      redactedValue: value.slice(-4),
      application: null,
    },
  };
}

function dateOf(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}

function userOf(account: string): string {
  return account.slice('users/'.length);
}

/** Each user has a space of its own. */
function spaceOf(account: string): string {
  return `space-of-${userOf(account)}`;
}

function failed(status: number, id: string, message: string): Response {
  return Response.json(
    { sys: { type: 'Error', id }, message, requestId: '00000000-0000-4000-8000-000000000000' },
    { status },
  );
}
