import * as z from 'zod';
import { SECOND } from '../../../../functions/core/time.ts';
import { AwsError } from '../errors.ts';
import { operation } from '../operation.ts';
import { callerId } from '../sts.ts';
import type { Operation, Plan, Principal, World } from '../types.ts';
import type { Sqs } from './service.ts';
import { md5, systemAttributes, type Queue } from './queue.ts';

const QueueUrl = z.string();
const Attribute = z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() });
const Body = { MessageBody: z.string().min(1), DelaySeconds: z.number().min(0).max(900).optional(), MessageAttributes: z.record(z.string(), Attribute).optional() };
const Receive = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.number().int().min(1).max(10).optional(),
  VisibilityTimeout: z.number().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).optional(),
  MessageSystemAttributeNames: z.array(z.string()).optional(),
  MessageAttributeNames: z.array(z.string()).optional(),
});
const MAX_BYTES = 1_048_576;

function send(queue: Queue, entry: z.infer<z.ZodObject<typeof Body>>, senderId: string): { MessageId: string; MD5OfMessageBody: string } {
  if (Buffer.byteLength(entry.MessageBody) > MAX_BYTES) throw new AwsError('InvalidParameterValue', 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.');
  const delay = entry.DelaySeconds === undefined ? undefined : entry.DelaySeconds * SECOND;
  const message = queue.send({ body: entry.MessageBody, attributes: entry.MessageAttributes ?? {}, senderId, delay });
  return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
}

function wanted<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> | undefined {
  const chosen = Object.entries(all).filter(([name]) => names.some((one) => one === 'All' || one === '.*' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2)))));
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

/** Waits until the queue has something, or the time is over. */
async function arrival(world: World, queue: Queue, seconds: number): Promise<void> {
  const end = world.clock.now() + seconds * SECOND;
  while (queue.visible().length === 0 && world.clock.now() < end) {
    const until = Math.min(end, queue.nextVisibleAt() ?? end);
    await world.clock.away(() => new Promise<void>((resolve) => {
      const stop = queue.listen(() => { stop(); cancel(); resolve(); });
      const cancel = world.clock.after(until - world.clock.now(), () => { stop(); resolve(); });
    }));
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
    Attributes: wanted(systemAttributes(message), [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]),
    MessageAttributes: wanted(message.attributes, input.MessageAttributeNames ?? []),
  }));
  return { Messages };
}

interface Entry {
  readonly Id: string;
}

/** Runs a batch entry by entry; one that fails is told apart from the others. */
function batch<E extends Entry>(entries: readonly E[], run: (entry: E) => object): unknown {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  if (new Set(entries.map((entry) => entry.Id)).size !== entries.length) throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function remove(queue: Queue, receipt: string): object {
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

/**
 * Moves everything back to the queue it came from, at once. Only queues can be moved back to, not topics, rules or functions (API reference, "StartMessageMoveTask").
 * Each is a new message with a new id and time (developer guide, "Configure a dead-letter queue redrive"). Whom it names as its sender is not documented; here it is who moved it.
 */
function moveBack(dead: Queue, sqs: Sqs, senderId: string): string {
  const arn = sqs.arnOf(dead.settings.name);
  const source = sqs.names().map((name) => sqs.queue(name)).find(({ settings }) => settings.redrive?.deadLetterArn === arn);
  if (!source) throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  for (const { body, attributes } of dead.messages.splice(0)) source.send({ body, attributes, senderId, delay: 0 });
  return Buffer.from(arn).toString('base64');
}

/** The operations, over the queues. */
export function sqsOperations(world: World, sqs: Sqs): [string, Operation][] {
  const on = (url: string, action: string, run: (queue: Queue) => unknown): Plan => ({ resource: sqs.arnOf(url.split(/[:/]/).at(-1) ?? ''), checks: sqs.checks(url, action), run: () => run(sqs.queue(url)) });
  const by = (principal: Principal): string => callerId(principal, world.account);
  const changed = (queue: Queue, entry: { ReceiptHandle: string; VisibilityTimeout: number }): object => {
    const message = queue.withReceipt(entry.ReceiptHandle);
    if (!message) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    queue.changeVisibility(message, entry.VisibilityTimeout * SECOND);
    return {};
  };
  const Id = z.string();
  const ReceiptHandle = z.string();
  const VisibilityTimeout = z.number().min(0).max(43_200);
  return [
    operation('SendMessage', z.strictObject({ QueueUrl, ...Body }), (input, who) => on(input.QueueUrl, 'sqs:SendMessage', (queue) => send(queue, input, by(who)))),
    operation('SendMessageBatch', z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id, ...Body })) }), (input, who) => on(input.QueueUrl, 'sqs:SendMessage', (queue) => batch(input.Entries, (entry) => send(queue, entry, by(who))))),
    operation('ReceiveMessage', Receive, (input) => on(input.QueueUrl, 'sqs:ReceiveMessage', (queue) => receive(world, queue, input))),
    operation('DeleteMessage', z.strictObject({ QueueUrl, ReceiptHandle }), (input) => on(input.QueueUrl, 'sqs:DeleteMessage', (queue) => remove(queue, input.ReceiptHandle))),
    operation('DeleteMessageBatch', z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id, ReceiptHandle })) }), (input) => on(input.QueueUrl, 'sqs:DeleteMessage', (queue) => batch(input.Entries, (entry) => remove(queue, entry.ReceiptHandle)))),
    operation('ChangeMessageVisibility', z.strictObject({ QueueUrl, ReceiptHandle, VisibilityTimeout }), (input) => on(input.QueueUrl, 'sqs:ChangeMessageVisibility', (queue) => changed(queue, input))),
    operation('GetQueueUrl', z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }), (input) => on(input.QueueName, 'sqs:GetQueueUrl', (queue) => ({ QueueUrl: sqs.urlOf(queue.settings.name) }))),
    operation('GetQueueAttributes', z.strictObject({ QueueUrl, AttributeNames: z.array(z.string()).optional() }), (input) =>
      on(input.QueueUrl, 'sqs:GetQueueAttributes', (queue) => ({ Attributes: wanted({ ...counts(queue), QueueArn: sqs.arnOf(queue.settings.name) }, input.AttributeNames ?? []) }))),
    operation('ListQueues', z.strictObject({ QueueNamePrefix: z.string().optional(), MaxResults: z.number().optional(), NextToken: z.string().optional() }), ({ QueueNamePrefix = '' }) => ({
      resource: sqs.arnOf(''),
      checks: [{ action: 'sqs:ListQueues', resource: sqs.arnOf('*') }],
      run: () => ({ QueueUrls: sqs.names().filter((name) => name.startsWith(QueueNamePrefix)).map((name) => sqs.urlOf(name)) }),
    })),
    operation('StartMessageMoveTask', z.strictObject({ SourceArn: z.string() }), ({ SourceArn }, who) => on(SourceArn, 'sqs:StartMessageMoveTask', (dead) => ({ TaskHandle: moveBack(dead, sqs, by(who)) }))),
    operation('PurgeQueue', z.strictObject({ QueueUrl }), (input) => on(input.QueueUrl, 'sqs:PurgeQueue', (queue) => { queue.messages.length = 0; return {}; })),
  ];
}
