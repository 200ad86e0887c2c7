import { PutEventsCommand, type EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { KeyturnError } from '../core/errors.ts';
import { DETAIL_TYPES, EVENT_SOURCE, type Fact } from '../core/events.ts';
import type { FactBus } from '../core/ports.ts';
import { aws } from './aws-errors.ts';
import { chunks } from './chunks.ts';

/** The most that PutEvents takes in one request. */
const BATCH = 10;

function entryOf(fact: Fact, busName: string): PutEventsRequestEntry {
  return { EventBusName: busName, Source: EVENT_SOURCE, DetailType: DETAIL_TYPES[fact.type], Time: new Date(fact.at), Detail: JSON.stringify(fact) };
}

/** Keyturn's bus. PutEvents answers 200 with refused entries inside, so each answer is counted. Error: `aws-failed`. */
export function eventbridgeBus(client: EventBridgeClient, busName: string): FactBus {
  return {
    async publish(facts) {
      let refused = 0;
      for (const batch of chunks(facts, BATCH)) {
        const command = new PutEventsCommand({ Entries: batch.map((fact) => entryOf(fact, busName)) });
        const answer = await aws('events:PutEvents', () => client.send(command));
        refused += answer.FailedEntryCount ?? 0;
      }
      if (refused > 0) throw new KeyturnError('aws-failed', `EventBridge did not accept ${refused} of ${facts.length} facts.`);
    },
  };
}
