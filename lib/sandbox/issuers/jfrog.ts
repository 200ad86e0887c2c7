import * as z from 'zod';
import { HOUR, SECOND, type Instant } from '../../../functions/core/basics/time.ts';
import { parseJson } from '../../../functions/core/basics/json.ts';
import { bearerOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, Made, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const TOKENS = '/access/api/v1/tokens';
const PING = '/artifactory/api/system/ping';
const ISSUER = 'jfac@01h2sandbox0000000000000000';

/** Source: jfrog.com, "Use the Revocable and Persistency Thresholds": the defaults. */
const REVOCABLE_FROM = 6 * HOUR;
const KEPT_FROM = 3 * HOUR;

/** Source: jfrog.com, "Create Token", with its limits. */
const NewToken = z.strictObject({
  username: z.string().min(1).max(255),
  scope: z.string().max(500).default('applied-permissions/user'),
  expires_in: z.int().nonnegative().default(31_536_000),
  refreshable: z.boolean().default(false),
  description: z.string().max(1_024).default(''),
  include_reference_token: z.boolean().default(false),
  force_revocable: z.boolean().default(false),
});
/** Source: jfrog.com, "Get Tokens". */
const Listing = z.strictObject({
  description: z.string().optional(),
  username: z.string().optional(),
  refreshable: z.string().optional(),
  token_id: z.string().optional(),
});
const Claims = z.object({ iss: z.string(), exp: z.int().optional(), ext: z.string().optional() });

const RULES: MintingRules = {
  provider: 'jfrog',
  host: 'jfrog.keyturn.test',
  account: (index) => `users/ci-${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({
    user: nameOf(account),
    scopes: ['applied-permissions/groups:readers'],
    maxDays: 60,
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (id, random, account = 'users/keyturn', made?: Made) =>
    tokenOf(claimsOf(id, account, made), random(342)),
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: ['applied-permissions/user'] },
  stored: (token) => ({ access_token: token }),
  use: (token) => ({ path: PING, headers: { authorization: `Bearer ${token}` } }),
  answer,
};

/**
 * The JFrog Platform as far as access tokens go. Source: jfrog.com, "JFrog REST APIs", Access Tokens. Lifes,
 * claims and refusals: jfrog/vault-plugin-secrets-artifactory, README.md and artifactory.go.
 */
export function jfrogSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, now, store } = call;
  if (path === PING) return ping(call);
  if (caller.kind !== 'admin' && caller.kind !== 'credential')
    return failed(401, 'UNAUTHORIZED', `Invalid token, ${reasonOf(call.headers, now)}`);
  const own = caller.kind === 'credential' ? caller.credential : undefined;
  if (path === TOKENS && method === 'POST') return own ? failed(403, 'FORBIDDEN', 'Forbidden') : create(call);
  if (path === TOKENS) return list(call);
  if (!path.startsWith(`${TOKENS}/`)) return failed(404, 'NOT_FOUND', 'HTTP 404 Not Found');
  if (path === `${TOKENS}/me`) return Response.json(own ? shown(own) : SELF);
  const found = store.all().find(({ id }) => path === `${TOKENS}/${id}`);
  if (method !== 'DELETE') return found ? Response.json(shown(found)) : failed(404, 'NOT_FOUND', 'not found');
  if (!found) return new Response(null, { status: 204 });
  if (own && own.account !== found.account) return failed(403, 'FORBIDDEN', 'Forbidden');
  if (!isRevocable(found)) return failed(400, 'BAD_REQUEST', 'Token not revocable');
  store.revoke(found);
  return new Response(null, { status: 200 });
}

const SELF = {
  token_id: '00000000-0000-4000-8000-000000000999',
  subject: `${ISSUER}/users/keyturn`,
  issued_at: 1_700_000_000,
  issuer: ISSUER,
  refreshable: false,
};

/** Artifactory's own words. Source: Artifactory 7.161.20, and jfrog/jfrog-cli, issue 1814. */
function ping({ caller, headers, now }: Call): Response {
  if (caller.kind === 'admin' || caller.kind === 'credential') return new Response('OK');
  const reason = reasonOf(headers, now);
  const message = /^(expired|revoked)$/.test(reason)
    ? `Token failed verification: ${reason}`
    : 'Props Authentication Token not found';
  return Response.json({ errors: [{ status: 401, message }] }, { status: 401 });
}

function create({ body, now, store }: Call): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'BAD_REQUEST', 'Invalid input');
  const { username, scope, expires_in: life, description, force_revocable: isForced } = asked.data;
  const account = `users/${username.toLowerCase()}`;
  const expiresAt = life === 0 ? undefined : (seconds(now) + life) * SECOND;
  const made = store.add(account, { name: description, scopes: scope.split(' '), expiresAt });
  const [, , signature = ''] = made.value.split('.');
  const ext = isForced ? { ext: JSON.stringify({ revocable: 'true' }) } : {};
  made.value = tokenOf({ ...claimsOf(made.id, account, made), scp: scope, ...ext }, signature);
  return Response.json({
    token_id: made.id,
    access_token: made.value,
    ...(life > 0 && { expires_in: life }),
    scope,
    token_type: 'Bearer',
  });
}

function list({ caller, query, store }: Call): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'BAD_REQUEST', 'Invalid input');
  const { username, token_id: id } = asked.data;
  const seen = caller.kind === 'credential' ? store.of(caller.credential.account) : store.all();
  const tokens = seen
    .filter((one) => lifeOf(one) >= KEPT_FROM)
    .filter((one) => username === undefined || nameOf(one.account) === username)
    .filter((one) => id === undefined || one.id === id);
  return Response.json({ tokens: tokens.map(shown) });
}

function shown({ id, account, name, createdAt, expiresAt }: Kept): object {
  return {
    token_id: id,
    subject: `${ISSUER}/${account}`,
    ...(expiresAt !== undefined && { expiry: seconds(expiresAt) }),
    issued_at: seconds(createdAt),
    issuer: ISSUER,
    ...(name !== '' && { description: name }),
    refreshable: false,
  };
}

/** A token without an end can always be revoked; a mark in it makes any so. */
function isRevocable(kept: Kept): boolean {
  return lifeOf(kept) >= REVOCABLE_FROM || claimsFrom(kept.value)?.ext === '{"revocable":"true"}';
}

function lifeOf({ createdAt, expiresAt = Infinity }: Kept): number {
  return expiresAt - seconds(createdAt) * SECOND;
}

/** Why what a request brings is refused. */
function reasonOf(headers: Headers, now: Instant): string {
  const claims = claimsFrom(/^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '');
  if (!claims) return 'parse';
  if (claims.iss !== ISSUER) return 'signature';
  return now >= (claims.exp ?? Infinity) * SECOND ? 'expired' : 'revoked';
}

function claimsFrom(value: string): z.infer<typeof Claims> | undefined {
  const [, payload = ''] = value.split('.');
  return Claims.safeParse(parseJson(Buffer.from(payload, 'base64url').toString())).data;
}

function claimsOf(id: string, account: string, made: Made | undefined): object {
  return {
    sub: `${ISSUER}/${account}`,
    scp: 'applied-permissions/user',
    aud: '*@*',
    iss: ISSUER,
    ...(made?.expiresAt !== undefined && { exp: seconds(made.expiresAt) }),
    iat: seconds(made?.createdAt ?? 0),
    jti: id,
  };
}

function tokenOf(claims: object, signature: string): string {
  const header = { ver: '2', typ: 'JWT', alg: 'RS256', kid: 'sandbox' };
  const [head, body] = [header, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${signature}`;
}

function seconds(at: Instant): number {
  return Math.floor(at / SECOND);
}

function nameOf(account: string): string {
  return account.slice('users/'.length);
}

function failed(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ code, message }] }, { status });
}
