import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';
import {
  START,
  adminIn,
  batchOf,
  data,
  denied,
  failed,
  loggedIn,
  nothing,
  roleIdOf,
  rules,
  shown,
} from './vault-approle-answers.ts';

const MOUNT = '/v1/auth/approle';
const ADMIN = `${START}keyturn`;

/** Source: openbao/openbao df6ce2ce, website/content/docs/api/auth/approle.mdx. */
const NewSecretId = z.strictObject({
  metadata: z.string().default(''),
  cidr_list: z.array(z.string()).default([]),
  num_uses: z.int().nonnegative().default(0),
  ttl: z
    .string()
    .regex(/^\d+s$/)
    .default('0s'),
});
const ByAccessor = z.strictObject({ secret_id_accessor: z.string().min(1) });
const ByValue = z.strictObject({ secret_id: z.string().min(1) });
const Login = z.strictObject({ role_id: z.string().min(1), secret_id: z.string().min(1) });

const RULES: Omit<MintingRules, 'answer'> = {
  provider: 'vault-approle',
  host: 'vault.keyturn.test',
  account: (index) => `${START}app-${index}`,
  admin: (secretId) => ({ role_id: roleIdOf(ADMIN), secret_id: secretId }),
  grant: (account) => ({
    mount: 'approle',
    role: account.slice(START.length),
    roleId: roleIdOf(account),
    maxDays: 60,
  }),
  id: (number, random) => `${hex(random(4))}-${String(number).padStart(4, '0')}-4000-8000-${hex(random(6))}`,
  // The number of the role stands in it, so that a consumer of the sandbox knows the role_id.
  value: (_id, random, account) =>
    `${hex(random(4))}-0000-4000-${numberOf(account ?? `${START}app-0`).padStart(4, '0')}-${hex(random(6))}`,
  handle: ({ id }) => id,
  presented: (request, body) => {
    const token = request.headers.get('x-vault-token');
    return token === null ? Login.safeParse(body).data?.secret_id : adminIn(token);
  },
  byHand: { scopes: [], name: () => '' },
  stored: (value) => ({ secret_id: value, role_id: roleIdOf(`${START}app-${Number(value.split('-')[3])}`) }),
  use: (value) => ({
    method: 'POST',
    path: `${MOUNT}/login`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      role_id: roleIdOf(`${START}app-${Number(value.split('-')[3])}`),
      secret_id: value,
    }),
  }),
};

/** What a Vault knows whatever its lists show. */
interface Known {
  /** The tokens that logins made, and nobody revoked. */
  readonly tokens: Set<string>;
  readonly secretIds: Set<Kept>;
}

/**
 * Vault as far as secret IDs of AppRoles go. Source: openbao/openbao df6ce2ce,
 * internal/builtin/credential/approle/path_login.go and path_role.go.
 */
export function vaultApproleSimulator(options: MintingOptions): Issuer {
  const known: Known = { tokens: new Set(), secretIds: new Set() };
  return new MintingSimulator({ ...RULES, answer: (call) => stamped(answer(call, known)) }, options);
}

/** Source: openbao/openbao df6ce2ce, internal/http/handler.go. */
function stamped(response: Response): Response {
  response.headers.set('cache-control', 'no-store');
  return response;
}

function answer(call: Call, known: Known): Response {
  const { caller, method, path } = call;
  if (path === `${MOUNT}/login` && method === 'POST') return login(call, known);
  if (path === '/v1/auth/token/revoke-self' && method === 'POST') return revokeSelf(call, known);
  if (caller.kind !== 'admin') return denied(known.tokens.has(call.headers.get('x-vault-token') ?? ''));
  const [, role, rest = ''] = /^\/v1\/auth\/approle\/role\/([\w.-]+)(\/.*)?$/.exec(path) ?? [];
  if (role === undefined)
    return failed(404, `no handler for route "${path.slice(4)}". route entry not found.`);
  for (const one of call.store.all()) known.secretIds.add(one);
  return ofRole(call, known, START + role, `${method} ${rest}`);
}

