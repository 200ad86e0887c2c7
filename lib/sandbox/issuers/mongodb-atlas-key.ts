import * as z from 'zod';
import { CHALLENGE, digestOf, provenIn } from './digest.ts';
import { pageOf } from './forms.ts';
import { bearerIn, loggedIn, sessionFor, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** The version of the API that has these calls. Source: openapi/atlas-api-transformed.yaml. */
const VERSION = 'application/vnd.atlas.2023-01-01+json';
const ADMIN = `mdb_sa_id_${'a'.repeat(24)}`;
const ROLES = ['ORG_READ_ONLY'];

const NewKey = z.strictObject({ desc: z.string().min(1).max(250), roles: z.array(z.string()).min(1) });
const Listing = z.strictObject({
  includeCount: z.enum(['true', 'false']).default('true'),
  itemsPerPage: z.coerce.number().int().min(1).max(500).default(100),
  pageNum: z.coerce.number().int().min(1).default(1),
});

/** What is made, by its public key. */
type Pairs = Map<string, string>;

const rulesOf = (pairs: Pairs): MintingRules => ({
  provider: 'mongodb-atlas-key',
  host: 'atlas-keys.keyturn.test',
  account: (index) => `orgs/${index.toString(16).padStart(24, '5f1a2b3c4d5e6f7a8b9c0d1e')}`,
  admin: (value) => ({ clientId: ADMIN, clientSecret: value }),
  grant: (account) => ({ organization: account.slice('orgs/'.length), roles: ROLES }),
  id: (_number, random) => Buffer.from(random(12)).toString('hex'),
  value: (_id, random, account) => {
    if (account === undefined) return `mdb_sa_sk_${random(40)}`;
    const publicKey = lettersOf(random(8));
    const pair = `${publicKey}:${uuidOf(random(16))}`;
    pairs.set(publicKey, pair);
    return pair;
  },
  handle: ({ id }) => `apiKeys/${id}`,
  presented: (request) => bearerIn(request) ?? userOf(request.headers)?.password ?? provenIn(request, pairs),
  byHand: { scopes: ROLES },
  stored: (value) => ({ api_key: value }),
  use: (value) => ({
    path: '/api/atlas/v2/orgs',
    headers: { authorization: digestOf(value, 'GET', '/api/atlas/v2/orgs'), accept: VERSION },
  }),
  answer,
});

/**
 * MongoDB Atlas as far as API keys of an organization go. Source: mongodb/atlas-sdk-go,
 * openapi/atlas-api-transformed.yaml; mongodb.com/docs, Atlas Administration API.
 */
export function mongodbAtlasKeySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(rulesOf(new Map()), options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/api/oauth/token' && method === 'POST') return login(call);
  if (headers.get('accept') !== VERSION) return failed(406, 'INVALID_VERSION_DATE', 'Not Acceptable');
  if (caller.kind !== 'admin' && caller.kind !== 'credential') return challenge();
  if (caller.kind === 'admin' && loggedIn(headers) !== ADMIN) return challenge();
  if (path === '/api/atlas/v2' && method === 'GET')
    return shown({
      appName: 'MongoDB Atlas',
      build: '0'.repeat(40),
      throttling: false,
      links: [],
      apiKey: caller.kind === 'credential' ? { accessList: [], ...entry(caller.credential) } : null,
    });
  if (path === '/api/atlas/v2/orgs' && method === 'GET') return shown({ results: [], totalCount: 0 });
  if (caller.kind !== 'admin') return failed(403, 'USER_UNAUTHORIZED', 'Forbidden');
  const [, account = '', id] =
    /^\/api\/atlas\/v2\/(orgs\/[a-f0-9]{24})\/apiKeys(?:\/([a-f0-9]{24}))?$/.exec(path) ?? [];
  if (!store.has(account)) return failed(404, 'RESOURCE_NOT_FOUND', 'Not Found');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'RESOURCE_NOT_FOUND', 'Not Found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function login({ caller, headers, body }: Call): Response {
  const { user = '', password = '' } = userOf(headers) ?? {};
  if (caller.kind !== 'admin' || user !== ADMIN)
    return Response.json(
      { error_description: 'Invalid credentials provided.', error: 'invalid_client' },
      { status: 401 },
    );
  if (!z.object({ grant_type: z.literal('client_credentials') }).safeParse(body).success)
    return Response.json({ error: 'unsupported_grant_type' }, { status: 400 });
  return Response.json({
    access_token: sessionFor(user, password),
    expires_in: 3_600,
    token_type: 'Bearer',
  });
}

function create({ headers, body, store }: Call, account: string): Response {
  if (headers.get('content-type') !== VERSION)
    return failed(415, 'UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'VALIDATION_ERROR', 'Bad Request');
  const { desc, roles } = asked.data;
  const made = store.add(account, { name: desc, scopes: roles, expiresAt: undefined });
  return shown({ ...entry(made), privateKey: made.value.split(':')[1] });
}

function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'VALIDATION_ERROR', 'Bad Request');
  const keys = store.of(account);
  const { pageNum, itemsPerPage, includeCount } = asked.data;
  return shown({
    results: pageOf(keys, pageNum, itemsPerPage).map((one) => ({
      ...entry(one),
      privateKey: `********-****-****-${one.value.split('-').at(-1)}`,
    })),
    ...(includeCount === 'true' && { totalCount: keys.length }),
  });
}

function entry({ id, account, name, scopes, value }: Kept) {
  const orgId = account.slice('orgs/'.length);
  return {
    id,
    desc: name,
    publicKey: value.split(':')[0],
    roles: scopes.map((roleName) => ({ orgId, roleName })),
    links: [],
  };
}

function lettersOf(text: string): string {
  return text.replace(/[^]/g, (one) => String.fromCharCode(97 + (one.charCodeAt(0) % 26)));
}

function uuidOf(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function shown(body: object, status = 200): Response {
  return Response.json(body, { status, headers: { 'content-type': `${VERSION};charset=utf-8` } });
}

/** The same for a request without a proof and for one with a wrong one: their words are not documented. */
function challenge(): Response {
  const answered = failed(401, 'NOT_AUTHENTICATED', 'Unauthorized');
  answered.headers.set('www-authenticate', CHALLENGE);
  return answered;
}

function failed(status: number, code: string, reason: string): Response {
  return Response.json(
    { detail: `${reason}.`, error: status, errorCode: code, parameters: [], reason },
    { status },
  );
}
