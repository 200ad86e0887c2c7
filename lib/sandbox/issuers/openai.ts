import * as z from 'zod';
import { bearerOf } from './forms.ts';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import { failed, refused, seconds } from './openai-answers.ts';
import type { Issuer } from './simulator.ts';

const NewAccount = z.strictObject({
  name: z.string().min(1),
  create_service_account_only: z.boolean().nullish(),
});
const Listing = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().optional(),
});

const RULES: MintingRules = {
  provider: 'openai',
  host: 'openai.keyturn.test',
  account: (index) => `projects/proj_${String(index).padStart(6, '0')}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ project: idOf(account) }),
  id: (_number, random) => `svc_acct_${random(24)}`,
  value: (_id, random, account) =>
    `sk-${account === undefined ? 'admin' : 'svcacct'}-${random(74)}T3BlbkFJ${random(74)}`,
  handle: ({ id }) => `service_accounts/${id}`,
  presented: bearerOf,
  byHand: { scopes: [] },
  stored: (key) => ({ api_key: key }),
  use: (key) => ({ path: '/v1/responses', headers: { authorization: `Bearer ${key}` } }),
  answer,
};

/** OpenAI as far as service accounts of projects go. Source: openai/openai-openapi, openapi.json. */
export function openaiSimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, headers, store } = call;
  if (caller.kind === 'unauthenticated' || caller.kind === 'disabled') return refused(headers);
  if (path === '/v1/models' && caller.kind === 'credential')
    return Response.json({
      object: 'list',
      data: [{ id: 'gpt-4.1', object: 'model', created: 1_744_316_542, owned_by: 'system' }],
    });
  // What a consumer uses models with: not asked by Keyturn.
  if (path === '/v1/responses' && caller.kind === 'credential') return Response.json({ object: 'response' });
  if (caller.kind === 'credential')
    return failed(
      403,
      'You have insufficient permissions for this operation. Missing scopes: api.management.read.',
    );
  const [, project, id] =
    /^\/v1\/organization\/projects\/([^/]+)\/service_accounts(?:\/([^/]+))?$/.exec(path) ?? [];
  const account = `projects/${project ?? ''}`;
  if (project === undefined || !store.has(account)) return failed(404, 'Project not found.');
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found || method !== 'DELETE') return failed(404, 'Service account not found.');
  store.revoke(found);
  return Response.json({ object: 'organization.project.service_account.deleted', id, deleted: true });
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewAccount.safeParse(body);
  if (!asked.success) return failed(400, 'Invalid request.');
  const made = store.add(account, { name: asked.data.name, scopes: [], expiresAt: undefined });
  return Response.json({
    ...shown(made),
    api_key: {
      object: 'organization.project.service_account.api_key',
      value: made.value,
      name: 'Secret Key',
      created_at: seconds(made),
      id: `key_${made.id}`,
    },
  });
}

function list({ query, store }: Call, account: string): Response {
  const asked = Listing.safeParse(Object.fromEntries(query));
  if (!asked.success) return failed(400, 'Invalid request.');
  const { limit, after } = asked.data;
  const accounts = store.of(account);
  const start = after === undefined ? 0 : accounts.findIndex(({ id }) => id === after) + 1;
  const page = accounts.slice(start, start + limit);
  return Response.json({
    object: 'list',
    data: page.map(shown),
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: start + page.length < accounts.length,
  });
}

function shown(account: Kept) {
  const { id, name } = account;
  const object = 'organization.project.service_account';
  return { object, id, name, role: 'member', created_at: seconds(account) };
}

function idOf(account: string): string {
  return account.slice('projects/'.length);
}
