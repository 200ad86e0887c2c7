import * as z from 'zod';
import { bearerOf } from './forms.ts';
import { credentialIn, ofOwner, ownerIn } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** The name in user ids, which is another than the host's. */
const SERVER = 'keyturn.test';
/** Source: handlers/device.py, MAX_DEVICE_DISPLAY_NAME_LEN. */
const LONGEST_NAME = 100;

const NewLogin = z.object({
  type: z.literal('m.login.password'),
  identifier: z.object({ type: z.literal('m.id.user'), user: z.string() }),
  password: z.string(),
  initial_device_display_name: z.string().optional(),
});

const RULES: MintingRules = {
  provider: 'synapse',
  host: 'matrix.keyturn.test',
  account: (index) => accountOf(`@u${index}:${SERVER}`),
  admin: (token) => ({ token }),
  grant: (account, admin) => ({ user: userOf(account), password: ofOwner(admin, userOf(account)) }),
  id: (_number, random) => capitals(random(10)),
  // Source: handlers/auth.py, generate_access_token.
  value: (_id, random, account) =>
    `syt_${localpartIn(account)}_${capitals(random(20))}_${capitals(random(6)).toLowerCase()}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [] },
  stored: (token) => ({ access_token: token }),
  use: (token) => ({
    path: '/_matrix/client/v3/joined_rooms',
    headers: { authorization: `Bearer ${token}` },
  }),
  answer,
};

/**
 * A Synapse as far as access tokens and devices of users go. What it answers was asked of Synapse 1.163.2;
 * `npm run test:issuers -- synapse` asks it again.
 */
export function synapseSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path } = call;
  if (path === '/_matrix/client/v3/login' && method === 'POST') return login(call);
  const isSelf = path === '/_matrix/client/v3/account/whoami' && method === 'GET';
  const isUse = path === '/_matrix/client/v3/joined_rooms' && method === 'GET';
  const [, encoded, id] = /^\/_synapse\/admin\/v2\/users\/([^/]+)\/devices(?:\/([^/]+))?$/.exec(path) ?? [];
  if (!isSelf && !isUse && encoded === undefined)
    return failed(404, 'M_UNRECOGNIZED', 'Unrecognized request');
  if (caller.kind === 'unauthenticated') return unauthenticated(call.headers);
  if (isUse) return Response.json({ joined_rooms: [] });
  if (encoded === undefined) return self(call);
  return devices(call, decodeURIComponent(encoded), id);
}

function unauthenticated(headers: Headers): Response {
  const sent = headers.get('authorization');
  if (sent === null) return failed(401, 'M_MISSING_TOKEN', 'Missing access token');
  if (!/^Bearer [^ ]+$/.test(sent)) return failed(401, 'M_MISSING_TOKEN', 'Invalid Authorization header.');
  return failed(401, 'M_UNKNOWN_TOKEN', 'Invalid access token passed.', { soft_logout: false });
}

/** Every login without the id of a device makes a new one. Source: handlers/device.py. */
function login({ body, store }: Call): Response {
  const asked = NewLogin.safeParse(body);
  if (!asked.success) return failed(400, 'M_UNKNOWN', 'Missing JSON keys.');
  const { identifier, password, initial_device_display_name: name = '' } = asked.data;
  // Whatever case they are written in. Source: handlers/auth.py, _check_local_password.
  const user = identifier.user.toLowerCase();
  const isOwn = ownerIn(password) === user && store.caller(credentialIn(password)).kind === 'admin';
  if (!isOwn || !store.has(accountOf(user)))
    return failed(403, 'M_FORBIDDEN', 'Invalid username or password');
  if (name.length > LONGEST_NAME)
    return failed(400, 'M_TOO_LARGE', `Device display name is too long (max ${LONGEST_NAME})`);
  const { id, value } = store.add(accountOf(user), { name, scopes: [], expiresAt: undefined });
  return Response.json({ user_id: user, access_token: value, home_server: SERVER, device_id: id });
}

function self({ caller }: Call): Response {
  const isUser = caller.kind === 'credential';
  return Response.json({
    user_id: isUser ? userOf(caller.credential.account) : `@keyturn:${SERVER}`,
    is_guest: false,
    device_id: isUser ? caller.credential.id : 'KEYTURNADM',
  });
}

/** Source: rest/admin/devices.py: whatever was there to delete, the answer is the same. */
function devices({ caller, method, store }: Call, user: string, id: string | undefined): Response {
  if (caller.kind !== 'admin') return failed(403, 'M_FORBIDDEN', 'You are not a server admin');
  if (!user.endsWith(`:${SERVER}`)) return failed(400, 'M_UNKNOWN', 'Can only lookup local users');
  // Users are deactivated, which leaves them without devices, and never removed.
  if (!/^@u\d+:/.test(user)) return failed(404, 'M_NOT_FOUND', 'Unknown user');
  const own = store.has(accountOf(user)) ? store.of(accountOf(user)) : [];
  if (id === undefined) return Response.json({ devices: own.map(shown), total: own.length });
  const found = own.find((one) => one.id === decodeURIComponent(id));
  if (method === 'DELETE' && found) store.revoke(found);
  return method === 'DELETE' ? Response.json({}) : failed(404, 'M_NOT_FOUND', 'No device found');
}

function shown({ id, account, name, lastUsedAt }: Kept) {
  const isUsed = lastUsedAt !== undefined;
  return {
    user_id: userOf(account),
    device_id: id,
    display_name: name,
    last_seen_user_agent: isUsed ? 'a client' : null,
    last_seen_ts: lastUsedAt ?? null,
    last_seen_ip: isUsed ? '127.0.0.1' : null,
  };
}

function accountOf(user: string): string {
  return `users/${encodeURIComponent(user)}`;
}

function userOf(account: string): string {
  return decodeURIComponent(account.slice('users/'.length));
}

/** In base64 without padding; the admin's has no account. */
function localpartIn(account: string | undefined): string {
  const [localpart = ''] = (account === undefined ? '@keyturn' : userOf(account)).slice(1).split(':');
  return Buffer.from(localpart).toString('base64').replaceAll('=', '');
}

function capitals(text: string): string {
  return text.replaceAll(/./g, (letter) => String.fromCodePoint(65 + (letter.charCodeAt(0) % 26)));
}

function failed(status: number, errcode: string, error: string, more: object = {}): Response {
  return Response.json({ errcode, error, ...more }, { status });
}
