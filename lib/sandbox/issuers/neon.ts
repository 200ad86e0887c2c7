import * as z from 'zod';
import { bearerOf, iso } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const PROJECT = 'calm-sea-87654321';
const USER = '01234567-89ab-4cde-8f01-23456789abcd';

/** Source: neon.com, "Create organization API key": a name of at most 64 characters. */
const NewKey = z.strictObject({ key_name: z.string().min(1).max(64), project_id: z.string().optional() });

const RULES: MintingRules = {
  provider: 'neon',
  host: 'neon.keyturn.test',
  account: (index) => `organizations/org-quiet-river-${index}`,
  admin: (token) => ({ token }),
  // Every second organization's keys reach one project.
  grant: (account) => ({
    organization: idOf(account),
    ...(/[13579]$/.test(account) && { project: PROJECT }),
  }),
  id: (number) => String(200 + number),
  value: (_id, random) => `napi_${random(64).toLowerCase()}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [PROJECT] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({
    path: `/api/v2/projects/${PROJECT}`,
    headers: { authorization: `Bearer ${key}` },
  }),
  answer,
};

/**
 * Neon as far as API keys of organizations go. Source: @neondatabase/api-client, dist/api.gen.d.ts; whose a
 * key is: neondatabase/mcp-server-neon.
 */
export function neonSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (caller.kind === 'unauthenticated')
    return failed(401, 'supplied credentials do not pass authentication');
  if (path === '/api/v2/auth' && method === 'GET')
    return caller.kind === 'admin'
      ? Response.json({ account_id: USER, auth_method: 'api_key_user', auth_data: '1' })
      : Response.json({
          account_id: idOf(caller.credential.account),
          auth_method: 'api_key_org',
          auth_data: caller.credential.id,
        });
  if (path === `/api/v2/projects/${PROJECT}` && method === 'GET')
    return Response.json({ project: { id: PROJECT } });
  const [, organization, id] = /^\/api\/v2\/organizations\/([^/]+)\/api_keys(?:\/(\d+))?$/.exec(path) ?? [];
  const account = `organizations/${organization ?? ''}`;
  if (organization === undefined || caller.kind === 'credential' || !store.has(account))
    return failed(404, 'not found');
  if (id === undefined)
    return method === 'POST' ? create(call, account) : Response.json(store.of(account).map(listed));
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'not found');
  store.revoke(found);
  return Response.json({ ...shown(found), ...used(found), created_by: USER, revoked: true });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'the request is invalid');
  const { key_name: name, project_id: project } = asked.data;
  const scopes = project === undefined ? [] : [project];
  const made = store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json({ ...shown(made), key: made.value, created_by: USER });
}

function listed(key: Kept) {
  return { ...shown(key), ...used(key), created_by: { id: USER, name: 'Keyturn', image: '' } };
}

function used({ lastUsedAt }: Kept) {
  return {
    last_used_at: lastUsedAt === undefined ? null : iso(lastUsedAt),
    last_used_from_addr: lastUsedAt === undefined ? '' : '192.0.2.1',
  };
}

function shown({ id, name, scopes: [project], createdAt }: Kept) {
  return {
    id: Number(id),
    name,
    created_at: iso(createdAt),
    ...(project !== undefined && { project_id: project }),
  };
}

function idOf(account: string): string {
  return account.slice('organizations/'.length);
}

function failed(status: number, message: string): Response {
  return Response.json({ request_id: '01234567-0000-4000-8000-000000000000', code: '', message }, { status });
}
