import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { bearerOf } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import { failed, refused, seconds } from './openai-answers.ts';
import type { Issuer } from './simulator.ts';

const KEYS = '/v1/organization/admin_api_keys';

const NewKey = z.strictObject({
  name: z.string().min(1),
  expires_in_seconds: z.int().min(1).max(31_536_000).optional(),
});
/** No most is documented; 100 is that of other lists of OpenAI's. */
const Listing = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
});

const RULES: MintingRules = {
  provider: 'openai-admin',
  host: 'openai-admin.keyturn.test',
  account: (index) => `organizations/org-${String(index).padStart(6, '0')}`,
  admin: () => ({}),
  // Each organization has an admin API key of its own for Keyturn.
  grant: (account, credential) => ({
    organization: idOf(account),
    adminKey: ofOwner(credential, idOf(account)),
    keyId: adminIdOf(account),
    maxDays: 60,
  }),
  id: (_number, random) => `key_${random(16)}`,
  value: (_id, random) => `sk-admin-${random(74)}T3BlbkFJ${random(74)}`,
  handle: ({ id }) => `admin_api_keys/${id}`,
  presented: (request) => credentialIn(bearerOf(request) ?? ''),
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/v1/organization/users', headers: { authorization: `Bearer ${key}` } }),
  answer,
};

/**
 * OpenAI as far as admin API keys of organizations go. Source: openai/openai-openapi, openapi.json; another
 * organization: microsoft/foundry-dev-tools, issue 262.
 */
export function openaiAdminSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { method, path, headers, store } = call;
  const account = accountOf(call);
  if (account === undefined || !store.has(account)) return refused(headers);
  const named = headers.get('openai-organization');
  if (named !== null && named !== idOf(account))
    return failed(
      401,
      'OpenAI-Organization header should match organization for API key',
      'mismatched_organization',
    );
  // What a consumer uses it for: not asked by Keyturn.
  if (path === '/v1/organization/users' && method === 'GET')
    return Response.json({ object: 'list', data: [], has_more: false });
  if (path === KEYS) return method === 'POST' ? create(call, account) : list(call, account);
  const id = path.startsWith(`${KEYS}/`) ? path.slice(KEYS.length + 1) : undefined;
  const found = keysOf(call, account).find((one) => one.id === id);
  if (!found) return failed(404, 'Admin API key not found.');
  if (method === 'GET') return Response.json(found);
  const made = store.of(account).find((one) => one.id === id);
  if (made) store.revoke(made);
  return Response.json({ object: 'organization.admin_api_key.deleted', id, deleted: true });
}

/** Whose key asks: Keyturn's own one of each organization, or one that was made. */
function accountOf({ caller, headers }: Call): string | undefined {
  if (caller.kind === 'credential') return caller.credential.account;
  const organization = ownerIn(headers.get('authorization') ?? '');
  return caller.kind === 'admin' && organization !== undefined ? `organizations/${organization}` : undefined;
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'Invalid request.');
  const { name, expires_in_seconds: life } = asked.data;
  const begun = Math.floor(now / SECOND) * SECOND;
  const expiresAt = life === undefined ? undefined : begun + life * SECOND;
  const made = store.add(account, { name, scopes: [], expiresAt });
  return Response.json({ ...shown(made), value: made.value });
}

function list(call: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(call.query));
  if (!asked.success) return failed(400, 'Invalid request.');
  const { limit, after, order } = asked.data;
  const keys = order === 'asc' ? keysOf(call, account) : keysOf(call, account).toReversed();
  const start = after === undefined ? 0 : keys.findIndex(({ id }) => id === after) + 1;
  const page = keys.slice(start, start + limit);
  return Response.json({
    object: 'list',
    data: page,
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: start + page.length < keys.length,
  });
}

/** The keys of an organization, with Keyturn's own among them. */
function keysOf({ caller, headers, now, store }: Call, account: string) {
  const [end = ''] =
    caller.kind === 'admin' ? (/.{3}$/.exec(headers.get('authorization') ?? '') ?? []) : ['xyz'];
  const own = {
    ...OWNED,
    id: adminIdOf(account),
    name: 'Keyturn',
    redacted_value: `sk-admin...${end}`,
    created_at: Math.floor(now / 1_000),
    expires_at: null,
  };
  return [own, ...store.of(account).map(shown)];
}

const OWNED = {
  object: 'organization.admin_api_key',
  owner: {
    type: 'user',
    object: 'organization.user',
    id: 'user-abc',
    name: 'Ann',
    created_at: 0,
    role: 'owner',
  },
};

function shown(key: Kept) {
  const { id, name, value, expiresAt, lastUsedAt } = key;
  return {
    ...OWNED,
    id,
    name,
    redacted_value: `sk-admin...${value.slice(-3)}`,
    created_at: seconds(key),
    expires_at: expiresAt === undefined ? null : expiresAt / SECOND,
    last_used_at: lastUsedAt === undefined ? null : Math.floor(lastUsedAt / SECOND),
  };
}

function idOf(account: string): string {
  return account.slice('organizations/'.length);
}

function adminIdOf(account: string): string {
  return `key_admin_${idOf(account)}`;
}
