import * as z from 'zod';
import { isoSeconds } from './forms.ts';
import { bearerIn, credentialIn, loggedIn, ofOwner, ownerIn, sessionFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: the API reference: 50 letters, digits, dashes and spaces. */
const NewClient = z.strictObject({
  keyType: z.literal('client'),
  description: z
    .string()
    .regex(/^[A-Za-z0-9 -]{0,50}$/)
    .optional(),
  scopes: z.array(z.string()).min(1),
  tags: z.array(z.string().startsWith('tag:')).default([]),
});
const Login = z.object({
  grant_type: z.literal('client_credentials').optional(),
  client_id: z.string().min(1),
  client_secret: z.string(),
});

const RULES: MintingRules = {
  provider: 'tailscale',
  host: 'tailscale.keyturn.test',
  account: (index) => `tailnets/T${index}CNTRL`,
  admin: () => ({}),
  // Each client is of one tailnet. Every second one makes auth keys.
  grant: (account, credential) => ({
    tailnet: idOf(account),
    clientSecret: ofOwner(credential, idOf(account)),
    ...(/[13579]CNTRL$/.test(account)
      ? { scopes: ['auth_keys', 'dns:read'], tags: ['tag:ci'] }
      : { scopes: ['devices:core:read'] }),
  }),
  id: (number, random) => `k${random(8)}${number}CNTRL`,
  value: (id, random) => `tskey-client-${id}-${random(33)}`,
  handle: ({ id }) => id,
  presented: bearerIn,
  byHand: { scopes: ['dns:read'] },
  stored: (value) => ({ client_secret: value }),
  use: (value) => ({
    path: '/api/v2/tailnet/-/dns/nameservers',
    headers: { authorization: `Bearer ${sessionFor('anybody', value)}` },
  }),
  answer,
};

/**
 * Tailscale as far as OAuth clients go. Source: tailscale/tailscale-client-go-v2, keys.go; tailscale.com,
 * "OAuth clients" and the API reference.
 */
export function tailscaleSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/api/v2/oauth/token' && method === 'POST') return login(call);
  if (caller.kind !== 'admin' && caller.kind !== 'credential') return failed(401, 'API token invalid');
  if (path === '/api/v2/tailnet/-/dns/nameservers' && caller.kind === 'credential')
    return Response.json({ dns: [] });
  const [, tailnet = '', id] = /^\/api\/v2\/tailnet\/([^/]+)\/keys(?:\/(\w+))?$/.exec(path) ?? [];
  const account = `tailnets/${tailnet}`;
  if (tailnet === '') return failed(404, 'not found');
  if (caller.kind === 'credential')
    return failed(403, 'calling actor does not have enough permissions to perform this function');
  if (loggedIn(headers) !== tailnet || !store.has(account)) return failed(404, 'tailnet not found');
  if (id === undefined)
    return method === 'POST' ? create(call, account) : Response.json({ keys: keysOf(call, account) });
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'key not found');
  store.revoke(found);
  return new Response(undefined, { status: 200 });
}

/** Source: tailscale/tailscale, feature/oauthkey: which client id is sent does not matter. */
function login({ body, store }: Call): Response {
  const asked = Login.safeParse(body).data;
  const secret = asked?.client_secret ?? '';
  const caller = store.caller(credentialIn(secret));
  const owner = ownerIn(secret);
  if (caller.kind !== 'credential' && (caller.kind !== 'admin' || owner === undefined))
    return failed(401, 'API token invalid');
  return Response.json({
    access_token: sessionFor(owner ?? 'anybody', credentialIn(secret)),
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'dns:read',
  });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewClient.safeParse(body);
  if (!asked.success) return failed(400, 'invalid request body');
  const { description = '', scopes, tags } = asked.data;
  if (tags.length === 0 && scopes.some((scope) => scope === 'devices:core' || scope === 'auth_keys'))
    return failed(400, 'tags are required for the requested scopes');
  const made = store.add(account, {
    name: description,
    scopes: [...scopes, ...tags],
    expiresAt: undefined,
  });
  return Response.json({ ...shown(made), key: made.value });
}

/** The clients of the tailnet, that of the caller among them, and a token that it asked for. */
function keysOf({ caller, now, store }: Call, account: string): readonly object[] {
  const own = caller.kind === 'admin' ? /^tskey-client-(\w+)-/.exec(caller.value)?.[1] : undefined;
  const created = isoSeconds(now);
  return [
    {
      id: own,
      keyType: 'client',
      description: 'Keyturn',
      created,
      scopes: ['oauth_keys'],
      userId: 'u1CNTRL',
    },
    { id: 'kToken1CNTRL', keyType: 'api', created, expires: created, scopes: ['oauth_keys'] },
    ...store.of(account).map(shown),
  ];
}

function shown({ id, name, scopes, createdAt }: Kept) {
  const tags = scopes.filter((scope) => scope.startsWith('tag:'));
  return {
    id,
    keyType: 'client',
    description: name,
    created: isoSeconds(createdAt),
    updated: isoSeconds(createdAt),
    scopes: scopes.filter((scope) => !tags.includes(scope)),
    ...(tags.length > 0 && { tags }),
  };
}

function idOf(account: string): string {
  return account.slice('tailnets/'.length);
}

function failed(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
