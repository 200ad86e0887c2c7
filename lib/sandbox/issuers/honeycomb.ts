import * as z from 'zod';
import { bearerOf, isoSeconds } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const TEAM = 'acme';
const KEYS = `/2/teams/${TEAM}/api-keys`;
const MANAGER = `hcamk_${'0'.repeat(26)}`;

const NewKey = z.strictObject({
  data: z.strictObject({
    type: z.literal('api-keys'),
    attributes: z.strictObject({
      name: z.string().min(1),
      key_type: z.literal('ingest'),
      disabled: z.boolean().optional(),
      permissions: z.strictObject({ create_datasets: z.boolean().optional() }).optional(),
    }),
    relationships: z.strictObject({
      environment: z.strictObject({
        data: z.strictObject({ id: z.string(), type: z.literal('environments') }),
      }),
    }),
  }),
});
/** Left out: the name, and the permissions. */
const Update = z.strictObject({
  data: z.strictObject({
    id: z.string(),
    type: z.literal('api-keys'),
    attributes: z.strictObject({ disabled: z.boolean() }),
  }),
});
const Listing = z.strictObject({
  'filter[type]': z.enum(['ingest', 'configuration']).optional(),
  'page[size]': z.coerce.number().int().min(1).max(100).default(20),
  'page[after]': z.string().optional(),
});

const RULES: MintingRules = {
  provider: 'honeycomb',
  host: 'honeycomb.keyturn.test',
  account: (index) => `environments/hcaen_${String(index).padStart(26, '0')}`,
  admin: (key) => ({ team: TEAM, keyId: MANAGER, token: key }),
  grant: (account) => ({ environment: idOf(account), createDatasets: false }),
  id: (_number, random) => `hcaik_01${random(24).toLowerCase()}`,
  value: (id, random) => id + random(32).toLowerCase(),
  handle: ({ id }) => id,
  presented: (request) => {
    const [id, secret] = bearerOf(request)?.split(':') ?? [];
    return id === MANAGER ? secret : (request.headers.get('x-honeycomb-team') ?? undefined);
  },
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/1/auth', headers: { 'x-honeycomb-team': key } }),
  answer,
};

/**
 * Honeycomb as far as ingest keys go. Source: honeycombio/terraform-provider-honeycombio, client/auth.go and
 * client/v2; docs.honeycomb.io, "Key Management".
 */
export function honeycombSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (path === '/1/auth') return authorizations(call);
  if (caller.kind !== 'admin')
    return failed(401, 'unauthenticated/invalid-key', 'invalid API key', { header: 'Authorization' });
  if (path === '/2/auth')
    return inJsonApi({
      data: {
        id: MANAGER,
        type: 'api-keys',
        attributes: {
          name: 'keyturn',
          key_type: 'management',
          disabled: false,
          scopes: ['api-keys:write'],
          timestamps: {},
        },
      },
    });
  if (path === KEYS) return method === 'POST' ? create(call) : list(call);
  const found = store.all().find(({ id }) => path === `${KEYS}/${id}`);
  if (!found) return failed(404, 'not-found', 'not found');
  if (method === 'PATCH') return update(call, found);
  if (method !== 'DELETE') return failed(404, 'not-found', 'not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/**
 * Source: client/auth.go, and answers of api.honeycomb.io. How a disabled key is refused is not documented:
 * here in the words for one that is not known.
 */
function authorizations({ caller }: Call): Response {
  if (caller.kind !== 'credential')
    return Response.json({ error: 'unknown API key - check your credentials' }, { status: 401 });
  return Response.json({
    api_key_access: { events: true, create_datasets: false },
    environment: { name: 'Shop', slug: 'shop' },
    team: { name: 'Acme', slug: TEAM },
  });
}

function create({ body, headers, store }: Call): Response {
  const asked = NewKey.safeParse(body);
  if (headers.get('content-type') !== 'application/vnd.api+json' || !asked.success)
    return failed(422, 'validation-failed', 'validation failed');
  const { attributes, relationships } = asked.data.data;
  const account = `environments/${relationships.environment.data.id}`;
  if (!store.has(account)) return failed(404, 'not-found', 'not found');
  const isCreator = attributes.permissions?.create_datasets === true;
  const scopes = isCreator ? ['create_datasets'] : [];
  const made = store.add(account, { name: attributes.name, scopes, expiresAt: undefined });
  return inJsonApi({ data: shown(made, { secret: made.value.slice(made.id.length) }) }, 201);
}

function update({ body, headers, store }: Call, kept: Kept): Response {
  const asked = Update.safeParse(body);
  const isJsonApi = headers.get('content-type') === 'application/vnd.api+json';
  if (!isJsonApi || !asked.success || asked.data.data.id !== kept.id)
    return failed(422, 'validation-failed', 'validation failed');
  store.disable(kept, asked.data.data.attributes.disabled);
  return inJsonApi({ data: shown(kept, {}) });
}

function list({ query, store }: Call): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'bad-request', 'invalid query');
  const { 'page[size]': size, 'page[after]': after } = asked.data;
  const keys = store.all();
  const start = after === undefined ? 0 : keys.findIndex(({ id }) => id === after) + 1;
  const page = keys.slice(start, start + size);
  const next =
    start + size < keys.length
      ? { next: `${KEYS}?page[after]=${page.at(-1)?.id}&page[size]=${size}&filter[type]=ingest` }
      : {};
  return inJsonApi({ data: page.map((one) => shown(one, {})), links: next });
}

function shown({ id, name, account, scopes, createdAt, disabledAt }: Kept, more: object): object {
  return {
    id,
    type: 'api-keys',
    attributes: {
      name,
      key_type: 'ingest',
      disabled: disabledAt !== undefined,
      permissions: { create_datasets: scopes.includes('create_datasets') },
      timestamps: { created: isoSeconds(createdAt), updated: isoSeconds(createdAt) },
      ...more,
    },
    relationships: { environment: { data: { id: idOf(account), type: 'environments' } } },
    links: { self: `${KEYS}/${id}` },
  };
}

function idOf(account: string): string {
  return account.slice('environments/'.length);
}

function inJsonApi(body: object, status = 200): Response {
  const headers = { 'content-type': 'application/vnd.api+json' };
  return new Response(JSON.stringify(body), { status, headers });
}

function failed(status: number, code: string, title: string, source?: object): Response {
  return inJsonApi({ errors: [{ status: String(status), code, title, ...(source && { source }) }] }, status);
}
