import * as z from 'zod';
import { SECOND } from '../../../functions/core/basics/time.ts';
import { failed, login } from './databricks-answers.ts';
import { bearerIn, loggedIn, userOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const NewToken = z.object({
  comment: z.string().optional(),
  lifetime_seconds: z.int().positive().optional(),
});
const Gone = z.object({ token_id: z.string() });
/** Two years, where none is asked for. Source: service/settings/model.go. */
const LIFETIME = 63_072_000;

const RULES: MintingRules = {
  provider: 'databricks',
  host: 'dbc.keyturn.test',
  account: (index) => `servicePrincipals/00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  admin: () => ({}),
  grant: (account, secret) => ({ servicePrincipal: idOf(account), oauthSecret: secret, maxDays: 60 }),
  id: (number, random) => `${number}${Buffer.from(random(16)).toString('hex')}`,
  value: (_id, random) => `dapi${Buffer.from(random(16)).toString('hex')}`,
  handle: ({ id }) => id,
  presented: (request) => bearerIn(request) ?? userOf(request.headers)?.password,
  byHand: { scopes: [] },
  stored: (token) => ({ token }),
  use: (token) => ({
    path: '/api/2.0/preview/scim/v2/Me',
    headers: { authorization: `Bearer ${token}` },
  }),
  answer,
};

/**
 * A Databricks workspace as far as personal access tokens of service principals go. Source:
 * databricks/databricks-sdk-go, service/settings; the refusals: its issues 873, 917 and 1046.
 */
export function databricksSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/oidc/v1/token' && method === 'POST')
    return login(call, (user) => caller.kind === 'admin' && store.has(`servicePrincipals/${user}`));
  if (caller.kind === 'unauthenticated')
    return failed(403, 403, 'Invalid access token. [ReqId: 0a1b2c3d-0000-4000-8000-000000000000]');
  const account = accountOf(call);
  if (path === '/api/2.0/preview/scim/v2/Me' && method === 'GET')
    return Response.json({ id: '1', userName: idOf(account), displayName: 'reports', active: true });
  if (!store.has(account)) return failed(403, 'PERMISSION_DENIED', 'No such principal.');
  switch (`${method} ${path}`) {
    case 'POST /api/2.0/token/create':
      return create(call, account);
    case 'GET /api/2.0/token/list':
      return list(store.of(account));
    case 'POST /api/2.0/token/delete':
      return remove(call, account);
    default:
      return failed(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'.`);
  }

  function accountOf({ caller: who }: Call): string {
    if (who.kind === 'credential') return who.credential.account;
    return `servicePrincipals/${loggedIn(headers) ?? ''}`;
  }
}

function create({ body, now, store }: Call, account: string): Response {
  const asked = NewToken.safeParse(body);
  if (!asked.success) return failed(400, 'INVALID_PARAMETER_VALUE', 'The request is invalid.');
  const { comment = '', lifetime_seconds: life = LIFETIME } = asked.data;
  const made = store.add(account, { name: comment, scopes: [], expiresAt: now + life * SECOND });
  return Response.json({ token_value: made.value, token_info: shown(made) });
}

function list(tokens: readonly Kept[]): Response {
  return Response.json(tokens.length === 0 ? {} : { token_infos: tokens.map(shown) });
}

function remove({ body, store }: Call, account: string): Response {
  const asked = Gone.safeParse(body);
  const found = store.of(account).find((one) => one.id === asked.data?.token_id);
  if (!found) return failed(404, 'RESOURCE_DOES_NOT_EXIST', 'Token with this ID does not exist.');
  store.revoke(found);
  return Response.json({});
}

function shown({ id, name, createdAt, expiresAt }: Kept) {
  return { token_id: id, creation_time: createdAt, expiry_time: expiresAt ?? -1, comment: name };
}

function idOf(account: string): string {
  return account.slice('servicePrincipals/'.length);
}
