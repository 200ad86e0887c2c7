import * as z from 'zod';
import { MintingSimulator, type MintingOptions } from './minting.ts';
import type { Call, Kept, MintingRules } from './minting-rules.ts';
import type { Issuer } from './simulator.ts';

const VERSION = 'application/vnd.pagerduty+json;version=2';
const EVENTS = 'events.pagerduty.keyturn.test';

const NewIntegration = z.strictObject({
  integration: z.strictObject({ label: z.string().min(1) }),
});
const SentEvent = z.object({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
});

const RULES: MintingRules = {
  provider: 'pagerduty',
  host: 'pagerduty.keyturn.test',
  otherHosts: () => [EVENTS],
  account: (index) => `event_orchestrations/${uuid(String(index))}`,
  admin: (token) => ({ token }),
  grant: (account) => ({ orchestration: account.slice('event_orchestrations/'.length) }),
  id: (_number, random) => uuid(Buffer.from(random(6)).toString('hex')),
  value: (_id, random) => `R${random(31).toUpperCase()}`,
  handle: ({ id }) => id,
  presented: (request, body) =>
    SentEvent.safeParse(body).data?.routing_key ??
    /^Token token=(.+)$/.exec(request.headers.get('authorization') ?? '')?.[1],
  byHand: { scopes: [] },
  stored: (key) => ({ routing_key: key }),
  use: (key) => ({
    host: EVENTS,
    method: 'POST',
    path: '/v2/enqueue',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: key,
      event_action: 'trigger',
      payload: { summary: 'a test', source: 'shop', severity: 'info' },
    }),
  }),
  answer,
};

/**
 * PagerDuty as far as integrations of event orchestrations go. Source: PagerDuty/api-schema,
 * reference/REST/openapiv3.json and reference/events-v2/openapiv3.json.
 */
export function pagerdutySimulator(options: MintingOptions): Issuer {
  return new MintingSimulator(RULES, options);
}

function answer(call: Call): Response {
  const { caller, method, path, host, headers, store } = call;
  if (host === EVENTS) return enqueue(call);
  // Without JSON: PagerDuty/go-pagerduty, issue 469. The words are not known.
  if (caller.kind !== 'admin') return new Response('Denied.', { status: 401 });
  const [isIntegrations, account = '', id] =
    /^\/(event_orchestrations\/[\w-]+)\/integrations(?:\/([\w-]+))?$/.exec(path) ?? [];
  if (isIntegrations === undefined || !store.has(account)) return failed(404, 'Not Found', 2100);
  if (headers.get('accept') !== VERSION) return failed(400, 'Invalid Input Provided', 2001);
  if (id === undefined) return method === 'POST' ? create(call, account) : list(call, account);
  const found = store.of(account).find((one) => one.id === id);
  if (!found) return failed(404, 'Not Found', 2100);
  if (method === 'GET') return Response.json({ integration: shown(found) });
  if (method !== 'DELETE') return failed(405, 'Method Not Allowed', 2100);
  store.revoke(found);
  return new Response(null, { status: 204 });
}

/** An event is taken, or its key is not known. Source: PagerDuty/api-schema, reference/events-v2. */
function enqueue({ caller, body }: Call): Response {
  if (caller.kind !== 'credential' || !SentEvent.safeParse(body).success)
    return Response.json(
      { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] },
      { status: 400 },
    );
  return Response.json(
    { status: 'success', message: 'Event processed', dedup_key: 'a-test' },
    { status: 202 },
  );
}

function create({ body, store }: Call, account: string): Response {
  const asked = NewIntegration.safeParse(body);
  if (!asked.success) return failed(400, 'Invalid Input Provided', 2001);
  const { label: name } = asked.data.integration;
  const integration = shown(store.add(account, { name, scopes: [], expiresAt: undefined }));
  return Response.json({ integration }, { status: 201 });
}

function list({ store }: Call, account: string): Response {
  const integrations = store.of(account).map(shown);
  return Response.json({ integrations, total: integrations.length });
}

function shown({ id, name, value }: Kept): object {
  return { id, label: name, parameters: { routing_key: value, type: 'global' } };
}

function failed(status: number, message: string, code: number): Response {
  return Response.json({ error: { message, code } }, { status });
}

function uuid(end: string): string {
  return `00000000-0000-4000-8000-${end.padStart(12, '0')}`;
}
