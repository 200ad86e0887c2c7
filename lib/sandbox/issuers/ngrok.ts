import * as z from 'zod';
import { bearerOf, isoSeconds } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: ngrok-api-go, datatypes.go: a description of at most 255 bytes. */
const NewKey = z.strictObject({
  description: z.string().max(255).optional(),
  metadata: z.string().max(4_096).optional(),
  owner_id: z.string().optional(),
});
const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(100),
  before_id: z.string().optional(),
});

const RULES: MintingRules = {
  provider: 'ngrok',
  host: 'ngrok.keyturn.test',
  account: (index) => `owners/service_u${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ owner: idOf(account) }),
  // In the order in which they were made, as ids of ngrok are.
  id: (number, random) => `ak_${String(number).padStart(6, '0')}${random(21)}`,
  value: (_id, random) => `${random(27)}_${random(21)}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({
    path: '/endpoints',
    headers: { authorization: `Bearer ${key}`, 'ngrok-version': '2' },
  }),
  answer,
};

/**
 * ngrok as far as API keys go. Source: ngrok/ngrok-api-go, datatypes.go, api_keys/client.go and
 * service_users/client.go; the refusals: ngrok.com, "Errors reference".
 */
export function ngrokSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (headers.get('ngrok-version') !== '2') return failed(400, 'A version is required.', 'ERR_NGROK_218');
  if (caller.kind === 'unauthenticated') return unknownKey(headers);
  if (path === '/endpoints' && method === 'GET')
    return Response.json({ endpoints: [], uri: 'https://api.ngrok.com/endpoints', next_page_uri: null });
  const [, user] = /^\/service_users\/(\w+)$/.exec(path) ?? [];
  if (user !== undefined && method === 'GET')
    return store.has(`owners/${user}`) ? serviceUser(user) : failed(404, 'Resource not found');
  const [isKeys, id] = /^\/api_keys(?:\/(\w+))?$/.exec(path) ?? [];
  if (isKeys === undefined) return failed(404, 'Resource not found');
  if (caller.kind === 'credential') return failed(403, 'You are not allowed to do this.', 'ERR_NGROK_302');
  if (id === undefined) return method === 'POST' ? create(call) : list(call);
  const found = store.all().find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'Resource not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** The answer quotes what it refuses. */
function unknownKey(headers: Headers): Response {
  const value = (headers.get('authorization') ?? '').slice('Bearer '.length);
  return /^\w+_\w+$/.test(value)
    ? failed(
        403,
        `The API authentication you specified is properly formed, but it is invalid. Your ` +
          `authentication: ${value}.`,
        'ERR_NGROK_203',
      )
    : failed(
        403,
        `The API authentication you specified does not look like a valid credential. Your ` +
          `credential: ${value}.`,
        'ERR_NGROK_202',
      );
}

function serviceUser(id: string): Response {
  return Response.json({
    id,
    uri: `https://api.ngrok.com/service_users/${id}`,
    name: id,
    active: true,
    created_at: '2026-01-01T00:00:00Z',
  });
}

function create({ body, store }: Call): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'The request is invalid.', 'ERR_NGROK_400');
  const { description = '', owner_id: owner = 'usr_admin' } = asked.data;
  if (!store.has(`owners/${owner}`)) return failed(400, 'There is no such owner.', 'ERR_NGROK_401');
  const made = store.add(`owners/${owner}`, { name: description, scopes: [], expiresAt: undefined });
  return Response.json({ ...shown(made), token: made.value }, { status: 201 });
}

/** The newest first; `before_id` is the last one of the page before. */
function list({ query, store }: Call): Response {
  const asked = Page.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'The request is invalid.', 'ERR_NGROK_400');
  const { limit, before_id: before } = asked.data;
  const left = store
    .all()
    .filter(({ id }) => before === undefined || id < before)
    .toReversed();
  const keys = left.slice(0, limit);
  const next = `https://api.ngrok.com/api_keys?before_id=${keys.at(-1)?.id ?? ''}&limit=${limit}`;
  return Response.json({
    keys: keys.map(shown),
    uri: 'https://api.ngrok.com/api_keys',
    next_page_uri: left.length > limit ? next : null,
  });
}

function shown({ id, account, name, createdAt }: Kept) {
  return {
    id,
    uri: `https://api.ngrok.com/api_keys/${id}`,
    description: name,
    metadata: '',
    created_at: isoSeconds(createdAt),
    owner_id: idOf(account),
  };
}

function idOf(account: string): string {
  return account.slice('owners/'.length);
}

function failed(status: number, message: string, code?: string): Response {
  return Response.json(
    {
      ...(code !== undefined && { error_code: code }),
      status_code: status,
      msg: message,
      details: { operation_id: 'op_0' },
    },
    { status },
  );
}
