import * as z from 'zod';
import type { AlarmNotice } from '../../core/alerts/alarm.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { findingKey } from '../../core/findings/findings.ts';
import { parseJson } from '../../core/basics/json.ts';
import type { Notice } from '../../core/alerts/notices.ts';
import { alarmEvent, pagerEvent } from '../../core/alerts/page-event.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { SECOND } from '../../core/basics/time.ts';
import { genuine, isPast, type GenuinePorts } from './genuine.ts';

export interface PagePorts extends GenuinePorts {
  readonly fetch: (request: Request) => Promise<Response>;
  /** The text of the secret that holds the routing key. */
  readonly routingSecret: () => Promise<Secret>;
  /** PagerDuty's Events API v2 endpoint. */
  readonly url: string;
  readonly ledger: AlertLedger;
  readonly runbookUrl: string | undefined;
}

const TIMEOUT = 10 * SECOND;

const RoutingKey = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{32}$/);
const RoutingJson = z.object({ routingKey: RoutingKey });

/**
 * Pages for whatever came over the topic for alerts, as its record has it now: opens or resolves an incident
 * at PagerDuty for what is critical, one incident a finding; a digest wakes no person, a reminder rings
 * again. A topic may deliver late and twice: a step older than one that was sent is passed over, or a late
 * "opened" would open again what is over. Errors: `bad-request` for a wrong routing key or a refused event,
 * `issuer-throttled` and `issuer-unreachable` for what may pass.
 */
export async function pageNotice(notice: Notice, ports: PagePorts): Promise<void> {
  const isForPager =
    notice.type === 'reminder' || (notice.type === 'finding' && notice.severity === 'critical');
  const known = isForPager ? await genuine(notice, ports) : undefined;
  if (known === undefined || known.type === 'digest') return;
  const fact = known.type === 'reminder' ? known.finding : known;
  if (fact.severity !== 'critical') return;
  const key = findingKey(fact.tokenId, fact);
  const told =
    known.type === 'reminder'
      ? { key: `${key}/reminder/${fact.sequence}`, sequence: known.step }
      : { key, sequence: fact.sequence };
  await sendOnce({ ...told, event: pagerEvent(fact, ports) }, ports);
}

/**
 * Opens an incident when an alarm of CloudWatch fires and resolves it when the alarm is over. Errors: as
 * {@link pageNotice}.
 */
export async function pageAlarm(alarm: AlarmNotice, ports: PagePorts): Promise<void> {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return;
  if (!isPast(alarm.StateChangeTime, ports))
    return ports.log.error('an alarm that is to change in the future was not told');
  await sendOnce(
    {
      key: `alarm/${alarm.AlarmName}`,
      sequence: alarm.StateChangeTime,
      event: alarmEvent(alarm, ports.installation),
    },
    ports,
  );
}

interface Step {
  readonly key: string;
  readonly sequence: number;
  readonly event: Record<string, unknown>;
}

async function sendOnce({ key, sequence, event }: Step, ports: PagePorts): Promise<void> {
  const told = `pager/${key}`;
  if ((await ports.ledger.told(told)) >= sequence) return;
  await send(event, ports);
  await ports.ledger.tell(told, sequence, ports.now());
}

async function send(event: Record<string, unknown>, { fetch, routingSecret, url }: PagePorts): Promise<void> {
  const routingKey = routingKeyOf(await routingSecret());
  const body = JSON.stringify({ routing_key: routingKey, ...event });
  const status = await post(
    new Request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    }),
    fetch,
  );
  if (status === 202) return;
  if (status === 429)
    throw new KeyturnError('issuer-throttled', 'PagerDuty answered 429: it asks for fewer events.');
  if (status >= 500) throw new KeyturnError('issuer-unreachable', `PagerDuty answered ${status}.`);
  throw new KeyturnError(
    'bad-request',
    `PagerDuty answered ${status}: check that the routing key belongs to an Events API v2 integration.`,
  );
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
  throw new KeyturnError(
    'bad-request',
    'The pager secret holds no routing key: store the 32 characters, or JSON with them in the field ' +
      '"routingKey".',
  );
}
