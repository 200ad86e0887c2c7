import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { bearerOf, iso } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const NewToken = z.object({ name: z.string().min(1), secondsToLive: z.int().nonnegative().optional() });

const RULES: MintingRules = {
  provider: 'grafana',
  host: 'grafana.keyturn.test',
  account: (index) => `serviceaccounts/${10 + index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ serviceAccount: Number(idOf(account)), maxDays: 60 }),
  id: (number) => String(100 + number),
  value: (_id, random) => `glsa_${random(32)}_${Buffer.from(random(4)).toString('hex')}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/user', headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * A Grafana as far as tokens of service accounts go. Source: grafana/grafana-openapi-client-go,
 * client/service_accounts and models; the refusals: grafana/grafana, pkg/services/authn/clients/api_key.go,
 * pkg/services/serviceaccounts.
 */
export function grafanaSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path } = call;
  if (caller.kind === 'unauthenticated') return refused(401, 'api-key.invalid', 'Invalid API key');
  if (path === '/api/user' && method === 'GET')
    return user(caller.kind === 'admin' ? 2 : Number(idOf(caller.credential.account)));
  const [, account, id] = /^\/api\/serviceaccounts\/(\d+)\/tokens(?:\/(\d+))?$/.exec(path) ?? [];
  if (account === undefined) return refused(404, 'notFound', 'Not found');
  if (caller.kind === 'credential')
    return refused(403, 'accesscontrol.forbidden', 'You need additional permissions for this.');
  if (!call.store.has(`serviceaccounts/${account}`))
    return refused(404, 'serviceaccounts.ErrNotFound', 'service account not found');
  if (id === undefined)
    return method === 'POST' ? create(call, account) : Response.json(of(call, account).map(shown(call)));
  const found = of(call, account).find((one) => one.id === id);
  if (!found) return refused(404, 'serviceaccounts.ErrTokenNotFound', 'service account token not found');
  call.store.revoke(found);
  return Response.json({ message: 'Service account token deleted' });
}

function user(id: number): Response {
  return Response.json({
    id,
    uid: `u${id}`,
    login: `sa-${id}`,
    name: `sa-${id}`,
    orgId: 1,
    isDisabled: false,
  });
}

function of({ store }: Call, account: string): readonly Kept[] {
  return store.of(`serviceaccounts/${account}`);
}

function create(call: Call, account: string): Response {
  const asked = NewToken.safeParse(call.body);
  if (!asked.success) return refused(400, 'bad-request', 'bad request data');
  const { name, secondsToLive: life = 0 } = asked.data;
  if (of(call, account).some((one) => one.name === name))
    return refused(400, 'serviceaccounts.ErrTokenAlreadyExists', 'service account token already exists');
  const made = call.store.add(`serviceaccounts/${account}`, {
    name,
    scopes: [],
    expiresAt: life === 0 ? undefined : call.now + life * SECOND,
  });
  return Response.json({ id: Number(made.id), name: made.name, key: made.value });
}

function shown({ now }: Call): (one: Kept) => Record<string, unknown> {
  return ({ id, name, createdAt, expiresAt, lastUsedAt }) => ({
    id: Number(id),
    name,
    created: iso(createdAt),
    ...(expiresAt !== undefined && { expiration: iso(expiresAt) }),
    hasExpired: now >= (expiresAt ?? Infinity),
    isRevoked: false,
    secondsUntilExpiration: expiresAt === undefined ? 0 : (expiresAt - now) / SECOND,
    ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }),
  });
}

function idOf(account: string): string {
  return account.slice('serviceaccounts/'.length);
}

function refused(status: number, messageId: string, message: string): Response {
  return Response.json({ message, messageId, statusCode: status, traceID: '' }, { status });
}
