import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';
import type { Log } from '../core/ports/log.ts';
import type { Origin } from '../core/commands/senders.ts';
import { reported, requireNoneFailed } from './report.ts';

/** What is used of an SQS event; Lambda itself makes the rest. */
const SqsEvent = z.object({
  Records: z.array(
    z.looseObject({
      messageId: z.string(),
      body: z.string(),
      eventSourceARN: z.string().optional(),
      attributes: z.looseObject({ SenderId: z.string(), DeadLetterQueueSourceArn: z.string().optional() }),
    }),
  ),
});

export interface QueuedMessage {
  readonly body: string;
  /** Where it came from, as SQS and Lambda noted it. */
  readonly origin: Origin;
}

export function isSqsEvent(event: unknown): boolean {
  return SqsEvent.safeParse(event).success;
}

/**
 * Works off a batch as a whole: `work` gets all messages that could be read, and says which of them have to
 * come again, by their place among those. One that cannot be read comes again too, and ends in the
 * dead-letter queue.
 */
export async function workOffTogether<T>(
  event: unknown,
  log: Log,
  how: { read: (body: string) => T; work: (messages: readonly T[]) => Promise<ReadonlySet<number>> },
): Promise<SQSBatchResponse> {
  const records = recordsOf(event);
  const read: { id: string; message: T }[] = [];
  const failed: string[] = [];
  for (const { messageId: id, body } of records) {
    try {
      read.push({ id, message: how.read(body) });
    } catch (error) {
      log.error(error instanceof KeyturnError ? error.message : 'A message could not be read.');
      failed.push(id);
    }
  }
  const again = await how.work(read.map(({ message }) => message));
  failed.push(...read.filter((_, place) => again.has(place)).map(({ id }) => id));
  if (failed.length === records.length) requireNoneFailed(failed.length, 'message', 'worked off');
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function recordsOf(event: unknown): z.output<typeof SqsEvent>['Records'] {
  const batch = SqsEvent.safeParse(event);
  if (!batch.success)
    throw new KeyturnError(
      'bad-request',
      'The event is no batch of queue messages: this function works off its queue only.',
    );
  return batch.data.Records;
}

/**
 * Works off a batch, one message after the other; those that failed, and only those, are delivered again and
 * end in the dead-letter queue. A batch of which every message failed throws: the messages come back all the
 * same, and Lambda counts an error.
 */
export async function workOff(
  event: unknown,
  log: Log,
  work: (message: QueuedMessage) => Promise<void>,
): Promise<SQSBatchResponse> {
  const records = recordsOf(event);
  const handle = (record: SQSRecord): Promise<void> =>
    reported(log, () => work({ body: record.body, origin: originOf(record) }));
  const answer = await processPartialResponse(
    { Records: records },
    handle,
    new BatchProcessor(EventType.SQS),
    { processInParallel: false, throwOnFullBatchFailure: false },
  );
  const failed = answer.batchItemFailures.length;
  // Not by the library's own error: it would carry those of the messages along, which are logged already.
  if (failed === records.length) requireNoneFailed(failed, 'message', 'worked off');
  return answer;
}

/** No queue's own where the event does not name one: its sender is then unknown. */
function originOf({ eventSourceARN, attributes }: SQSRecord): Origin {
  return {
    queueArn: eventSourceARN ?? '',
    senderId: attributes.SenderId,
    isRedriven: attributes.DeadLetterQueueSourceArn !== undefined,
  };
}
