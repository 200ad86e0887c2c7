import * as z from 'zod';
import { bearerOf, iso, pageOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const TYPE = 'application/vnd.api+json';
const TEAMS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((number) => `teams/team-u${number}`);

const NewToken = z.object({
  data: z.object({
    type: z.literal('authentication-tokens'),
    attributes: z.object({
      description: z.string().min(1),
      'expired-at': z.iso.datetime({ offset: true }).nullish(),
    }),
  }),
});

const RULES: MintingRules = {
  provider: 'hcp-terraform',
  host: 'terraform.keyturn.test',
  account: (index) => `teams/team-u${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ organization: 'acme', team: account.slice('teams/'.length), maxDays: 60 }),
  id: (_number, random) => `at-${random(16)}`,
  value: (_id, random) => `${random(14)}.atlasv1.${random(67)}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: [] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/v2/account/details', headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * HCP Terraform as far as tokens of teams go. Source: hashicorp/go-tfe, v2/openapi/spec.json;
 * developer.hashicorp.com, "Team tokens API".
 */
export function hcpTerraformSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (caller.kind === 'unauthenticated') return failed(401, 'unauthorized');
  if (path === '/api/v2/account/details' && method === 'GET') return self(caller.kind === 'admin');
  if (caller.kind === 'credential') return failed(404, 'not found');
  const [, team] = /^\/api\/v2\/teams\/([^/]+)\/authentication-tokens$/.exec(path) ?? [];
  if (team !== undefined && method === 'POST')
    return store.has(`teams/${team}`) ? create(call, `teams/${team}`) : failed(404, 'not found');
  if (path === '/api/v2/organizations/acme/team-tokens') return list(call);
  const [, id] = /^\/api\/v2\/authentication-tokens\/([^/]+)$/.exec(path) ?? [];
  const found = all(call).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function all({ store }: Call): readonly Kept[] {
  return TEAMS.flatMap((team) => store.of(team));
}

/** A token of a team acts as a service account. */
function self(isAdmin: boolean): Response {
  const attributes = { username: isAdmin ? 'keyturn' : 'api-team_1', 'is-service-account': !isAdmin };
  return json({ data: { id: isAdmin ? 'user-1' : 'user-2', type: 'users', attributes } });
}

/** Source: "Team tokens API": descriptions are unique within a team. */
function create(call: Call, account: string): Response {
  const asked = NewToken.safeParse(call.body);
  if (!asked.success || call.headers.get('content-type') !== TYPE) return failed(422, 'invalid attribute');
  const { description: name, 'expired-at': end } = asked.data.data.attributes;
  if (call.store.of(account).some((one) => one.name === name)) return failed(422, 'invalid attribute');
  const made = call.store.add(account, { name, scopes: [], expiresAt: end ? Date.parse(end) : undefined });
  return json({ data: shown(made, made.value) }, 201);
}

function list(call: Call): Response {
  const [number, size] = [
    Number(call.query.get('page[number]') ?? 1),
    Number(call.query.get('page[size]') ?? 20),
  ];
  const tokens = all(call);
  const pagination = {
    'current-page': number,
    'page-size': size,
    'prev-page': number > 1 ? number - 1 : null,
    'next-page': number * size < tokens.length ? number + 1 : null,
    'total-pages': Math.max(1, Math.ceil(tokens.length / size)),
    'total-count': tokens.length,
  };
  return json({ data: pageOf(tokens, number, size).map((one) => shown(one, null)), meta: { pagination } });
}

function shown(one: Kept, token: string | null): object {
  return {
    id: one.id,
    type: 'authentication-tokens',
    attributes: {
      description: one.name,
      'created-at': iso(one.createdAt),
      'last-used-at': one.lastUsedAt === undefined ? null : iso(one.lastUsedAt),
      'expired-at': one.expiresAt === undefined ? null : iso(one.expiresAt),
      token,
    },
    relationships: {
      team: { data: { id: one.account.slice('teams/'.length), type: 'teams' } },
      'created-by': { data: { id: 'user-1', type: 'users' } },
    },
  };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': TYPE } });
}

function failed(status: number, title: string): Response {
  return json({ errors: [{ status: String(status), title }] }, status);
}
