import * as z from 'zod';
import { iso, pageOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** The API key of the organization, which every call needs. */
const API_KEY = 'a1'.repeat(16);
const SCOPES = ['hosts_read', 'monitors_read'];
/** Source: `max_allowed_per_user` in the recordings of DataDog/datadog-api-client-ruby. */
const MOST = 1_000;

const NewKey = z.strictObject({
  data: z.strictObject({
    type: z.literal('application_keys'),
    attributes: z.strictObject({ name: z.string().min(1), scopes: z.array(z.string()).nullish() }),
  }),
});
/** Source: docs.datadoghq.com: pages from 0, of 100 at most. */
const Listing = z.strictObject({
  'page[size]': z.coerce.number().int().min(1).max(100).default(10),
  'page[number]': z.coerce.number().int().min(0).default(0),
  sort: z.literal('created_at').optional(),
});

const RULES: MintingRules = {
  provider: 'datadog-app-key',
  host: 'datadog-keys.keyturn.test',
  account: (index) => `service_accounts/${String(index).padStart(8, '0')}-5e1f-4000-8000-0123456789ab`,
  admin: (value) => ({ apiKey: API_KEY, applicationKey: value }),
  grant: (account) => ({ serviceAccount: ownerOf(account), scopes: SCOPES }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => Buffer.from(random(20)).toString('hex'),
  handle: ({ id }) => id,
  presented: ({ headers }) => headers.get('dd-application-key') ?? undefined,
  byHand: { scopes: SCOPES },
  stored: (key) => ({ application_key: key }),
  use: (key) => ({
    path: '/api/v1/monitor',
    headers: { 'dd-api-key': API_KEY, 'dd-application-key': key },
  }),
  answer,
};

/**
 * Datadog as far as application keys of service accounts go. Source:
 * DataDog/datadog-api-client-typescript, apis/ServiceAccountsApi.ts; DataDog/datadog-api-client-ruby,
 * cassettes/features/v2/service_accounts; docs.datadoghq.com.
 */
export function datadogAppKeySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

/** In which words a pair is refused is not documented: these are those of the rest of the API. */
function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  const isKnown = headers.get('dd-api-key') === API_KEY;
  if (path === '/api/v1/validate') return isKnown ? Response.json({ valid: true }) : failed(403, 'Forbidden');
  if (!isKnown) return failed(401, 'Unauthorized');
  if (caller.kind !== 'admin' && caller.kind !== 'credential') return failed(403, 'Forbidden');
  const read = caller.kind === 'credential' ? readable(path, caller.credential.scopes) : undefined;
  if (read) return Response.json(read);
  if (caller.kind === 'credential') return failed(403, 'Forbidden');
  const [, account = '', id] =
    /^\/api\/v2\/(service_accounts\/[0-9a-f-]{36})\/application_keys(?:\/([0-9a-f-]{36}))?$/.exec(path) ?? [];
  if (!store.has(account)) return failed(404, 'Service account not found');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'Application key not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** Source: docs.datadoghq.com, and the recordings. The last one is what a consumer reads. */
const READABLE: Readonly<Record<string, readonly [scope: string, answer: object]>> = {
  '/api/v1/hosts/totals': ['hosts_read', { total_active: 2, total_up: 2 }],
  '/api/v1/monitor/search': [
    'monitors_read',
    { monitors: [], counts: {}, metadata: { page: 0, page_count: 0, per_page: 1, total_count: 0 } },
  ],
  '/api/v1/dashboard': ['dashboards_read', { dashboards: [] }],
  '/api/v2/users': [
    'user_access_read',
    { data: [], meta: { page: { total_count: 0, total_filtered_count: 0 } } },
  ],
  '/api/v1/monitor': ['monitors_read', []],
};

function readable(path: string, scopes: readonly string[]): object | undefined {
  const [scope = '', answer] = READABLE[path] ?? [];
  return scopes.includes(scope) ? answer : undefined;
}

/** How one too many is refused is not documented. */
function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success || store.of(account).length >= MOST) return failed(400, 'Bad Request');
  const { name, scopes } = asked.data.data.attributes;
  const made = store.add(account, { name, scopes: scopes ?? [], expiresAt: undefined });
  return Response.json({ data: shown(made, { key: made.value }) }, { status: 201 });
}

function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'Bad Request');
  const keys = store.of(account);
  const page = pageOf(keys, asked.data['page[number]'] + 1, asked.data['page[size]']);
  return Response.json({
    data: page.map((one) => shown(one, {})),
    meta: { page: { total_filtered_count: keys.length }, max_allowed_per_user: MOST },
  });
}

function shown({ id, account, name, scopes, value, createdAt }: Kept, more: object): object {
  return {
    type: 'application_keys',
    id,
    attributes: {
      name,
      created_at: moment(iso(createdAt)),
      last4: value.slice(-4),
      ...more,
      scopes: scopes.length > 0 ? scopes : null,
    },
    relationships: {
      owned_by: { data: { type: 'users', id: ownerOf(account) } },
      leak_information: { data: null },
    },
  };
}

/** As the recordings have it: `2022-05-12T09:53:22.022194+00:00`. */
function moment(text: string): string {
  return text.replace('Z', '000+00:00');
}

function ownerOf(account: string): string {
  return account.slice('service_accounts/'.length);
}

function failed(status: number, error: string): Response {
  return Response.json({ errors: [error] }, { status });
}
