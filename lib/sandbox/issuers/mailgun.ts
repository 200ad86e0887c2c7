import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { isoSeconds } from './forms.ts';
import { credentialIn, ofOwner, ownerIn, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const Kind = z.enum(['domain', 'user', 'web']);

/** Source: documentation.mailgun.com, "Create Mailgun API key". */
const NewKey = z.strictObject({
  role: z.enum(['admin', 'basic', 'sending', 'developer']),
  kind: Kind.default('user'),
  description: z.string().default(''),
  expiration: z.coerce.number().int().positive().optional(),
});
const Listing = z.strictObject({ kind: Kind.optional(), domain_name: z.string().optional() });

const RULES: MintingRules = {
  provider: 'mailgun',
  host: 'mailgun.keyturn.test',
  account: (index) => `accounts/acme-${index}`,
  admin: () => ({}),
  grant: (account, token) => ({
    account: nameOf(account),
    token: ofOwner(token, nameOf(account)),
    role: 'developer',
    maxDays: 60,
  }),
  id: (number, random) => `${hex(number)}-${Buffer.from(random(4)).toString('hex')}`,
  // Source: trufflesecurity/trufflehog, pkg/analyzer/analyzers/mailgun: the id is the end of a key.
  value: (id, random) => `${Buffer.from(random(16)).toString('hex')}-${id}`,
  handle: ({ id }) => id,
  presented: ({ headers }) => credentialIn(passwordOf(headers)),
  byHand: { scopes: ['admin'] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({
    path: '/v3/domains',
    headers: { authorization: `Basic ${Buffer.from(`api:${key}`).toString('base64')}` },
  }),
  answer,
};

/**
 * Mailgun as far as API keys of an account go. Source: mailgun/mailgun.js, lib/Types/APIKeys/APIKeys.ts;
 * mailgun/mailgun-go, api_keys.go; documentation.mailgun.com, "Keys".
 */
export function mailgunSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, query, store } = call;
  const account =
    caller.kind === 'credential'
      ? caller.credential.account
      : `accounts/${ownerIn(passwordOf(headers)) ?? ''}`;
  // A text without JSON. Source: mailgun/mailgun.js, issues 207 and 393.
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled' || !store.has(account))
    return new Response('Forbidden', { status: 401 });
  if (path === '/v3/domains' && method === 'GET') return domains(query);
  const [isKeys, id] = /^\/v1\/keys(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isKeys === undefined) return told(404, 'not found');
  if (caller.kind === 'credential' && !caller.credential.scopes.includes('admin'))
    return told(403, 'Forbidden');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return told(404, 'no key matching id');
  store.revoke(found);
  return told(200, 'key deleted');
}

function domains(query: URLSearchParams): Response {
  const all = ['mg.acme.example', 'news.acme.example'].map((name) => ({ name, state: 'active' }));
  const limit = Number(query.get('limit') ?? 100);
  return Response.json({ total_count: all.length, items: all.slice(0, limit) });
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success || asked.data.kind !== 'user') return told(400, 'invalid request');
  const { role, description, expiration } = asked.data;
  const expiresAt = expiration === undefined ? undefined : (Math.floor(now / SECOND) + expiration) * SECOND;
  const made = store.add(account, { name: description, scopes: [role], expiresAt });
  return Response.json({ message: 'great success', key: { ...shown(made), secret: made.value } });
}

/** Keys of domains stand in the list too, unless a kind is asked for. */
function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return told(400, 'expected `kind` param to be one of [domain user web] or absent');
  const { kind } = asked.data;
  const all = [...store.of(account).map(shown), SENDING];
  const items = all.filter((one) => kind === undefined || one.kind === kind);
  return Response.json({ total_count: items.length, items });
}

const COMMON = { is_disabled: false, domain_name: null, requestor: null, user_name: null };
const SENDING = {
  ...COMMON,
  id: 'f2153fd0-f1277777',
  description: 'api key',
  kind: 'domain',
  role: 'sending',
  created_at: '2006-01-02T15:04:05',
  updated_at: '2006-01-02T15:04:05',
  domain_name: 'mg.acme.example',
};

function shown({ id, name, scopes: [role = ''], createdAt, expiresAt, disabledAt }: Kept) {
  return {
    ...COMMON,
    id,
    description: name,
    kind: 'user',
    role,
    created_at: local(createdAt),
    updated_at: local(createdAt),
    ...(expiresAt !== undefined && { expires_at: local(expiresAt) }),
    is_disabled: disabledAt !== undefined,
  };
}

/** UTC without a word about it. Source: mailgun/mailgun-go, mtypes/iso8601.go. */
function local(at: number): string {
  return isoSeconds(at).slice(0, -1);
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}

/** The password of the one user that keys have. */
function passwordOf(headers: Headers): string {
  const sent = userOf(headers);
  return sent?.user === 'api' ? sent.password : '';
}

function nameOf(account: string): string {
  return account.slice('accounts/'.length);
}

function told(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
