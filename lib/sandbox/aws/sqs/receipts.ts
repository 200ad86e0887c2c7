/** What is done with a receipt handle: a message is deleted, or hidden for another time. */
import { SECOND, type Instant } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import type { Queue } from './queue.ts';

function checkReceipt(queue: Queue, receipt: string): void {
  if (!queue.isReceipt(receipt))
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
    );
}

/**
 * An old handle, or one of a message that is gone, is no error and deletes nothing.
 * Error: ReceiptHandleIsInvalid for what is no handle of this queue.
 */
export function remove(queue: Queue, receipt: string): object {
  checkReceipt(queue, receipt);
  const message = queue.withReceipt(receipt);
  if (message) queue.remove(message);
  return {};
}

/** Hides a message for another time, from now. Errors: InvalidParameterValue, MessageNotInflight. */
export function changeVisibility(
  queue: Queue,
  entry: { readonly ReceiptHandle: string; readonly VisibilityTimeout: number },
  now: Instant,
): object {
  checkReceipt(queue, entry.ReceiptHandle);
  const message = queue.withReceipt(entry.ReceiptHandle);
  if (!message)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${entry.ReceiptHandle} for parameter ReceiptHandle is invalid. ` +
        'Reason: Message does not exist or is not available for visibility timeout change.',
    );
  if (message.visibleAt <= now)
    throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  queue.changeVisibility(message, entry.VisibilityTimeout * SECOND);
  return {};
}
