import * as z from 'zod';
import { bearerOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

/** Source: the API reference, "Create API keys": 403 beyond it. */
const MOST_KEYS = 100;

const NewKey = z.object({ name: z.string().min(1), scopes: z.array(z.string()).optional() });

const RULES: MintingRules = {
  provider: 'sendgrid',
  host: 'sendgrid.keyturn.test',
  account: (index) => `subusers/u${index}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ subuser: account.slice('subusers/'.length), scopes: ['mail.send'] }),
  id: (_number, random) => random(22),
  value: (id, random) => `SG.${id}.${random(43)}`,
  handle: ({ id }) => id,
  presented: bearerOf,
  byHand: { scopes: ['mail.send'] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/v3/scopes', headers: { authorization: `Bearer ${key}` } }),
  answer,
};

/**
 * SendGrid as far as API keys go. Source: twilio/sendgrid-oai, spec/json/tsg_api_keys_v3.json and
 * tsg_scopes_v3.json.
 */
export function sendgridSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind === 'unauthenticated')
    return failed(401, 'The provided authorization grant is invalid, expired, or revoked');
  if (path === '/v3/scopes' && method === 'GET')
    return Response.json({
      scopes: caller.kind === 'admin' ? ['api_keys.create'] : caller.credential.scopes,
    });
  const [isKeys, id] = /^\/v3\/api_keys(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isKeys === undefined) return failed(404, 'resource not found');
  const account = `subusers/${headers.get('on-behalf-of') ?? ''}`;
  if (caller.kind === 'credential' || !store.has(account)) return failed(403, 'access forbidden');
  const kept = store.of(account);
  if (id === undefined && method === 'POST') return create(call, account, kept.length);
  if (id === undefined)
    return Response.json({ result: kept.map((one) => ({ api_key_id: one.id, name: one.name })) });
  const found = kept.find((one) => one.id === id);
  if (!found) return failed(404, 'unable to find API Key');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, store }: Call, account: string, count: number): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'missing required argument');
  if (count >= MOST_KEYS) return failed(403, 'Cannot create more than 100 API Keys');
  const { name, scopes = ['user.full_access'] } = asked.data;
  const { id, value } = store.add(account, { name, scopes, expiresAt: undefined });
  return Response.json({ api_key: value, api_key_id: id, name, scopes }, { status: 201 });
}

function failed(status: number, message: string): Response {
  return Response.json({ errors: [{ message, field: null }] }, { status });
}
