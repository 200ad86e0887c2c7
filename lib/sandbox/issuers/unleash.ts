import * as z from 'zod';
import { iso } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const PLACE = /^projects\/([^/]+)\/environments\/([^/]+)$/;

const NewToken = z.object({
  tokenName: z.string().min(1),
  type: z.string().regex(/^(client|backend|frontend)$/i),
  environment: z.string().min(1),
  projects: z.tuple([z.string()]),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

const RULES: MintingRules = {
  provider: 'unleash',
  host: 'unleash.keyturn.test',
  account: (index) => `projects/p${index}/environments/production`,
  admin: (token) => ({ token }),
  grant: (account) => ({ ...placeOf(account), type: 'client', maxDays: 60 }),
  id: (number) => String(number),
  value: (_id, random) => `p1:production.${Buffer.from(random(28)).toString('hex')}`,
  handle: ({ name, createdAt }) => `${encodeURIComponent(name)}@${createdAt}`,
  presented: (request) => request.headers.get('authorization') ?? undefined,
  byHand: { scopes: ['client'] },
  stored: (token) => ({ token }),
  use: (token) => ({ path: '/api/client/features', headers: { authorization: token } }),
  answer,
};

/**
 * An Unleash as far as API tokens go. Source: Unleash/unleash, src/lib/routes/admin-api/api-token.ts,
 * src/lib/middleware/api-token-middleware.ts, src/lib/openapi/spec; Unleash 8.2.0, asked.
 */
export function unleashSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path } = call;
  if (path === '/api/client/features' && method === 'GET') return features(call);
  const [isTokens, value] = /^\/api\/admin\/api-tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isTokens === undefined) return Response.json({ name: 'NotFoundError' }, { status: 404 });
  if (caller.kind === 'unauthenticated')
    return failed(401, 'UnauthorizedError', 'You must log in to use Unleash.');
  if (caller.kind === 'credential') return failed(403, 'PermissionError', 'You do not have permission.');
  if (value !== undefined) return remove(call, decodeURIComponent(value));
  return method === 'POST' ? create(call) : Response.json({ tokens: call.store.all().map(shown) });
}

function features({ caller }: Call): Response {
  switch (caller.kind) {
    case 'unauthenticated':
      return Response.json(
        {
          message:
            'This endpoint requires an API token. Please add an authorization header to your request ' +
            'with a valid token',
        },
        { status: 401 },
      );
    case 'admin':
    case 'credential':
      return Response.json({ version: 2, features: [] });
  }
}

function create({ body, store }: Call): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'BadDataError', 'Request validation failed');
  const { tokenName, type, environment, projects, expiresAt } = asked.data;
  const account = `projects/${projects[0]}/environments/${environment}`;
  if (!store.has(account)) return failed(400, 'BadDataError', `Project=${projects[0]} does not exist`);
  const made = store.add(account, {
    name: tokenName,
    scopes: [type],
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  });
  return Response.json(shown(made), { status: 201 });
}

/** Says nothing of whether there was such a token. */
function remove({ store }: Call, value: string): Response {
  const found = store.all().find((one) => one.value === value);
  if (found) store.revoke(found);
  return new Response(null, { status: 200 });
}

function shown({ value, name, scopes, account, createdAt, expiresAt, lastUsedAt }: Kept): object {
  const { project, environment } = placeOf(account);
  return {
    secret: value,
    tokenName: name,
    type: scopes[0],
    environment,
    project,
    projects: [project],
    expiresAt: expiresAt === undefined ? null : iso(expiresAt),
    createdAt: iso(createdAt),
    seenAt: lastUsedAt === undefined ? null : iso(lastUsedAt),
    alias: null,
  };
}

function placeOf(account: string): { project: string; environment: string } {
  const [, project = '', environment = ''] = PLACE.exec(account) ?? [];
  return { project, environment };
}

function failed(status: number, name: string, message: string): Response {
  return Response.json({ name, message, details: [{ message }] }, { status });
}
