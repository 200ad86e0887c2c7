import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Canary } from '../core/inventory/canary.ts';
import { CANARY_DETAIL_TYPE, DETAIL_TYPES, EVENT_SOURCE, type Fact } from '../core/findings/events.ts';
import type { CanaryWay } from '../core/ports/alert-topic.ts';
import type { FactBus } from '../core/ports/fact-bus.ts';
import { aws } from './aws-errors.ts';
import { chunks } from './chunks.ts';

/** The most that PutEvents takes in one request. */
const BATCH = 10;

function entryOf(fact: Fact | Canary, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: fact.type === 'canary' ? CANARY_DETAIL_TYPE : DETAIL_TYPES[fact.type],
    Time: new Date(fact.at),
    Detail: JSON.stringify(fact),
  };
}

/** Keyturn's bus. Error: `aws-failed`. */
export function eventbridgeBus(client: EventBridgeClient, busName: string): FactBus {
  return {
    publish: (facts) =>
      put(
        client,
        facts.map((fact) => entryOf(fact, busName)),
      ),
  };
}

/** The same bus, for canaries: by the call by which facts go. Error: `aws-failed`. */
export function eventbridgeCanaries(client: EventBridgeClient, busName: string): CanaryWay {
  return { send: (canary) => put(client, [entryOf(canary, busName)]) };
}

/** PutEvents answers 200 with refused entries inside, so each answer is counted. */
async function put(client: EventBridgeClient, entries: readonly PutEventsRequestEntry[]): Promise<void> {
  let refused = 0;
  for (const batch of chunks(entries, BATCH)) {
    const answer = await aws('events:PutEvents', () =>
      client.send(new PutEventsCommand({ Entries: [...batch] })),
    );
    refused += answer.FailedEntryCount ?? 0;
  }
  if (refused > 0)
    throw new KeyturnError('aws-failed', `EventBridge did not accept ${refused} of ${entries.length} facts.`);
}
