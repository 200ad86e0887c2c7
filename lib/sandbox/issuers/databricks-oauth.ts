import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { failed, login } from './databricks-answers.ts';
import { isoSeconds } from './forms.ts';
import { bearerIn, loggedIn, sessionFor, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const ADMIN = 'aaaaaaaa-0000-4000-8000-000000000000';
/** Source: docs.databricks.com, "Authorize service principal access with OAuth". */
const MOST_SECRETS = 5;
/** Two years, where none is asked for. Source: service/oauth2/model.go. */
const LIFETIME = 63_072_000;
const PER_PAGE = 2;

const NewSecret = z.object({
  lifetime: z
    .string()
    .regex(/^\d+s$/)
    .transform((text) => Number.parseInt(text))
    .optional(),
});
const SECRETS = /^\/api\/2\.0\/accounts\/(servicePrincipals\/\d+)\/credentials\/secrets(?:\/([\w-]+))?$/;

const RULES: MintingRules = {
  provider: 'databricks-oauth',
  host: 'dbc-oauth.keyturn.test',
  account: (index) => `servicePrincipals/${4_567_890_123_456_000 + index}`,
  admin: (value) => ({ clientId: ADMIN, clientSecret: value }),
  grant: (account) => ({
    servicePrincipal: account.slice('servicePrincipals/'.length),
    applicationId: applicationOf(account),
    maxDays: 60,
  }),
  id: (_number, random) => Buffer.from(random(16)).toString('hex'),
  value: (_id, random) => `dose${Buffer.from(random(16)).toString('hex')}`,
  handle: ({ id }) => `secrets/${id}`,
  presented: (request) => bearerIn(request) ?? userOf(request.headers)?.password,
  byHand: { scopes: [] },
  stored: (value) => ({ client_secret: value }),
  use: (value) => ({
    path: '/api/2.0/preview/scim/v2/Me',
    headers: { authorization: `Bearer ${sessionFor('anybody', value)}` },
  }),
  answer,
};

/**
 * A Databricks workspace as far as OAuth secrets of service principals go. Source:
 * databricks/databricks-sdk-go, service/oauth2.
 */
export function databricksOauthSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/oidc/v1/token' && method === 'POST') return login(call, (user) => isOwn(call, user));
  if (caller.kind === 'unauthenticated' || loggedIn(headers) === undefined)
    return failed(401, 'UNAUTHENTICATED', 'Credential was not sent or was of an unsupported type.');
  if (path === '/api/2.0/preview/scim/v2/Me' && method === 'GET')
    return Response.json({ id: '1', userName: 'reports', active: true });
  const [, account = '', id] = SECRETS.exec(path) ?? [];
  if (caller.kind !== 'admin' || !store.has(account))
    return failed(403, 'PERMISSION_DENIED', 'The caller may not manage this service principal.');
  if (id === undefined && method === 'POST') return create(call, account);
  if (id === undefined && method === 'GET') return list(call, store.of(account));
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'NOT_FOUND', 'There is no such secret.');
  store.revoke(found);
  return Response.json({});
}

function isOwn({ caller }: Call, user: string): boolean {
  if (caller.kind === 'admin') return user === ADMIN;
  return caller.kind === 'credential' && user === applicationOf(caller.credential.account);
}

/** How one too many is refused is not documented. */
function create({ body, now, store }: Call, account: string): Response {
  const asked = NewSecret.safeParse(body);
  if (!asked.success) return failed(400, 'INVALID_PARAMETER_VALUE', 'The request is invalid.');
  if (store.of(account).length >= MOST_SECRETS)
    return failed(400, 'RESOURCE_EXHAUSTED', 'There are too many secrets.');
  const expiresAt = now + (asked.data.lifetime ?? LIFETIME) * SECOND;
  const made = store.add(account, { name: '', scopes: [], expiresAt });
  return Response.json({ ...shown(made), secret: made.value });
}

/** Few a page: how many there are on one of Databricks's is not documented. */
function list({ query }: Call, secrets: readonly Kept[]): Response {
  const from = Number(query.get('page_token') ?? 0);
  const page = secrets.slice(from, from + PER_PAGE);
  if (page.length === 0) return Response.json({});
  const next = from + PER_PAGE < secrets.length && { next_page_token: String(from + PER_PAGE) };
  return Response.json({ secrets: page.map(shown), ...next });
}

function shown({ id, createdAt, expiresAt }: Kept) {
  return {
    id,
    secret_hash: `hash-of-${id}`,
    create_time: isoSeconds(createdAt),
    update_time: isoSeconds(createdAt),
    ...(expiresAt !== undefined && { expire_time: isoSeconds(expiresAt) }),
    status: 'ACTIVE',
  };
}

/** The application id of an account. */
function applicationOf(account: string): string {
  return `00000000-0000-4000-8000-${account.slice(-12)}`;
}
