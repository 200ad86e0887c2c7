import * as z from 'zod';
import { iso, pageOf } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const KEYS = '/api/v2/api_keys';
const PERSON = '01234567-89ab-4cde-8f01-23456789abcd';
/** Source: `max_allowed` in the recordings of DataDog/datadog-api-client-ruby. */
const MOST = 200;
const APPLICATION = 'application-key';

const NewKey = z.strictObject({
  data: z.strictObject({
    type: z.literal('api_keys'),
    attributes: z.strictObject({
      name: z.string().min(1),
      category: z.string().optional(),
      remote_config_read_enabled: z.boolean().default(true),
    }),
  }),
});
/** Source: docs.datadoghq.com, "Get all API keys": pages from 0, of 100 at most. */
const Listing = z.strictObject({
  'page[size]': z.coerce.number().int().min(1).max(100).default(10),
  'page[number]': z.coerce.number().int().min(0).default(0),
  sort: z.literal('created_at').optional(),
});

const RULES: MintingRules = {
  provider: 'datadog',
  host: 'datadog.keyturn.test',
  account: (index) => `organizations/org${index}`,
  admin: () => ({}),
  grant: (account, key) => ({
    organization: nameOf(account),
    apiKey: ofOwner(key, nameOf(account)),
    applicationKey: ofOwner(APPLICATION, nameOf(account)),
    remoteConfiguration: false,
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => Buffer.from(random(16)).toString('hex'),
  handle: ({ id }) => id,
  presented: (request) => credentialIn(request.headers.get('dd-api-key') ?? ''),
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/api/v2/series', headers: { 'dd-api-key': key } }),
  answer,
};

/**
 * Datadog as far as API keys go. Source: DataDog/datadog-api-client-typescript, apis/KeyManagementApi.ts;
 * DataDog/datadog-api-client-ruby, cassettes/features/v2/key_management; docs.datadoghq.com.
 */
export function datadogSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  const isKnown = caller.kind === 'admin' || caller.kind === 'credential';
  if (path === '/api/v1/validate') return isKnown ? Response.json({ valid: true }) : failed(403, 'Forbidden');
  // What a consumer sends metrics with: not asked by Keyturn.
  if (path === '/api/v2/series' && isKnown) return Response.json({ errors: [] }, { status: 202 });
  if (!isKnown) return failed(401, 'Unauthorized');
  const organization = ownerIn(headers.get('dd-application-key') ?? '') ?? '';
  const account = `organizations/${organization}`;
  const isOwn = headers.get('dd-application-key') === ofOwner(APPLICATION, organization);
  if (!isOwn || !store.has(account)) return failed(403, 'Forbidden');
  if (path === KEYS) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find(({ id }) => path === `${KEYS}/${id}`);
  if (!found || method !== 'DELETE') return failed(404, 'API key not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** Source of the limit's words: DataDog/terraform-provider-datadog, pull request 4072. */
function create({ body, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'Bad Request');
  if (store.of(account).length >= MOST)
    return failed(400, 'You have exceeded the maximum number of permitted API keys');
  const { name, remote_config_read_enabled: isReader } = asked.data.data.attributes;
  // Source: docs.datadoghq.com, "API and Application Keys".
  if (store.of(account).some((one) => one.name === name)) return failed(409, 'Conflict');
  const scopes = isReader ? ['remote_config_read'] : [];
  const made = store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json({ data: shown(made, { key: made.value }) }, { status: 201 });
}

function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'Bad Request');
  const keys = store.of(account);
  const page = pageOf(keys, asked.data['page[number]'] + 1, asked.data['page[size]']);
  return Response.json({
    data: page.map((one) =>
      shown(one, { date_last_used: one.lastUsedAt === undefined ? null : moment(iso(one.lastUsedAt)) }),
    ),
    meta: { page: { total_filtered_count: keys.length }, max_allowed: MOST },
  });
}

function shown({ id, name, scopes, value, createdAt }: Kept, more: object): object {
  const by = { data: { type: 'users', id: PERSON } };
  return {
    type: 'api_keys',
    id,
    attributes: {
      created_at: moment(iso(createdAt)),
      last4: value.slice(-4),
      modified_at: moment(iso(createdAt)),
      remote_config_read_enabled: scopes.includes('remote_config_read'),
      category: 'default',
      name,
      ...more,
    },
    relationships: { created_by: by, modified_by: by, leak_information: { data: null } },
  };
}

/** As the recordings have it: `2025-09-08T09:24:43.558793+00:00`. */
function moment(text: string): string {
  return text.replace('Z', '000+00:00');
}

function nameOf(account: string): string {
  return account.slice('organizations/'.length);
}

function failed(status: number, error: string): Response {
  return Response.json({ errors: [error] }, { status });
}
