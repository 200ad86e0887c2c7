import * as z from 'zod';
import { EVENT_SOURCE, Fact } from '../core/events.ts';
import { isPin } from '../core/names.ts';
import { parseMessage } from './message.ts';

const OwnEvent = z.object({ source: z.literal(EVENT_SOURCE), detail: Fact });

/** Source: AWS Secrets Manager User Guide, "Secret event notifications". */
const LabelEvent = z.object({
  source: z.literal('aws.secretsmanager'),
  'detail-type': z.literal('Secret Label Updated'),
  resources: z.tuple([z.string().startsWith('arn:')]),
  detail: z.object({ labelUpdated: z.string() }),
});

/** The fact in an event of Keyturn's bus that came through a queue. */
export function factIn(message: string): Fact {
  return parseMessage(OwnEvent, message, 'event of Keyturn').detail;
}

/** The secret whose label moved, by Secrets Manager's own event; undefined for Keyturn's pins, which say nothing new. */
export function relabelledSecretIn(message: string): string | undefined {
  const { resources, detail } = parseMessage(LabelEvent, message, 'event of Secrets Manager');
  return isPin(detail.labelUpdated) ? undefined : resources[0];
}
