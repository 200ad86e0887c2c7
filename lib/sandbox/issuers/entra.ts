import * as z from 'zod';
import { DAY } from '../../../functions/core/basics/time.ts';
import { ADMIN, TENANT, login, loginsAt } from './entra-logins.ts';
import { iso } from './forms.ts';
import { bearerIn, loggedIn, sessionFor } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** "startDateTime + 2 years". */
const LIFE = 730 * DAY;
const When = z.iso.datetime().transform((text) => Date.parse(text));
const NewPassword = z.strictObject({
  passwordCredential: z.strictObject({
    displayName: z.string().nullish(),
    startDateTime: When.optional(),
    endDateTime: When.optional(),
  }),
});
const Gone = z.strictObject({ keyId: z.uuid() });

const RULES: MintingRules = {
  provider: 'entra',
  host: 'graph.keyturn.test',
  otherHosts: (host) => [loginsAt(host)],
  account: (index) => `applications/00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  admin: (value) => ({ tenant: TENANT, clientId: ADMIN, clientSecret: value }),
  grant: (account) => ({ application: idOf(account), maxDays: 60 }),
  id: (number, random) =>
    `${Buffer.from(random(4)).toString('hex')}-0000-4000-8000-${String(number).padStart(12, '0')}`,
  value: (_id, random) => `${random(3)}8Q~${random(34)}`,
  handle: ({ id }) => `passwords/${id}`,
  presented: bearerIn,
  byHand: { scopes: [] },
  stored: (value) => ({ client_secret: value }),
  use: (value) => ({
    path: '/v1.0/organization',
    headers: { authorization: `Bearer ${sessionFor('anybody', value)}` },
  }),
  answer,
};

/**
 * Microsoft Entra as far as passwords of applications go, by Microsoft Graph, and its tokens for them.
 * Source: learn.microsoft.com, "application: addPassword", "application: removePassword", "Get application".
 */
export function entraSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, host, headers, store } = call;
  if (host.startsWith('login.'))
    return method === 'POST' ? login(call) : failed(404, 'NotFound', 'There is nothing here.');
  if (caller.kind !== 'admin' && caller.kind !== 'credential')
    return failed(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
  if (path === '/v1.0/organization' && caller.kind === 'credential') return Response.json({ value: [] });
  const [, application, verb = ''] =
    /^\/v1\.0\/applications\(appId='([0-9a-f-]{36})'\)(?:\/(\w+))?$/.exec(path) ?? [];
  if (application === undefined) return failed(400, 'BadRequest', `Resource not found for the segment.`);
  if (caller.kind !== 'admin' || loggedIn(headers) !== ADMIN)
    return failed(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  const account = `applications/${application}`;
  if (!store.has(account))
    return failed(404, 'Request_ResourceNotFound', `Resource '${application}' does not exist.`);
  switch (`${method} ${verb}`) {
    case 'GET ':
      return shownApplication(call, account);
    case 'POST addPassword':
      return add(call, account);
    case 'POST removePassword':
      return remove(call, account);
    default:
      return failed(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
  }
}

/** Only what is selected. */
function shownApplication({ query, store }: Call, account: string): Response {
  const all = {
    id: `${idOf(account).slice(0, -1)}f`,
    appId: idOf(account),
    displayName: 'billing',
    passwordCredentials: store.of(account).map(shown),
  };
  const selected = query.get('$select')?.split(',');
  const fields = Object.entries(all).filter(([name]) => selected?.includes(name) ?? true);
  return Response.json({ '@odata.context': '#applications/$entity', ...Object.fromEntries(fields) });
}

function add({ body, now, store }: Call, account: string): Response {
  const asked = NewPassword.safeParse(body).data?.passwordCredential;
  const { displayName, startDateTime: start = now, endDateTime: end = start + LIFE } = asked ?? {};
  if (!asked || end <= Math.max(start, now))
    return failed(400, 'Request_BadRequest', 'Key credential end date is invalid.');
  const made = store.add(account, { name: displayName ?? '', scopes: [], expiresAt: end });
  return Response.json({
    '@odata.context': '#microsoft.graph.passwordCredential',
    ...shown(made),
    secretText: made.value,
  });
}

function remove({ body, store }: Call, account: string): Response {
  const asked = Gone.safeParse(body).data;
  const found = store.of(account).find((one) => one.id === asked?.keyId);
  if (!found)
    return failed(
      400,
      'Request_BadRequest',
      `No password credential found with keyId ${asked?.keyId ?? ''}.`,
    );
  store.revoke(found);
  return new Response(undefined, { status: 204 });
}

function shown({ id, name, value, createdAt, expiresAt }: Kept) {
  return {
    customKeyIdentifier: null,
    displayName: name,
    endDateTime: iso(expiresAt ?? createdAt + LIFE),
    hint: value.slice(0, 3),
    keyId: id,
    secretText: null,
    startDateTime: iso(createdAt),
  };
}

function idOf(account: string): string {
  return account.slice('applications/'.length);
}

function failed(status: number, code: string, message: string): Response {
  const id = '00000000-0000-4000-8000-000000000000';
  const innerError = { date: '2026-03-02T10:17:30Z', 'request-id': id, 'client-request-id': id };
  return Response.json({ error: { code, message, innerError } }, { status });
}
