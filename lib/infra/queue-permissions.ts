// What roles may do with queues.
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { allow, useKeyThrough, WRITE_KEY } from './permissions.ts';

export function sendTo(key: IKey, queues: readonly IQueue[]): PolicyStatement[] {
  return [
    allow(
      ['sqs:SendMessage'],
      queues.map((queue) => queue.queueArn),
    ),
    useKeyThrough(key, ['sqs'], WRITE_KEY),
  ];
}

/**
 * What StartMessageMoveTask asks of its caller, from dead-letter queues back to their own queues (SQS
 * developer guide, "Configure queue permissions for a dead-letter queue redrive").
 */
export function moveBack(
  key: IKey,
  work: readonly { readonly queue: IQueue; readonly dead: IQueue }[],
): PolicyStatement[] {
  return [
    allow(['sqs:ListQueues'], ['*']),
    allow(
      [
        'sqs:StartMessageMoveTask',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      work.map(({ dead }) => dead.queueArn),
    ),
    allow(
      ['sqs:SendMessage'],
      work.map(({ queue }) => queue.queueArn),
    ),
    useKeyThrough(key, ['sqs'], WRITE_KEY),
  ];
}

/** What an event source mapping does in the function's name. */
export function receiveFrom(key: IKey, queue: IQueue): PolicyStatement[] {
  return [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]),
    useKeyThrough(key, ['sqs'], ['kms:Decrypt']),
  ];
}
