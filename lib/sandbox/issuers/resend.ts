import * as z from 'zod';
import { bearerOf, iso } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: resend.com, "Create API key", 50 signs; resend/resend-openapi, resend.yaml. */
const NewKey = z.strictObject({
  name: z.string().min(1).max(50),
  permission: z.enum(['full_access', 'sending_access']).default('full_access'),
  domain_id: z.string().optional(),
});
const Listing = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  after: z.string().optional(),
});

const RULES: MintingRules = {
  provider: 'resend',
  host: 'resend.keyturn.test',
  account: (index) => `teams/team${index}`,
  admin: () => ({}),
  grant: (account, key) => ({
    team: nameOf(account),
    token: ofOwner(key, nameOf(account)),
    permission: 'sending_access',
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => `re_${random(8)}_${random(24)}`,
  handle: ({ id }) => id,
  presented: (request) => credentialIn(bearerOf(request) ?? ''),
  byHand: { scopes: ['sending_access'] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/emails', headers: { authorization: `Bearer ${key}` } }),
  answer,
};

/**
 * Resend as far as API keys go. Source: resend/resend-openapi, resend.yaml; the refusals: resend.com,
 * "Errors".
 */
export function resendSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (!headers.has('authorization')) return failed(401, 'missing_api_key', 'Missing API Key');
  if (caller.kind === 'unauthenticated') return failed(400, 'validation_error', 'API key is invalid');
  // What a consumer sends an email with: not asked by Keyturn.
  if (path === '/emails') return Response.json({ id: 'an-email' });
  if (caller.kind === 'credential' && !caller.credential.scopes.includes('full_access'))
    return failed(401, 'restricted_api_key', 'This API key is restricted to only send emails');
  const team = ownerIn(headers.get('authorization') ?? '');
  const account = caller.kind === 'credential' ? caller.credential.account : `teams/${team}`;
  const [isKeys, id] = /^\/api-keys(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isKeys === undefined || !store.has(account))
    return failed(404, 'not_found', 'The requested endpoint does not exist.');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'not_found', 'API key not found');
  store.revoke(found);
  return Response.json({ object: 'api_key', id, deleted: true });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(422, 'validation_error', 'The request is invalid.');
  const { name, permission } = asked.data;
  const { id, value } = store.add(account, { name, scopes: [permission], expiresAt: undefined });
  return Response.json({ id, token: value }, { status: 201 });
}

function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(422, 'validation_error', 'The request is invalid.');
  const { limit = Infinity, after } = asked.data;
  const keys = store.of(account);
  const start = after === undefined ? 0 : keys.findIndex(({ id }) => id === after) + 1;
  const page = keys.slice(start, start + limit);
  return Response.json({
    object: 'list',
    has_more: start + page.length < keys.length,
    data: page.map(shown),
  });
}

function shown({ id, name, createdAt, lastUsedAt }: Kept): object {
  return {
    id,
    name,
    created_at: moment(iso(createdAt)),
    last_used_at: lastUsedAt === undefined ? null : moment(iso(lastUsedAt)),
  };
}

/** As resend.yaml shows it: `2023-10-06 23:47:56.678+00`. */
function moment(text: string): string {
  return text.replace('T', ' ').replace('Z', '+00');
}

function nameOf(account: string): string {
  return account.slice('teams/'.length);
}

function failed(statusCode: number, name: string, message: string): Response {
  return Response.json({ statusCode, name, message }, { status: statusCode });
}
