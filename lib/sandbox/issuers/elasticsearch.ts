import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { userOf as loginIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const Role = z.strictObject({
  cluster: z.array(z.string()).optional(),
  indices: z
    .array(z.strictObject({ names: z.array(z.string()), privileges: z.array(z.string()) }))
    .optional(),
});
const Roles = z.record(z.string(), Role);
const NewKey = z.strictObject({
  name: z.string().min(1),
  expiration: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  role_descriptors: Roles.optional(),
});
const Ended = z.strictObject({ ids: z.array(z.string()).min(1), owner: z.literal(true) });

const ROLES: z.infer<typeof Roles> = {
  search: { cluster: ['monitor'], indices: [{ names: ['products-*'], privileges: ['read'] }] },
};
const REALM = { name: 'default_native', type: 'native' };

const RULES: MintingRules = {
  provider: 'elasticsearch',
  host: 'search.keyturn.test',
  account: (index) => `_security/user/u${index}`,
  admin: () => ({}),
  grant: (account) => ({
    user: userOf(account),
    password: passwordOf(userOf(account)),
    roles: ROLES,
    maxDays: 60,
  }),
  id: (_number, random) => random(20),
  value: (id, random) => Buffer.from(`${id}:${random(22)}`).toString('base64'),
  handle: ({ id }) => id,
  presented: (request) => /^ApiKey (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1],
  byHand: { scopes: [JSON.stringify(ROLES)] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/_security/_authenticate', headers: { authorization: `ApiKey ${key}` } }),
  answer,
};

/**
 * An Elasticsearch as far as API keys of native users go. Source: elastic/elasticsearch-specification,
 * output/openapi; the refusals: elastic/elasticsearch, ApiKeyService.java, Authenticator.java,
 * DefaultAuthenticationFailureHandler.java.
 */
export function elasticsearchSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, headers, method, path } = call;
  if (caller.kind === 'credential') {
    if (path === '/_security/_authenticate') return self(caller.credential);
    return failed(403, 'action is unauthorized for API key');
  }
  const user = signedIn(call);
  if (user === undefined) return notKnown(headers.get('authorization') ?? '', path);
  if (path === '/_security/_authenticate')
    return Response.json({ ...selfOf(user), authentication_type: 'realm' });
  if (path !== '/_security/api_key') return failed(400, 'no handler found for uri');
  const account = `_security/user/${user}`;
  if (method === 'POST') return create(call, account);
  if (method === 'DELETE') return invalidate(call, account);
  if (call.query.get('owner') !== 'true') return failed(403, 'action is unauthorized for user');
  return Response.json({ api_keys: call.store.of(account).map(shown) });
}

/** The user whose name and password a request brings. */
function signedIn({ headers, store }: Call): string | undefined {
  const { user = '', password } = loginIn(headers) ?? {};
  return password === passwordOf(user) && store.has(`_security/user/${user}`) ? user : undefined;
}

function notKnown(sent: string, path: string): Response {
  const [, key] = /^ApiKey (.+)$/.exec(sent) ?? [];
  if (key === undefined) {
    const [user = ''] = Buffer.from(sent.slice('Basic '.length), 'base64').toString().split(':');
    return failed(401, `unable to authenticate user [${user}] for REST request [${path}]`);
  }
  const [id = ''] = Buffer.from(key, 'base64').toString().split(':');
  const what = /^[\w+/]+=*$/.test(key)
    ? `unable to find apikey with id ${id}`
    : 'Illegal base64 character 20';
  return failed(
    401,
    'unable to authenticate with provided credentials and anonymous access is not allowed for this request',
    { additional_unsuccessful_credentials: `API key: ${what}` },
  );
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'failed to parse request');
  const { name, expiration, role_descriptors: roles = {} } = asked.data;
  const made = store.add(account, {
    name,
    scopes: [JSON.stringify(roles)],
    expiresAt: expiration === undefined ? undefined : now + Number.parseInt(expiration, 10) * SECOND,
  });
  const [, key] = Buffer.from(made.value, 'base64').toString().split(':');
  return Response.json({
    id: made.id,
    name,
    ...(made.expiresAt !== undefined && { expiration: made.expiresAt }),
    api_key: key,
    encoded: made.value,
  });
}

/** Says 200 whatever was ended, and names it. */
function invalidate({ body, store }: Call, account: string): Response {
  const asked = Ended.safeParse(body);
  if (!asked.success) return failed(400, 'failed to parse request');
  const found = store.of(account).filter(({ id }) => asked.data.ids.includes(id));
  for (const one of found) store.revoke(one);
  return Response.json({
    invalidated_api_keys: found.map(({ id }) => id),
    previously_invalidated_api_keys: [],
    error_count: 0,
  });
}

/** A role comes back with fields for what it does not allow. */
function shown({ id, name, account, scopes, createdAt, expiresAt }: Kept): object {
  const roles = Roles.parse(JSON.parse(scopes[0] ?? '{}'));
  const written = Object.entries(roles).map(([role, { cluster = [], indices = [] }]) => [
    role,
    {
      cluster,
      indices: indices.map((one) => ({ ...one, allow_restricted_indices: false })),
      applications: [],
      run_as: [],
      metadata: {},
    },
  ]);
  return {
    id,
    name,
    type: 'rest',
    creation: createdAt,
    ...(expiresAt !== undefined && { expiration: expiresAt }),
    invalidated: false,
    username: userOf(account),
    realm: REALM.name,
    realm_type: REALM.type,
    metadata: {},
    role_descriptors: Object.fromEntries(written),
  };
}

function self({ id, name, account }: Kept): Response {
  const realm = { name: '_es_api_key', type: '_es_api_key' };
  return Response.json({
    ...selfOf(userOf(account)),
    authentication_realm: realm,
    lookup_realm: realm,
    authentication_type: 'api_key',
    api_key: { id, name, managed_by: 'elasticsearch' },
  });
}

function selfOf(username: string): object {
  return {
    username,
    roles: [],
    full_name: null,
    email: null,
    metadata: {},
    enabled: true,
    authentication_realm: REALM,
    lookup_realm: REALM,
  };
}

function userOf(account: string): string {
  return account.slice('_security/user/'.length);
}

function passwordOf(user: string): string {
  return `password-of-${user}-4d1f`;
}

function failed(status: number, reason: string, more: object = {}): Response {
  const cause = { type: 'security_exception', reason, ...more };
  return Response.json({ error: { root_cause: [cause], ...cause }, status }, { status });
}
