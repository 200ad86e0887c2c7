import * as z from 'zod';
import { DAY, HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import { isoSeconds } from './forms.ts';
import { bearerIn, loggedIn, sessionFor, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** The version of the API that has service accounts. Source: openapi/atlas-api-transformed.yaml. */
const VERSION = 'application/vnd.atlas.2024-08-05+json';
const ORGANIZATION = '5f1a2b3c4d5e6f7a8b9c0d1e';
const ADMIN = `mdb_sa_id_${'a'.repeat(24)}`;
/** Source: the guide of the Terraform provider, "The 7-day overlap limit". */
const MOST_SECRETS = 2;
const OVERLAP = 7 * DAY;
/** "Anywhere from 8 hours to 365 days". Source: mongodb.com/docs/atlas, "Rotate Service Account Secrets". */
const LIVES = { least: 8, most: 365 * 24 };
/** Source: mongodb.com/docs/mcp-server/remote-mcp/rate-limits. */
const MOST_TOKENS = 100;

const NewSecret = z.object({ secretExpiresAfterHours: z.int().min(LIVES.least).max(LIVES.most) });

const RULES: Omit<MintingRules, 'answer'> = {
  provider: 'mongodb-atlas',
  host: 'atlas.keyturn.test',
  account: (index) =>
    `orgs/${ORGANIZATION}/serviceAccounts/mdb_sa_id_${index.toString(16).padStart(24, '0')}`,
  admin: (value) => ({ clientId: ADMIN, clientSecret: value }),
  grant: (account) => ({ organization: ORGANIZATION, serviceAccount: clientOf(account), maxDays: 60 }),
  id: (_number, random) => Buffer.from(random(12)).toString('hex'),
  value: (_id, random) => `mdb_sa_sk_${random(40)}`,
  handle: ({ id }) => `secrets/${id}`,
  presented: (request) => bearerIn(request) ?? userOf(request.headers)?.password,
  byHand: { scopes: [] },
  stored: (value) => ({ client_secret: value }),
  use: (value) => ({
    path: '/api/atlas/v2/orgs',
    headers: { authorization: `Bearer ${sessionFor('anybody', value)}`, accept: VERSION },
  }),
};

/** When each access token of a client was given out. */
type Given = Map<string, readonly Instant[]>;

/**
 * MongoDB Atlas as far as secrets of service accounts of an organization go. Source: mongodb/atlas-sdk-go,
 * openapi/atlas-api-transformed.yaml; mongodb.com/docs/atlas, "Generate Service Account Token".
 */
export function mongodbAtlasSimulator(options: MintingOptions): Issuer {
  const given: Given = new Map();
  return new MintingSimulator({ ...RULES, answer: (call) => answer(call, given) }, options);
}

function answer(call: Call, given: Given): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/api/oauth/token' && method === 'POST') return login(call, given);
  if (headers.get('accept') !== VERSION) return failed(406, 'INVALID_VERSION_DATE', 'Not Acceptable');
  if (caller.kind === 'unauthenticated' || loggedIn(headers) === undefined)
    return failed(401, 'NOT_AUTHENTICATED', 'Unauthorized');
  if (path === '/api/atlas/v2/orgs' && method === 'GET') return shown({ results: [], totalCount: 0 });
  const [, account = '', rest, id] =
    /^\/api\/atlas\/v2\/(orgs\/[a-f0-9]{24}\/serviceAccounts\/\w+)(\/secrets(?:\/(\w+))?)?$/.exec(path) ?? [];
  if (caller.kind !== 'admin') return failed(403, 'USER_UNAUTHORIZED', 'Forbidden');
  if (!store.has(account)) return failed(404, 'RESOURCE_NOT_FOUND', 'Not Found');
  if (rest === undefined && method === 'GET')
    return shown({
      clientId: clientOf(account),
      name: 'reports',
      description: 'reads invoices',
      roles: ['ORG_READ_ONLY'],
      createdAt: '2026-01-02T03:04:05Z',
      secrets: store.of(account).map((one) => ({ ...entry(one), maskedSecretValue: maskOf(one) })),
    });
  if (rest !== undefined && id === undefined && method === 'POST') return create(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'RESOURCE_NOT_FOUND', 'Not Found');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function login({ caller, headers, body, now }: Call, given: Given): Response {
  const { user = '', password = '' } = userOf(headers) ?? {};
  const isOwn =
    caller.kind === 'admin'
      ? user === ADMIN
      : caller.kind === 'credential' && user === clientOf(caller.credential.account);
  if (!isOwn) return refused(401, 'invalid_client', 'Invalid credentials provided.');
  if (!z.object({ grant_type: z.literal('client_credentials') }).safeParse(body).success)
    return refused(400, 'unsupported_grant_type', 'The grant type is not supported.');
  const valid = (given.get(user) ?? []).filter((at) => at + HOUR > now);
  if (valid.length >= MOST_TOKENS)
    return refused(
      403,
      'access_denied',
      'Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.',
    );
  given.set(user, [...valid, now]);
  return Response.json({
    access_token: sessionFor(user, password),
    expires_in: 3_600,
    token_type: 'Bearer',
  });
}

/** How one too many is refused is not documented. A new one shortens the lives of those that are there. */
function create({ headers, body, now, store }: Call, account: string): Response {
  if (headers.get('content-type') !== VERSION)
    return failed(415, 'UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  const asked = NewSecret.safeParse(body);
  if (!asked.success) return failed(400, 'VALIDATION_ERROR', 'Bad Request');
  const before = store.of(account);
  if (before.length >= MOST_SECRETS) return failed(400, 'TOO_MANY_SECRETS', 'Bad Request');
  for (const one of before) one.expiresAt = Math.min(endOf(one), now + OVERLAP);
  const expiresAt = now + asked.data.secretExpiresAfterHours * HOUR;
  const made = store.add(account, { name: '', scopes: [], expiresAt });
  return shown({ ...entry(made), secret: made.value }, 201);
}

/** "Create returns secret only, import returns masked secret only" (tests of the Terraform provider). */
function entry(one: Kept) {
  return {
    id: one.id,
    createdAt: isoSeconds(one.createdAt),
    expiresAt: isoSeconds(endOf(one)),
    ...(one.lastUsedAt !== undefined && { lastUsedAt: isoSeconds(one.lastUsedAt) }),
  };
}

/** Its form is not documented: this one shows what others show. */
function maskOf({ value }: Kept): string {
  return `mdb_sa_sk_...${value.slice(-4)}`;
}

function endOf({ createdAt, expiresAt = createdAt + LIVES.most * HOUR }: Kept): Instant {
  return expiresAt;
}

function clientOf(account: string): string {
  return account.split('/').at(-1) ?? '';
}

function shown(body: object, status = 200): Response {
  return Response.json(body, { status, headers: { 'content-type': `${VERSION};charset=utf-8` } });
}

function refused(status: number, error: string, description: string): Response {
  return Response.json({ error_description: description, error }, { status });
}

function failed(status: number, code: string, reason: string): Response {
  return Response.json(
    { detail: `${reason}.`, error: status, errorCode: code, parameters: [], reason },
    { status },
  );
}
