import * as z from 'zod';
import { isoSeconds, pageOf } from './forms.ts';
import { pairOf } from './logins.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const HOST = 'confluent.keyturn.test';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

const NewKey = z.object({
  spec: z.object({ display_name: z.string().optional(), owner: z.object({ id: z.string() }) }),
});

const RULES: MintingRules = {
  provider: 'confluent-cloud',
  host: HOST,
  account: (index) => `service-accounts/sa-${index}abc`,
  admin: (pair) => ({ user: pair.split(':')[0], token: pair.split(':')[1] }),
  grant: (account) => ({ serviceAccount: idOf(account) }),
  id: (_number, random) =>
    [...Buffer.from(random(16))].map((byte) => CAPITALS[byte % CAPITALS.length]).join(''),
  value: (id, random) => `${id}:${random(64)}`,
  handle: ({ id }) => id,
  presented: (request) => pairOf(request.headers),
  byHand: { scopes: [] },
  stored: (pair) => ({ api_key: pair }),
  use: (pair) => ({
    path: '/org/v2/environments?page_size=1',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  }),
  answer,
};

/**
 * A Confluent Cloud as far as Cloud API keys go. Source: confluentinc/ccloud-sdk-go-v2,
 * apikeys/v2/api/openapi.yaml; the refusal: an answer that users report.
 */
export function confluentCloudSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, store } = call;
  if (caller.kind === 'unauthenticated')
    return failed(
      401,
      "invalid API key: make sure you're using a Cloud API Key and not a Cluster API Key: " +
        'https://docs.confluent.io/cloud/current/api.html#section/Authentication',
    );
  if (path === '/org/v2/environments')
    return Response.json({ api_version: 'org/v2', kind: 'EnvironmentList', metadata: {}, data: [] });
  const [isKeys, id] = /^\/iam\/v2\/api-keys(?:\/([^/]+))?$/.exec(path) ?? [];
  if (isKeys === undefined) return failed(404, 'not found');
  if (caller.kind === 'credential') return failed(403, 'Forbidden Access');
  if (id === undefined) return method === 'POST' ? create(call) : list(call);
  const found = store.all().find((one) => one.id === id);
  if (!found) return failed(404, 'The API key does not exist.');
  store.revoke(found);
  return new Response(null, { status: 204 });
}

function create({ body, store }: Call): Response {
  const asked = NewKey.safeParse(body);
  if (!asked.success) return failed(400, 'missing owner');
  const { display_name: name = '', owner } = asked.data.spec;
  const account = `service-accounts/${owner.id}`;
  if (!store.has(account)) return failed(422, 'owner does not exist');
  const made = store.add(account, { name, scopes: [], expiresAt: undefined });
  return Response.json(shown(made, made.value.split(':')[1]), { status: 202 });
}

function list({ query, store }: Call): Response {
  const [page, size] = [Number(query.get('page_token') ?? 1), Number(query.get('page_size') ?? 10)];
  const keys = store.all();
  const next = `https://${HOST}/iam/v2/api-keys?page_size=${size}&page_token=${page + 1}`;
  return Response.json({
    api_version: 'iam/v2',
    kind: 'ApiKeyList',
    metadata: { ...(page * size < keys.length && { next }), total_size: keys.length },
    data: pageOf(keys, page, size).map((one) => shown(one)),
  });
}

function shown({ id, name, account, createdAt }: Kept, secret?: string): object {
  const at = `https://${HOST}/iam/v2`;
  return {
    api_version: 'iam/v2',
    kind: 'ApiKey',
    id,
    metadata: {
      self: `${at}/api-keys/${id}`,
      created_at: isoSeconds(createdAt),
      updated_at: isoSeconds(createdAt),
    },
    spec: {
      ...(secret !== undefined && { secret }),
      display_name: name,
      owner: {
        id: idOf(account),
        related: `${at}/${account}`,
        resource_name: `crn://${HOST}/service-account=${idOf(account)}`,
      },
    },
  };
}

function idOf(account: string): string {
  return account.slice('service-accounts/'.length);
}

function failed(status: number, detail: string): Response {
  const error = { id: '7b2d', status: String(status), detail, source: {} };
  return Response.json({ errors: [error] }, { status });
}
