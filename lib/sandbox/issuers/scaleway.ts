import * as z from 'zod';
import { iso, pageOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const ORGANIZATION = '00000000-0000-4000-8000-000000000000';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** Source: scaleway.com, "Organization quotas". */
const MOST_KEYS = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const NewKey = z.strictObject({
  application_id: z.string().regex(UUID),
  description: z.string().max(200).default(''),
  expires_at: z.iso.datetime({ offset: true }).optional(),
  default_project_id: z.string().regex(UUID).default(ORGANIZATION),
});
const Listing = z.strictObject({
  organization_id: z.literal(ORGANIZATION),
  bearer_id: z.string().regex(UUID).optional(),
  order_by: z.literal('created_at_asc').optional(),
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(20),
});

const RULES: MintingRules = {
  provider: 'scaleway',
  host: 'scaleway.keyturn.test',
  account: (index) => `applications/00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  admin: (pair) => ({ organization: ORGANIZATION, token: secretIn(pair) }),
  grant: (account) => ({ application: idOf(account), maxDays: 60 }),
  id: (_number, random) =>
    `SCW${[...Buffer.from(random(17))].map((byte) => CAPITALS[byte % CAPITALS.length]).join('')}`,
  value: (id, random) => `${id}:${uuidFrom(Buffer.from(random(16)).toString('hex'))}`,
  handle: ({ id }) => id,
  presented: (request) => request.headers.get('x-auth-token') ?? undefined,
  sent: secretIn,
  byHand: { scopes: [] },
  stored: (pair) => ({ api_key: pair }),
  use: (pair) => ({
    path: '/instance/v1/zones/fr-par-1/servers',
    headers: { 'x-auth-token': secretIn(pair) },
  }),
  answer,
};

/**
 * A Scaleway as far as API keys of IAM applications go. Source: scaleway/scaleway-sdk-go,
 * api/iam/v1alpha1/iam_sdk.go and scw/errors.go; scaleway/terraform-provider-scaleway, recorded answers.
 */
export function scalewaySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store, headers } = call;
  if (caller.kind === 'unauthenticated') return unauthenticated(headers.get('x-auth-token') ?? '');
  if (caller.kind === 'credential' && path.startsWith('/instance/')) return Response.json({ servers: [] });
  const [isKeys, id] = /^\/iam\/v1alpha1\/api-keys(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isKeys === undefined) return failed(404, 'not_found', 'resource is not found', {});
  // An application has no right in IAM unless a policy gives it.
  if (caller.kind === 'credential')
    return failed(403, 'permissions_denied', 'insufficient permissions', {
      details: [{ action: method === 'GET' ? 'read' : 'write', resource: 'api_key' }],
    });
  if (id === undefined) return method === 'POST' ? create(call) : list(call);
  const found = store.all().find((one) => one.id === id);
  if (!found)
    return failed(404, 'not_found', 'resource is not found', { resource: 'api_key', resource_id: id });
  if (method === 'GET') return Response.json(shown(found, null));
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, store }: Call): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return invalid(String(asked.error.issues[0]?.path[0]));
  const { application_id: application, description: name, expires_at: end } = asked.data;
  const account = `applications/${application}`;
  if (!store.has(account))
    return failed(404, 'not_found', 'resource is not found', {
      resource: 'application',
      resource_id: application,
    });
  if (store.all().length >= MOST_KEYS)
    return failed(403, 'quotas_exceeded', 'quota(s) exceeded for this resource', {
      details: [{ resource: 'IamApiKeys', quota: MOST_KEYS, current: MOST_KEYS }],
    });
  const expiresAt = end === undefined ? undefined : Date.parse(end);
  const made = store.add(account, { name, scopes: [], expiresAt });
  return Response.json({
    ...shown(made, secretIn(made.value)),
    default_project_id: asked.data.default_project_id,
  });
}

function list({ query, store }: Call): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return invalid(String(asked.error.issues[0]?.path[0]));
  const { bearer_id: bearer, page, page_size: size } = asked.data;
  const keys = bearer === undefined ? store.all() : store.of(`applications/${bearer}`);
  return Response.json({
    api_keys: pageOf(keys, page, size).map((one) => shown(one, null)),
    total_count: keys.length,
  });
}

function shown({ id, name, account, createdAt, expiresAt }: Kept, secretKey: string | null): object {
  return {
    srn: `srn://iam.scw.eu/api-keys/${id}`,
    access_key: id,
    secret_key: secretKey,
    description: name,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    expires_at: expiresAt === undefined ? null : iso(expiresAt),
    default_project_id: ORGANIZATION,
    editable: true,
    deletable: true,
    managed: false,
    creation_ip: '192.0.2.1',
    application_id: idOf(account),
  };
}

function idOf(account: string): string {
  return account.slice('applications/'.length);
}

function secretIn(pair: string): string {
  return pair.slice(pair.indexOf(':') + 1);
}

function uuidFrom(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function unauthenticated(token: string): Response {
  const reason = UUID.test(token) ? 'not_found' : 'invalid_argument';
  return failed(401, 'denied_authentication', 'authentication is denied', { method: 'api_key', reason });
}

function invalid(argument: string): Response {
  return failed(400, 'invalid_arguments', 'invalid argument(s)', {
    details: [{ argument_name: argument, reason: 'constraint', help_message: '' }],
  });
}

function failed(status: number, type: string, message: string, more: object): Response {
  return Response.json({ ...more, message, type }, { status });
}
