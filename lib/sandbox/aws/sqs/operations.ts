import * as z from 'zod';
import { SECOND } from '../../../../functions/core/basics/time.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { callerId } from '../sts.ts';
import type { Operation, Plan, Principal, World } from '../types.ts';
import { batch, checkLength, checkMessage } from './entries.ts';
import { moveOperations } from './moves.ts';
import type { Sqs } from './service.ts';
import { md5, systemAttributes, type Queue } from './queue.ts';

const QueueUrl = z.string();
const Attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const Body = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().min(0).max(900).optional(),
  MessageAttributes: z.record(z.string(), Attribute).optional(),
};
const Receive = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.number().int().min(1).max(10).optional(),
  VisibilityTimeout: z.number().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).optional(),
  MessageSystemAttributeNames: z.array(z.string()).optional(),
  MessageAttributeNames: z.array(z.string()).optional(),
});

function send(
  queue: Queue,
  entry: z.infer<z.ZodObject<typeof Body>>,
  senderId: string,
): { MessageId: string; MD5OfMessageBody: string } {
  checkMessage(entry);
  const delay = entry.DelaySeconds === undefined ? undefined : entry.DelaySeconds * SECOND;
  const message = queue.send({
    body: entry.MessageBody,
    attributes: entry.MessageAttributes ?? {},
    senderId,
    delay,
  });
  return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
}

function sendAll(
  queue: Queue,
  entries: readonly (z.infer<z.ZodObject<typeof Body>> & { readonly Id: string })[],
  senderId: string,
): unknown {
  checkLength(entries);
  return batch(entries, (entry) => send(queue, entry, senderId));
}

function checkReceipt(queue: Queue, receipt: string): void {
  if (!queue.isReceipt(receipt))
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
    );
}

function wanted<T>(
  all: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> | undefined {
  const chosen = Object.entries(all).filter(([name]) =>
    names.some(
      (one) =>
        one === 'All' ||
        one === '.*' ||
        one === name ||
        (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    ),
  );
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

/** Waits until the queue has something, or the time is over. */
async function arrival(world: World, queue: Queue, seconds: number): Promise<void> {
  const end = world.clock.now() + seconds * SECOND;
  while (queue.visible().length === 0 && world.clock.now() < end) {
    const until = Math.min(end, queue.nextVisibleAt() ?? end);
    await world.clock.away(
      () =>
        new Promise<void>((resolve) => {
          const stop = queue.listen(() => {
            stop();
            cancel();
            resolve();
          });
          const cancel = world.clock.after(until - world.clock.now(), () => {
            stop();
            resolve();
          });
        }),
    );
  }
}

async function receive(world: World, queue: Queue, input: z.infer<typeof Receive>): Promise<unknown> {
  if ((input.WaitTimeSeconds ?? 0) > 0) await arrival(world, queue, input.WaitTimeSeconds ?? 0);
  const timeout = input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * SECOND;
  const messages = queue.receive(input.MaxNumberOfMessages ?? 1, timeout);
  if (messages.length === 0) return {};
  const Messages = messages.map((message) => ({
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: wanted(systemAttributes(message), [
      ...(input.AttributeNames ?? []),
      ...(input.MessageSystemAttributeNames ?? []),
    ]),
    MessageAttributes: wanted(message.attributes, input.MessageAttributeNames ?? []),
  }));
  return { Messages };
}

/** An old handle, or one of a message that is gone, is fine and deletes nothing; what is no handle of this queue is refused. */
function remove(queue: Queue, receipt: string): object {
  checkReceipt(queue, receipt);
  const message = queue.withReceipt(receipt);
  if (message) queue.remove(message);
  return {};
}

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

/** The operations, over the queues. */
export function sqsOperations(world: World, sqs: Sqs): [string, Operation][] {
  const on = (url: string, action: string, run: (queue: Queue) => unknown): Plan => ({
    resource: sqs.arnOf(url.split(/[:/]/).at(-1) ?? ''),
    checks: sqs.checks(url, action),
    run: () => run(sqs.queue(url)),
  });
  const by = (principal: Principal): string => callerId(principal, world.account);
  const changed = (queue: Queue, entry: { ReceiptHandle: string; VisibilityTimeout: number }): object => {
    checkReceipt(queue, entry.ReceiptHandle);
    const message = queue.withReceipt(entry.ReceiptHandle);
    if (!message)
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${entry.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    if (message.visibleAt <= world.clock.now())
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
    queue.changeVisibility(message, entry.VisibilityTimeout * SECOND);
    return {};
  };
  const Id = z.string();
  const ReceiptHandle = z.string();
  const VisibilityTimeout = z.number().min(0).max(43_200);
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
      (input) => on(input.QueueUrl, 'sqs:ChangeMessageVisibility', (queue) => changed(queue, input)),
    ),
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
    operation(
      'ListQueues',
      z.strictObject({
        QueueNamePrefix: z.string().optional(),
        MaxResults: z.number().optional(),
        NextToken: z.string().optional(),
      }),
      ({ QueueNamePrefix = '' }) => ({
        resource: sqs.arnOf(''),
        checks: [{ action: 'sqs:ListQueues', resource: sqs.arnOf('*') }],
        run: () => ({
          QueueUrls: sqs
            .names()
            .filter((name) => name.startsWith(QueueNamePrefix))
            .map((name) => sqs.urlOf(name)),
        }),
      }),
    ),
    ...moveOperations(world, sqs, by),
    operation('PurgeQueue', z.strictObject({ QueueUrl }), (input) =>
      on(input.QueueUrl, 'sqs:PurgeQueue', (queue) => {
        queue.messages.length = 0;
        return {};
      }),
    ),
  ];
}
