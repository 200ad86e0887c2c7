import * as z from 'zod';
import { Canary } from '../core/inventory/canary.ts';
import { DeliverCommand } from '../core/commands/commands.ts';
import { EVENT_SOURCE, Fact, HEALTH_SIGNAL, LifecycleFact } from '../core/findings/events.ts';
import { parseJson } from '../core/basics/json.ts';
import { isPin } from '../core/basics/names.ts';
import type { Forwarded } from '../use-cases/inventory/upstream-events.ts';
import type { HealthEvent } from '../use-cases/inventory/health-signals.ts';
import { parseMessage } from './message.ts';

const OwnEvent = z.object({ source: z.literal(EVENT_SOURCE), detail: z.union([Fact, Canary]) });

/** Source: AWS Secrets Manager User Guide, "Secret event notifications". */
const LabelEvent = z.object({
  source: z.literal('aws.secretsmanager'),
  'detail-type': z.literal('Secret Label Updated'),
  resources: z.tuple([z.string().startsWith('arn:')]),
  detail: z.object({ labelUpdated: z.string() }),
});

/** Source: CloudWatch User Guide, "Alarm events and EventBridge". */
const AlarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  detail: z.object({ alarmName: z.string().min(1) }),
});
const SignalEvent = z.object({
  'detail-type': z.literal(HEALTH_SIGNAL),
  time: z.iso.datetime().transform((text) => Date.parse(text)),
  detail: z.object({ signal: z.string().min(1).max(255), state: z.literal('ALARM') }),
});
const AnyHealthEvent = z.discriminatedUnion('detail-type', [AlarmEvent, SignalEvent]);

/** What an event says of the health of consumers. */
export function healthEventIn(message: string): HealthEvent {
  const event = parseMessage(AnyHealthEvent, message, 'alarm or health signal');
  if (event['detail-type'] === HEALTH_SIGNAL)
    return { kind: 'custom', signal: event.detail.signal, at: event.time };
  return { kind: 'alarm', name: event.detail.alarmName };
}

const ForwardedEvent = z.object({
  source: z.literal(EVENT_SOURCE),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  detail: Fact,
});

/**
 * The fact of another installation, with the account and Region that EventBridge noted as its sender's;
 * undefined for any other event.
 */
export function forwardedIn(
  message: string,
  here: { readonly account: string; readonly region: string },
): Forwarded | undefined {
  const parsed = ForwardedEvent.safeParse(parseJson(message));
  if (!parsed.success) return undefined;
  const { account, region, detail } = parsed.data;
  return account === here.account && region === here.region ? undefined : { fact: detail, account, region };
}

/** The fact, or the canary, in an event of Keyturn's bus that came through a queue. */
export function factIn(message: string): Fact | Canary {
  return parseMessage(OwnEvent, message, 'event of Keyturn').detail;
}

const Promotion = z.object({ source: z.literal(EVENT_SOURCE), detail: LifecycleFact });

/**
 * Where to look for what is to be brought to consumers: as the sweep says, or where a promotion was reported.
 */
export function deliveryIn(message: string, notAfter: number): DeliverCommand {
  const found = parseMessage(z.union([DeliverCommand, Promotion]), message, 'command to deliver');
  return 'kind' in found ? found : { kind: 'deliver', tokenId: found.detail.tokenId, notAfter };
}

/** The canary that came over its topic; undefined for anything else. */
export function canaryIn(message: string): Canary | undefined {
  return Canary.safeParse(parseJson(message)).data;
}

/**
 * The secret whose label moved, by Secrets Manager's own event; undefined for Keyturn's pins, which say
 * nothing new.
 */
export function relabelledSecretIn(message: string): string | undefined {
  const { resources, detail } = parseMessage(LabelEvent, message, 'event of Secrets Manager');
  return isPin(detail.labelUpdated) ? undefined : resources[0];
}
