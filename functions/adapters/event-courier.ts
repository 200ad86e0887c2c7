import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { wordOf, type Courier } from '../core/delivery/courier.ts';
import { KeyturnError } from '../core/basics/errors.ts';
import { DELIVERY_DETAIL_TYPE, EVENT_SOURCE } from '../core/findings/events.ts';
import { aws } from './aws-errors.ts';

/**
 * Puts word of a new value on the installation's bus, for every rule there. Keyturn does not know who
 * listens. No grant is needed, since the event holds no value. Error: `aws-failed`.
 */
export function eventCourier(client: EventBridgeClient, busName: string): Courier {
  return {
    kind: 'event',
    async carry(parcel) {
      const entry = {
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: DELIVERY_DETAIL_TYPE,
        Resources: [parcel.secretArn],
        Time: new Date(parcel.promotedAt),
        Detail: JSON.stringify(wordOf(parcel)),
      };
      const answer = await aws('events:PutEvents', () =>
        client.send(new PutEventsCommand({ Entries: [entry] })),
      );
      if ((answer.FailedEntryCount ?? 0) > 0)
        throw new KeyturnError('aws-failed', 'EventBridge did not accept the event for a consumer.');
      return { outcome: 'proven', proof: 'EventBridge accepted the event' };
    },
  };
}
