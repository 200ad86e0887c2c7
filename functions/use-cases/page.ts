import { createHash } from 'node:crypto';
import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import type { FindingFact } from '../core/events.ts';
import { FINDING_RULES, dedupKey } from '../core/findings.ts';
import type { AlertLedger } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import { SECOND, type Instant } from '../core/time.ts';

export interface PagePorts {
  readonly fetch: (request: Request) => Promise<Response>;
  /** The text of the secret that holds the routing key. */
  readonly routingSecret: () => Promise<Secret>;
  /** PagerDuty's Events API v2 endpoint. */
  readonly url: string;
  readonly ledger: AlertLedger;
  readonly now: () => Instant;
}

const TIMEOUT = 10 * SECOND;
/** The longest key that PagerDuty groups by (PagerDuty Events API v2 Overview). */
const DEDUP_MOST = 255;
const SUMMARY_MOST = 1_024;

const RoutingKey = z.string().trim().regex(/^[A-Za-z0-9]{32}$/);
const RoutingJson = z.object({ routingKey: RoutingKey });

/**
 * Opens or resolves an incident at PagerDuty; one incident a finding. A topic may deliver late and twice: a step older than one that was sent is passed over,
 * or a late "opened" would open again what is over.
 * Errors: `bad-request` for a wrong routing key or a refused event, `issuer-throttled` and `issuer-unreachable` for what may pass.
 */
export async function page(fact: FindingFact, ports: PagePorts): Promise<void> {
  const key = `pager/${dedupKey(fact.tokenId, fact)}`;
  if ((await ports.ledger.told(key)) >= fact.sequence) return;
  await send(fact, ports);
  await ports.ledger.tell(key, fact.sequence, ports.now());
}

async function send(fact: FindingFact, { fetch, routingSecret, url }: PagePorts): Promise<void> {
  const routingKey = routingKeyOf(await routingSecret());
  const body = JSON.stringify({ routing_key: routingKey, ...pagerEvent(fact) });
  const status = await post(new Request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) }), fetch);
  if (status === 202) return;
  if (status === 429) throw new KeyturnError('issuer-throttled', 'PagerDuty answered 429: it asks for fewer events.');
  if (status >= 500) throw new KeyturnError('issuer-unreachable', `PagerDuty answered ${status}.`);
  throw new KeyturnError('bad-request', `PagerDuty answered ${status}: check that the routing key belongs to an Events API v2 integration.`);
}

/** Sends the request and lets nothing of it or of the answer but the status out. */
async function post(request: Request, fetch: PagePorts['fetch']): Promise<number> {
  try {
    const response = await fetch(request);
    await response.body?.cancel();
    return response.status;
  } catch {
    throw new KeyturnError('issuer-unreachable', 'PagerDuty could not be reached.');
  }
}

function routingKeyOf(text: Secret): string {
  const raw = text.reveal();
  const json = RoutingJson.safeParse(parseJson(raw));
  const key = json.success ? json.data.routingKey : RoutingKey.safeParse(raw).data;
  if (key !== undefined) return key;
  throw new KeyturnError('bad-request', 'The pager secret holds no routing key: store the 32 characters, or JSON with them in the field "routingKey".');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The event as PagerDuty's Events API v2 takes it, without the routing key. */
export function pagerEvent(fact: FindingFact): Record<string, unknown> {
  const dedup_key = shortened(dedupKey(fact.tokenId, fact));
  if (fact.change === 'resolved') return { event_action: 'resolve', dedup_key };
  const { title, impact, action } = FINDING_RULES[fact.kind];
  const { owner, environment, detail, subject } = fact;
  return {
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: `${title}: ${fact.name} (${fact.provider}, ${environment})`.slice(0, SUMMARY_MOST),
      source: fact.name,
      severity: fact.severity,
      timestamp: new Date(fact.at).toISOString(),
      component: fact.provider,
      group: environment,
      class: fact.kind,
      custom_details: { detail, impact, action, owner, ...(subject !== '' && { subject }) },
    },
  };
}

/** A long key keeps its start, for people, and a hash of the whole. */
function shortened(key: string): string {
  if (key.length <= DEDUP_MOST) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${key.slice(0, DEDUP_MOST - hash.length - 1)}/${hash}`;
}
