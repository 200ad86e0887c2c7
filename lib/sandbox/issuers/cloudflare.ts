import * as z from 'zod';
import { bearerOf, isoSeconds, pageOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const GROUP = 'c8fed203ed3043cba015a93ad1616f1f';
const ADMIN_ID = 'ad0000000000000000000000000000ad';

const NewToken = z.object({
  name: z.string().min(1),
  policies: z
    .array(
      z.object({
        effect: z.enum(['allow', 'deny']),
        permission_groups: z.array(z.object({ id: z.string() })).min(1),
        resources: z.record(z.string(), z.string()),
      }),
    )
    .min(1),
  expires_on: z.iso.datetime({ offset: true }).optional(),
});

const POLICIES = [
  {
    effect: 'allow',
    permission_groups: [{ id: GROUP }],
    resources: { 'com.cloudflare.api.account.zone.*': '*' },
  },
];

const RULES: MintingRules = {
  provider: 'cloudflare',
  host: 'cloudflare.keyturn.test',
  account: (index) => `accounts/${String(index).padStart(32, '0')}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ account: idOf(account), policies: POLICIES, maxDays: 60 }),
  id: (_number, random) => Buffer.from(random(16)).toString('hex'),
  value: (_id, random) => `cfat_${random(48)}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [JSON.stringify(POLICIES)] },
  stored: (token) => ({ token }),
  use: (token) => ({
    path: `/client/v4/accounts/${'1'.padStart(32, '0')}/tokens/verify`,
    headers: { authorization: `Bearer ${token}` },
  }),
  answer,
};

/**
 * Cloudflare as far as account tokens go. Source: cloudflare/cloudflare-typescript,
 * src/resources/accounts/tokens; the envelope and its errors: developers.cloudflare.com.
 */
export function cloudflareSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const [, account, id] = /^\/client\/v4\/accounts\/([^/]+)\/tokens(?:\/([^/]+))?$/.exec(call.path) ?? [];
  if (account === undefined) return failed(404, 7003, 'Could not route to the path');
  if (id === 'verify') return verify(call, `accounts/${account}`);
  if (call.caller.kind === 'unauthenticated') return failed(401, 1000, 'Invalid API Token');
  if (call.caller.kind === 'credential' || !call.store.has(`accounts/${account}`))
    return failed(403, 9109, 'Unauthorized to access requested resource');
  const kept = call.store.of(`accounts/${account}`);
  if (id === undefined)
    return call.method === 'POST' ? create(call, `accounts/${account}`) : list(call, kept);
  const found = kept.find((one) => one.id === id);
  if (!found) return failed(404, 1003, 'Not found');
  call.store.revoke(found);
  return succeeded({ id });
}

/** A token is asked about at the account that it belongs to: elsewhere it is none. */
function verify({ caller }: Call, account: string): Response {
  if (caller.kind === 'admin') return succeeded({ id: ADMIN_ID, status: 'active' });
  if (caller.kind === 'unauthenticated' || caller.credential.account !== account)
    return failed(401, 1000, 'Invalid API Token');
  const { id, expiresAt } = caller.credential;
  return succeeded({
    id,
    status: 'active',
    ...(expiresAt !== undefined && { expires_on: isoSeconds(expiresAt) }),
  });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 1001, 'Invalid request body');
  const { name, policies, expires_on: end } = asked.data;
  const made = store.add(account, {
    name,
    scopes: [JSON.stringify(policies)],
    expiresAt: end === undefined ? undefined : Date.parse(end),
  });
  return succeeded({ ...shown(made, 0), value: made.value });
}

/** Those that have expired are shown on demand alone. */
function list({ query, now }: Call, kept: readonly Kept[]): Response {
  const all = kept.filter(
    ({ expiresAt = Infinity }) => now < expiresAt || query.get('include_expired') === 'true',
  );
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 20)];
  const result = pageOf(all, page, size);
  return succeeded(
    result.map((one) => shown(one, now)),
    { page, per_page: size, count: result.length, total_count: all.length },
  );
}

function shown({ id, name, createdAt, expiresAt, lastUsedAt, scopes }: Kept, now: number): object {
  const policies = z.array(z.looseObject({})).parse(JSON.parse(scopes[0] ?? '[]'));
  return {
    id,
    name,
    status: now >= (expiresAt ?? Infinity) ? 'expired' : 'active',
    issued_on: isoSeconds(createdAt),
    modified_on: isoSeconds(createdAt),
    ...(lastUsedAt !== undefined && { last_used_on: isoSeconds(lastUsedAt) }),
    ...(expiresAt !== undefined && { expires_on: isoSeconds(expiresAt) }),
    // Each policy gets an id of its own.
    policies: policies.map((policy, index) => ({ ...policy, id: `${id.slice(0, 30)}0${index}` })),
  };
}

function idOf(account: string): string {
  return account.slice('accounts/'.length);
}

function succeeded(result: unknown, info?: object): Response {
  return Response.json({
    success: true,
    errors: [],
    messages: [],
    result,
    ...(info && { result_info: info }),
  });
}

function failed(status: number, code: number, message: string): Response {
  return Response.json(
    { success: false, errors: [{ code, message }], messages: [], result: null },
    { status },
  );
}
