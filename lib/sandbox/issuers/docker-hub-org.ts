import * as z from 'zod';
import { bearerOf, iso, isoSeconds, pageOf } from './forms.ts';
import { sessionFor, sessionIn, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const OWNER = 'keyturnowner';
/** With Docker Business. Source: docs.docker.com, "Organization access tokens". */
const MOST = 100;

const Login = z.object({ identifier: z.string(), secret: z.string().min(9) });
const NewToken = z.strictObject({
  label: z.string().min(1),
  description: z.string().optional(),
  resources: z.array(
    z.strictObject({
      type: z.enum(['TYPE_REPO', 'TYPE_ORG']),
      path: z.string(),
      scopes: z.array(z.string()).min(1),
    }),
  ),
  expires_at: z.iso.datetime().nullish(),
});
const Update = z.strictObject({ label: z.string().min(1).optional(), is_active: z.boolean().optional() });

const RULES: MintingRules = {
  provider: 'docker-hub-org',
  host: 'docker-org.keyturn.test',
  account: (index) => `orgs/shop${index}`,
  admin: (password) => ({ user: OWNER, password }),
  grant: (account) => ({
    organization: nameOf(account),
    resources: [{ type: 'TYPE_REPO', path: `${nameOf(account)}/api`, scopes: ['repo-pull'] }],
    maxDays: 60,
  }),
  id: (number, random) =>
    `${String(number).padStart(8, '0')}-0000-4000-8000-${Buffer.from(random(6)).toString('hex')}`,
  value: (_id, random) => `dckr_oat_${random(32)}`,
  handle: ({ id }) => id,
  presented: (request) => {
    const bearer = bearerOf(request);
    return bearer === undefined ? userOf(request.headers)?.password : sessionIn(bearer)?.credential;
  },
  byHand: { scopes: [] },
  stored: (token) => ({ token }),
  // Of the registry, whose login is at auth.docker.io.
  use: (token) => ({
    path: '/token',
    headers: { authorization: `Basic ${Buffer.from(`shop:${token}`).toString('base64')}` },
  }),
  answer,
};

/**
 * Docker Hub as far as access tokens of organizations go. Source: docker/docs,
 * content/reference/api/hub/latest.yaml; the refusals: answers of hub.docker.com, as users report them.
 */
export function dockerHubOrgSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (path === '/v2/auth/token' && method === 'POST') return login(call);
  if (path === '/token' && caller.kind === 'credential') return Response.json({ token: 'x.y.z' });
  if (caller.kind !== 'admin') return failed(401, 'unauthorized');
  const [, account = '', id] = /^\/v2\/(orgs\/[a-z0-9]+)\/access-tokens(?:\/([^/]+))?$/.exec(path) ?? [];
  if (!store.has(account)) return failed(404, 'not found');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'not found');
  if (method === 'PATCH') return update(call, found);
  if (method !== 'DELETE') return failed(404, 'not found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** An owner with a password, or an organization with one of its tokens. */
function login({ body, store }: Call): Response {
  const asked = Login.safeParse(body);
  if (!asked.success) return failed(400, 'body is invalid');
  const { identifier, secret } = asked.data;
  const caller = store.caller(secret);
  const isOwn =
    caller.kind === 'credential'
      ? caller.credential.account === `orgs/${identifier}`
      : caller.kind === 'admin' && identifier === OWNER;
  return isOwn
    ? Response.json({ access_token: sessionFor(identifier, secret) })
    : failed(401, 'unauthorized');
}

/** How one too many is refused is not documented. */
function create({ body, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success || store.of(account).length >= MOST) return failed(400, 'body is invalid');
  const { label, resources, expires_at: end } = asked.data;
  const made = store.add(account, {
    name: label,
    scopes: [],
    expiresAt: end === null || end === undefined ? undefined : Date.parse(end),
  });
  return Response.json({ ...shown(made), token: made.value, resources }, { status: 201 });
}

function update({ body, store }: Call, kept: Kept): Response {
  const asked = Update.safeParse(body);
  if (!asked.success) return failed(400, 'body is invalid');
  const { label, is_active: isActive } = asked.data;
  if (label !== undefined) kept.name = label;
  if (isActive !== undefined) store.disable(kept, !isActive);
  return Response.json({ ...shown(kept), resources: [] });
}

function list({ store, query, path }: Call, account: string): Response {
  const [number, size] = [Number(query.get('page') ?? 1), Number(query.get('page_size') ?? 10)];
  const all = store.of(account);
  const next = number * size < all.length ? `?page=${number + 1}&page_size=${size}` : null;
  return Response.json({
    total: all.length,
    next: next && `https://hub.docker.com${path}${next}`,
    previous: null,
    results: pageOf(all, number, size).map((one) => shown(one)),
  });
}

function shown({ id, name, createdAt, expiresAt, lastUsedAt, disabledAt }: Kept) {
  return {
    id,
    label: name,
    created_by: OWNER,
    is_active: disabledAt === undefined,
    created_at: iso(createdAt),
    expires_at: expiresAt === undefined ? null : isoSeconds(expiresAt),
    last_used_at: lastUsedAt === undefined ? null : iso(lastUsedAt),
  };
}

function nameOf(account: string): string {
  return account.slice('orgs/'.length);
}

function failed(status: number, message: string): Response {
  return Response.json({ message, errinfo: {} }, { status });
}
