import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { reported, requireNoneFailed } from './report.ts';

/** What is used of an SQS event; Lambda itself makes the rest. */
const SqsEvent = z.object({ Records: z.array(z.looseObject({ messageId: z.string(), body: z.string(), attributes: z.looseObject({ SenderId: z.string() }) })) });

export interface QueuedMessage {
  readonly body: string;
  /** The principal that sent it, as SQS itself noted it. */
  readonly sender: string;
}

export function isSqsEvent(event: unknown): boolean {
  return SqsEvent.safeParse(event).success;
}

/**
 * Works off a batch, one message after the other; those that failed, and only those, are delivered again and end in the dead-letter queue.
 * A batch of which every message failed throws: the messages come back all the same, and Lambda counts an error.
 */
export async function workOff(event: unknown, log: Log, work: (message: QueuedMessage) => Promise<void>): Promise<SQSBatchResponse> {
  const batch = SqsEvent.safeParse(event);
  if (!batch.success) throw new KeyturnError('bad-request', 'The event is no batch of queue messages: this function works off its queue only.');
  const handle = ({ body, attributes }: SQSRecord): Promise<void> => reported(log, () => work({ body, sender: attributes.SenderId }));
  const answer = await processPartialResponse(batch.data, handle, new BatchProcessor(EventType.SQS), { processInParallel: false, throwOnFullBatchFailure: false });
  const failed = answer.batchItemFailures.length;
  // Not by the library's own error: it would carry those of the messages along, which are logged already.
  if (failed === batch.data.Records.length) requireNoneFailed(failed, 'message', 'worked off');
  return answer;
}
