/** The operations of SQS, as SDK clients call them. */
import * as z from 'zod';
import { SECOND } from '../../../../functions/core/basics/time.ts';
import { operation } from '../operation.ts';
import { callerId } from '../sts.ts';
import type { Operation, Plan, Principal, World } from '../types.ts';
import { batch } from './entries.ts';
import { moveOperations } from './moves.ts';
import type { Sqs } from './service.ts';
import type { Queue } from './queue.ts';
import { changeVisibility, remove } from './receipts.ts';
import { QueueUrl, Receive, receive, wanted } from './receive-messages.ts';
import { Body, send, sendAll } from './send-messages.ts';

function counts(queue: Queue): Record<string, string> {
  const visible = queue.visible().length;
  const flying = queue.messages.filter((message) => message.receipt !== undefined).length;
  const hidden = queue.messages.length - visible;
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(Math.min(hidden, flying)),
    ApproximateNumberOfMessagesDelayed: String(Math.max(0, hidden - flying)),
    VisibilityTimeout: String(queue.visibilityTimeout / SECOND),
  };
}

const Id = z.string();
const ReceiptHandle = z.string();
const VisibilityTimeout = z.number().min(0).max(43_200);

/** Plans what is done with the queue of a URL, if the caller may do it. */
type On = (url: string, action: string, run: (queue: Queue) => unknown) => Plan;
/** How SQS names a caller. */
type NameOfCaller = (principal: Principal) => string;

/** The operations, over the queues. */
export function sqsOperations(world: World, sqs: Sqs): [string, Operation][] {
  const on: On = (url, action, run) => ({
    resource: sqs.arnOf(url.split(/[:/]/).at(-1) ?? ''),
    checks: sqs.checks(url, action),
    run: () => run(sqs.queue(url)),
  });
  const by: NameOfCaller = (principal) => callerId(principal, world.account);
  return [
    ...sendOperations(on, by),
    ...receiveOperations(world, on),
    ...queueOperations(sqs, on),
    ...moveOperations(world, sqs, by),
  ];
}

function sendOperations(on: On, by: NameOfCaller): [string, Operation][] {
  return [
    operation('SendMessage', z.strictObject({ QueueUrl, ...Body }), (input, who) =>
      on(input.QueueUrl, 'sqs:SendMessage', (queue) => send(queue, input, by(who))),
    ),
    operation(
      'SendMessageBatch',
      z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id, ...Body })) }),
      (input, who) =>
        on(input.QueueUrl, 'sqs:SendMessage', (queue) => sendAll(queue, input.Entries, by(who))),
    ),
  ];
}

function receiveOperations(world: World, on: On): [string, Operation][] {
  return [
    operation('ReceiveMessage', Receive, (input) =>
      on(input.QueueUrl, 'sqs:ReceiveMessage', (queue) => receive(world, queue, input)),
    ),
    operation('DeleteMessage', z.strictObject({ QueueUrl, ReceiptHandle }), (input) =>
      on(input.QueueUrl, 'sqs:DeleteMessage', (queue) => remove(queue, input.ReceiptHandle)),
    ),
    operation(
      'DeleteMessageBatch',
      z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id, ReceiptHandle })) }),
      (input) =>
        on(input.QueueUrl, 'sqs:DeleteMessage', (queue) =>
          batch(input.Entries, (entry) => remove(queue, entry.ReceiptHandle)),
        ),
    ),
    operation(
      'ChangeMessageVisibility',
      z.strictObject({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      (input) =>
        on(input.QueueUrl, 'sqs:ChangeMessageVisibility', (queue) =>
          changeVisibility(queue, input, world.clock.now()),
        ),
    ),
  ];
}

function queueOperations(sqs: Sqs, on: On): [string, Operation][] {
  return [
    operation(
      'GetQueueUrl',
      z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
      (input) =>
        on(input.QueueName, 'sqs:GetQueueUrl', (queue) => ({ QueueUrl: sqs.urlOf(queue.settings.name) })),
    ),
    operation(
      'GetQueueAttributes',
      z.strictObject({ QueueUrl, AttributeNames: z.array(z.string()).optional() }),
      (input) =>
        on(input.QueueUrl, 'sqs:GetQueueAttributes', (queue) => ({
          Attributes: wanted(
            { ...counts(queue), QueueArn: sqs.arnOf(queue.settings.name) },
            input.AttributeNames ?? [],
          ),
        })),
    ),
    operation('ListQueues', ListQueues, ({ QueueNamePrefix = '' }) => ({
      resource: sqs.arnOf(''),
      checks: [{ action: 'sqs:ListQueues', resource: sqs.arnOf('*') }],
      run: () => ({
        QueueUrls: sqs
          .names()
          .filter((name) => name.startsWith(QueueNamePrefix))
          .map((name) => sqs.urlOf(name)),
      }),
    })),
    operation('PurgeQueue', z.strictObject({ QueueUrl }), (input) =>
      on(input.QueueUrl, 'sqs:PurgeQueue', (queue) => {
        queue.messages.length = 0;
        return {};
      }),
    ),
  ];
}

const ListQueues = z.strictObject({
  QueueNamePrefix: z.string().optional(),
  MaxResults: z.number().optional(),
  NextToken: z.string().optional(),
});
