import * as z from 'zod';
import { DAY } from '../../../functions/core/basics/time.ts';
import { isoSeconds } from './forms.ts';
import { bearerIn, loggedIn, sessionFor } from './logins.ts';
import { ADMIN, PROJECT, emailOf, fileOf, idIn, login, tokensAt } from './google-tokens.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const MOST_KEYS = 10;
const NewKey = z.strictObject({
  privateKeyType: z.enum(['TYPE_UNSPECIFIED', 'TYPE_GOOGLE_CREDENTIALS_FILE']).optional(),
  keyAlgorithm: z.enum(['KEY_ALG_UNSPECIFIED', 'KEY_ALG_RSA_1024', 'KEY_ALG_RSA_2048']).optional(),
});
const RULES: MintingRules = {
  provider: 'google-iam',
  host: 'iam.google.keyturn.test',
  otherHosts: (host) => [tokensAt(host)],
  account: (index) => `serviceAccounts/${emailOf(`robot-${index}`)}`,
  admin: (value) => ({ key_base64: value }),
  grant: (account) => ({ serviceAccount: account.slice('serviceAccounts/'.length) }),
  id: (_number, random) => Buffer.from(random(20)).toString('hex'),
  value: (id, _random, account) => fileOf(id, account?.slice('serviceAccounts/'.length) ?? ADMIN),
  handle: ({ id }) => `keys/${id}`,
  presented: bearerIn,
  sent: idIn,
  byHand: { scopes: [] },
  stored: (value) => ({ key_base64: value }),
  use: (value) => ({
    path: '/v1/me',
    headers: { authorization: `Bearer ${sessionFor('anybody', idIn(value))}` },
  }),
  answer,
};

/**
 * Google Cloud as far as keys of service accounts go, and its tokens for them. Source: the discovery document
 * iam.v1.json; developers.google.com, "Using OAuth 2.0 for Server to Server Applications".
 */
export function googleIamSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (path === '/token' && method === 'POST' && call.host.startsWith('oauth2.')) return login(call);
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled')
    return failed(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (path === '/v1/me' && caller.kind === 'credential') return Response.json({});
  const [, project, email = '', id, verb] =
    /^\/v1\/projects\/([\w-]+)\/serviceAccounts\/([^/]+)\/keys(?:\/([0-9a-f]+)(?::(\w+))?)?$/.exec(path) ??
    [];
  if (project === undefined) return failed(404, 'NOT_FOUND', 'Method not found.');
  if (caller.kind !== 'admin' || loggedIn(headers) !== ADMIN)
    return failed(403, 'PERMISSION_DENIED', "Permission 'iam.serviceAccountKeys.list' denied on resource.");
  const account = `serviceAccounts/${decodeURIComponent(email)}`;
  if (project !== PROJECT || !store.has(account)) return failed(404, 'NOT_FOUND', 'Unknown service account');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'NOT_FOUND', `Service account key ${id} does not exist.`);
  switch (`${method} ${verb ?? ''}`) {
    case 'DELETE ':
      store.revoke(found);
      return Response.json({});
    case 'POST disable':
    case 'POST enable':
      if (JSON.stringify(call.body) !== '{}') return failed(400, 'INVALID_ARGUMENT', 'Unknown name.');
      store.disable(found, verb === 'disable');
      return Response.json({});
    default:
      return failed(404, 'NOT_FOUND', 'Method not found.');
  }
}

function create({ body, store }: Call, account: string): Response {
  if (!NewKey.safeParse(body).success)
    return failed(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
  if (store.of(account).length >= MOST_KEYS)
    return failed(429, 'RESOURCE_EXHAUSTED', 'Maximum number of keys on account reached.');
  const made = store.add(account, { name: '', scopes: [], expiresAt: undefined });
  return Response.json({
    ...shown(made),
    privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE',
    privateKeyData: made.value,
  });
}

/** Those that Google manages among them. */
function list({ query, now, store }: Call, account: string): Response {
  if ([...query.keys()].some((name) => name !== 'keyTypes'))
    return failed(400, 'INVALID_ARGUMENT', 'Unknown name.');
  const types = query.getAll('keyTypes');
  const own = {
    name: `projects/${PROJECT}/${account}/keys/${'0'.repeat(40)}`,
    validAfterTime: isoSeconds(now),
    validBeforeTime: isoSeconds(now + 16 * DAY),
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'SYSTEM_MANAGED',
  };
  const keys = [own, ...store.of(account).map(shown)].filter(
    ({ keyType }) => types.length === 0 || types.includes(keyType),
  );
  return Response.json(keys.length === 0 ? {} : { keys });
}

function shown({ id, account, createdAt, disabledAt }: Kept) {
  return {
    name: `projects/${PROJECT}/${account}/keys/${id}`,
    validAfterTime: isoSeconds(createdAt),
    validBeforeTime: '9999-12-31T23:59:59Z',
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'USER_MANAGED',
    ...(disabledAt !== undefined && { disabled: true }),
  };
}

function failed(code: number, status: string, message: string): Response {
  return Response.json({ error: { code, message, status } }, { status: code });
}
