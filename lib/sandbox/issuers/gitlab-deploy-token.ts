import * as z from 'zod';
import { userOf } from './logins.ts';
import { iso, pageOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const USERNAME = 'keyturn+tests';
const SCOPES = ['read_registry', 'read_repository'];
const SELF = '/api/v4/personal_access_tokens/self';

const NewToken = z.object({
  name: z.string().min(1).max(255),
  username: z.string().regex(/^[a-zA-Z0-9.+_-]+$/),
  scopes: z.array(z.string()).min(1),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

const RULES: MintingRules = {
  provider: 'gitlab-deploy-token',
  host: 'deploy.gitlab.keyturn.test',
  account: (index) => `projects/${40 + index}/deploy_tokens/${USERNAME}`,
  admin: (token) => ({ token }),
  grant: (account) => ({
    resource: account.split('/').slice(0, 2).join('/'),
    username: USERNAME,
    scopes: SCOPES,
    maxDays: 60,
  }),
  id: (number) => String(number),
  value: (_id, random) => `gldt-${random(20)}`,
  handle: ({ id }) => id,
  presented: (request) => request.headers.get('private-token') ?? userOf(request.headers)?.password,
  byHand: { scopes: SCOPES },
  stored: (token) => ({ token }),
  use: (token) => ({
    path: '/jwt/auth?service=container_registry',
    headers: { authorization: `Basic ${Buffer.from(`${USERNAME}:${token}`).toString('base64')}` },
  }),
  answer,
};

/**
 * A GitLab as far as deploy tokens go. Source: gitlabhq/gitlabhq, lib/api/deploy_tokens.rb,
 * app/models/deploy_token.rb; what a token is asked: app/controllers/jwt_controller.rb,
 * app/services/auth/container_registry_authentication_service.rb.
 */
export function gitlabDeployTokenSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (path === '/jwt/auth') return door(call);
  if (caller.kind !== 'admin') return Response.json({ message: '401 Unauthorized' }, { status: 401 });
  if (path === SELF) return self(call);
  const [, project, id] = /^\/api\/v4\/projects\/(\d+)\/deploy_tokens(?:\/(\d+))?$/.exec(path) ?? [];
  const account = `projects/${project}/deploy_tokens/${USERNAME}`;
  if (!store.has(account)) return missing('404 Project Not Found');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return missing('404 Not Found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** Takes a token only under its own username. */
function door({ caller, headers, query }: Call): Response {
  if (query.get('service') !== 'container_registry') return new Response(null, { status: 404 });
  const user = userOf(headers)?.user;
  if (caller.kind === 'credential' && user === USERNAME)
    return Response.json({ token: 'eyJ0eXAiOiJKV1QifQ.eyJhY2Nlc3MiOltdfQ.c2lnbmF0dXJl' });
  const error = { code: 'UNAUTHORIZED', message: 'HTTP Basic: Access denied' };
  return Response.json({ errors: [error] }, { status: 401 });
}

function self({ now }: Call): Response {
  return Response.json({
    id: 7,
    name: 'keyturn',
    active: true,
    revoked: false,
    created_at: iso(now),
    expires_at: null,
    scopes: ['api'],
    user_id: 3,
  });
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success || asked.data.username !== USERNAME)
    return Response.json({ error: 'scopes does not have a valid value' }, { status: 400 });
  const { name, scopes, expires_at: end } = asked.data;
  const made = store.add(account, {
    name,
    scopes,
    expiresAt: end === undefined ? undefined : Date.parse(end),
  });
  return Response.json({ ...shown(made, now), token: made.value }, { status: 201 });
}

function list({ now, query, store }: Call, account: string): Response {
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 20)];
  return Response.json(pageOf(store.of(account), page, size).map((one) => shown(one, now)));
}

/** `expired` goes by days, and a token ends at its second. */
function shown({ id, name, scopes, expiresAt }: Kept, now: number): object {
  return {
    id: Number(id),
    name,
    username: USERNAME,
    expires_at: expiresAt === undefined ? null : iso(expiresAt),
    scopes,
    revoked: false,
    expired: expiresAt !== undefined && iso(expiresAt).slice(0, 10) < iso(now).slice(0, 10),
  };
}

function missing(message: string): Response {
  return Response.json({ message }, { status: 404 });
}