function revokeSelf({ caller, headers }: Call, { tokens }: Known): Response {
  if (caller.kind === 'admin') return failed(400, 'batch tokens cannot be revoked');
  return tokens.delete(headers.get('x-vault-token') ?? '') ? nothing() : denied();
}

function ofRole(call: Call, known: Known, account: string, what: string): Response {
  const { store, query } = call;
  const isThere = store.has(account);
  const missing = `role "${account.slice(START.length)}" does not exist`;
  switch (what) {
    case 'GET ':
      return isThere ? data(rules()) : failed(404);
    case 'GET /role-id':
      return isThere ? data({ role_id: roleIdOf(account) }) : failed(404);
    case 'GET /secret-id/':
      if (query.get('list') !== 'true') return failed(405, 'unsupported operation');
      if (!isThere) return failed(400, missing);
      return store.of(account).length === 0
        ? failed(404)
        : data({ keys: store.of(account).map(({ id }) => id) });
    case 'POST /secret-id':
      return isThere ? create(call, known, account) : failed(404, missing);
    default:
      return isThere
        ? ofOne(call, known, account, what)
        : failed(500, `1 error occurred:\n\t* ${missing}\n\n`);
  }
}

function ofOne({ body, store }: Call, { secretIds }: Known, account: string, what: string): Response {
  const all = [...secretIds].filter((one) => one.account === account && one.revokedAt === undefined);
  if (what === 'POST /secret-id/lookup') {
    const value = ByValue.safeParse(body).data?.secret_id;
    const found = all.find((one) => one.value === value);
    return found ? data(shown(found)) : nothing();
  }
  const accessor = ByAccessor.safeParse(body).data?.secret_id_accessor ?? '';
  const found = all.find(({ id }) => id === accessor);
  const gone = `failed to find accessor entry for secret_id_accessor: "${accessor}"`;
  switch (what) {
    case 'POST /secret-id-accessor/lookup':
      return found ? data(shown(found)) : data({ error: gone }, 404);
    case 'POST /secret-id-accessor/destroy':
      if (!found) return failed(500, `1 error occurred:\n\t* ${gone}\n\n`);
      store.revoke(found);
      return nothing();
    default:
      return failed(404, 'unsupported path');
  }
}

function create({ body, now, store }: Call, { secretIds }: Known, account: string): Response {
  const asked = NewSecretId.safeParse(body);
  if (!asked.success) return failed(400, 'failed to parse the request');
  const { metadata, ttl, num_uses: uses } = asked.data;
  const life = Number(ttl.slice(0, -1));
  const expiresAt = life === 0 ? undefined : now + life * SECOND;
  const made = store.add(account, { name: markerIn(metadata), scopes: [], expiresAt });
  secretIds.add(made);
  return data({
    secret_id: made.value,
    secret_id_accessor: made.id,
    secret_id_ttl: life,
    secret_id_num_uses: uses,
  });
}

function markerIn(metadata: string): string {
  return metadata === ''
    ? ''
    : (z.record(z.string(), z.string()).parse(JSON.parse(metadata))['keyturn'] ?? '');
}

function login({ caller, body }: Call, { tokens }: Known): Response {
  const asked = Login.safeParse(body);
  if (!asked.success) return failed(400, 'missing role_id');
  if (caller.kind === 'admin' && asked.data.role_id === roleIdOf(ADMIN))
    return loggedIn({ account: ADMIN, id: 'keyturn', name: '' }, batchOf(caller.value));
  if (caller.kind !== 'credential' || roleIdOf(caller.credential.account) !== asked.data.role_id)
    return failed(400, 'invalid role or secret ID');
  const token = `hvs.${tokens.size}${caller.credential.id}`;
  tokens.add(token);
  return loggedIn(caller.credential, token);
}

function numberOf(account: string): string {
  return account.slice(`${START}app-`.length);
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
