import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { KeyturnError } from '../core/basics/errors.ts';
import { aws } from './aws-errors.ts';

/** One queue to send to. Errors: `aws-failed`. */
export function sqsMessages(client: SQSClient, url: string): (message: object) => Promise<void> {
  return async (message) => {
    const Entries = [{ Id: '0', MessageBody: JSON.stringify(message) }];
    const answer = await aws('sqs:SendMessageBatch', () =>
      client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })),
    );
    if ((answer.Failed?.length ?? 0) > 0)
      throw new KeyturnError('aws-failed', 'SQS did not accept a message.');
  };
}
