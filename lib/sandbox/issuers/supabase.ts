import * as z from 'zod';
import { bearerOf, iso } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: supabase/cli, packages/api/src/generated/openapi.json, CreateApiKeyBody. */
const NewKey = z.strictObject({
  type: z.enum(['publishable', 'secret']),
  name: z
    .string()
    .min(4)
    .max(64)
    .regex(/^[a-z_][a-z0-9_]+$/),
  description: z.string().nullish(),
  secret_jwt_template: z.object({ role: z.string() }).nullish(),
});
const Reveal = z.strictObject({ reveal: z.enum(['true', 'false']).default('false') });

/** The fixed start of a value, and the five signs after it that lists show. */
const SHOWN = 'sb_secret_'.length + 5;

/** So many projects have a host. Their references differ in their last letters, which stand for a number. */
const PROJECTS = 40;
const PROJECT = 'shopshopshopshop';
const NUMBER = 4;

const RULES: MintingRules = {
  provider: 'supabase',
  host: 'supabase.keyturn.test',
  otherHosts: (host) => Array.from({ length: PROJECTS }, (_, index) => `${refOf(index + 1)}.${host}`),
  account: (index) => `projects/${refOf(index)}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ project: account.slice('projects/'.length) }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random, account) =>
    account === undefined
      ? `sbp_${random(40)}`
      : `sb_secret_${random(18)}${account.slice(-NUMBER)}_${random(8)}`,
  handle: ({ id }) => id,
  presented: (request) => request.headers.get('apikey') ?? bearerOf(request),
  byHand: { scopes: ['service_role'] },
  stored: (key) => ({ secret_key: key }),
  use: (key) => ({
    host: `${PROJECT}${numberIn(key)}.supabase.keyturn.test`,
    path: '/rest/v1/orders',
    headers: { apikey: key },
  }),
  answer,
};

/**
 * Supabase as far as API keys of projects go: its Management API and the hosts of the projects. Source:
 * supabase/cli, packages/api/src/generated/openapi.json and apps/cli-e2e/fixtures; supabase.com, "API keys";
 * supabase/auth, internal/api.
 */
export function supabaseSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, host, headers, store } = call;
  const [, ref] = /^([a-z]{20})\./.exec(host) ?? [];
  if (ref !== undefined) return project(call, `projects/${ref}`);
  // Users report these words for a text that is no token, and no others.
  if (caller.kind !== 'admin' || headers.has('apikey')) return told(401, 'JWT could not be decoded');
  const [isKeys, owner = '', id] = /^\/v1\/projects\/([a-z]{20})\/api-keys(?:\/([\w-]+))?$/.exec(path) ?? [];
  const account = `projects/${owner}`;
  const asked = Reveal.safeParse(Object.fromEntries(call.query));
  if (isKeys === undefined) return told(404, `Cannot ${method} ${path}`);
  if (!store.has(account)) return told(403, 'Forbidden resource');
  if (!asked.success) return told(400, 'reveal: Invalid');
  const isRevealed = asked.data.reveal === 'true';
  if (id === undefined && method === 'POST') return create(call, account, isRevealed);
  if (id === undefined) return Response.json(list(store.of(account), isRevealed));
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return told(404, 'API key not found');
  if (method !== 'DELETE') return told(404, `Cannot ${method} ${path}`);
  store.revoke(found);
  return Response.json(shown(found, isRevealed));
}

/**
 * The gateway of a project, and Auth and the data behind it. Its refusals: supabase.com, "API keys", and
 * answers that users report.
 */
function project({ caller, path, headers, store }: Call, account: string): Response {
  // One that is gone has no address any more: this is what stands there else.
  if (!store.has(account)) return new Response('project not found', { status: 404 });
  if (!headers.has('apikey'))
    return told(401, 'No API key found in request', 'No `apikey` request header or url param was found.');
  if (caller.kind !== 'credential' || caller.credential.account !== account)
    return told(
      401,
      'Unregistered API key',
      'Double check the provided API key as it is not registered for this project.',
    );
  if ((headers.get('user-agent') ?? '').startsWith('Mozilla/'))
    return told(
      401,
      'Forbidden use of secret API key in browser',
      'Secret API keys can only be used in a protected environment and should never be used in a browser.',
    );
  if (path.startsWith('/rest/v1/')) return Response.json([]);
  if (!caller.credential.scopes.includes('service_role')) return failed(403, 'not_admin', 'User not allowed');
  return failed(404, 'user_not_found', 'User not found');
}

function create({ body, store }: Call, account: string, isRevealed: boolean): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success || asked.data.type !== 'secret') return told(400, 'name: Invalid');
  const { name, secret_jwt_template: template } = asked.data;
  const made = store.add(account, { name, scopes: [template?.role ?? 'service_role'], expiresAt: undefined });
  return Response.json(shown(made, isRevealed), { status: 201 });
}

/** Keys of all types. Values of legacy and publishable keys are shown, whatever is asked. */
function list(keys: readonly Kept[], isRevealed: boolean): readonly object[] {
  const legacy = ['anon', 'service_role'].map((name) => ({
    name,
    api_key: `eyJhbGciOiJIUzI1NiJ9.${name}.signature`,
    id: name,
    type: 'legacy',
    hash: 'siXHwep1ApnLzvWXuo9Z9T8gGEi_5wsAy961FvvL7tA',
    prefix: 'tbn2D',
    description: `Legacy ${name} API key`,
  }));
  const publishable = {
    id: '11111111-1111-4111-8111-111111111111',
    name: 'default',
    type: 'publishable',
    api_key: 'sb_publishable_000000000000000000000_00000000',
    description: null,
    secret_jwt_template: null,
    hash: 'WeAFS20kmJFGweFuqH67uz_how1IsOEN9zV5frxlxdQ',
    prefix: 'sb_publishable_00000',
    inserted_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
  return [...legacy, publishable, ...keys.map((key) => shown(key, isRevealed))];
}

function shown({ id, name, value, scopes: [role], createdAt }: Kept, isRevealed: boolean): object {
  const prefix = value.slice(0, SHOWN);
  return {
    id,
    name,
    type: 'secret',
    api_key: isRevealed ? value : prefix.padEnd(value.length, '·'),
    description: null,
    secret_jwt_template: { role },
    hash: 'FvtYm3yeZhdzPqOOwrGv685cJXzUJINIUxptXTRI05E',
    prefix,
    inserted_at: iso(createdAt),
    updated_at: iso(createdAt),
  };
}

/** The reference of the n-th project. */
function refOf(index: number): string {
  const digits = String(index).padStart(NUMBER, '0');
  return PROJECT + digits.replaceAll(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)));
}

/** Consumers know the address of their project. Here its number stands in a key, so that it is found. */
function numberIn(key: string): string {
  return /^sb_secret_\w{18}([a-j]{4})_/.exec(key)?.[1] ?? refOf(1).slice(-NUMBER);
}

function told(status: number, message: string, hint?: string): Response {
  return Response.json({ message, ...(hint !== undefined && { hint }) }, { status });
}

function failed(code: number, errorCode: string, msg: string): Response {
  return Response.json({ code, error_code: errorCode, msg }, { status: code });
}
