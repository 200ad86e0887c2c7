import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { DAY, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { roleIdOf } from '../../../lib/sandbox/aws/sts.ts';
import { deadQueues } from '../../../lib/cli/aws/queues.ts';
import type { Mail, Subscription } from '../../../lib/sandbox/aws/sns/topic.ts';
import type { MappingSettings } from '../../../lib/sandbox/aws/sqs/mapping.ts';
import type { QueueSettings } from '../../../lib/sandbox/aws/sqs/queue.ts';
import { ACCOUNT, REGION, ROOT, role, sandbox, type Sandbox } from './world.ts';

const Batch = z.object({
  Records: z.array(
    z.looseObject({ messageId: z.string(), body: z.string(), attributes: z.record(z.string(), z.string()) }),
  ),
});

function queues(
  settings: Partial<QueueSettings> = {},
): Sandbox & { sqs: SQSClient; url: string; send(...bodies: string[]): Promise<void> } {
  const it = sandbox();
  const sqs = new SQSClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  it.aws.sqs.add({ name: 'dlq' });
  const url = it.aws.sqs.add({
    name: 'jobs',
    visibilityTimeout: MINUTE,
    redrive: { deadLetterArn: it.aws.sqs.arnOf('dlq'), maxReceiveCount: 2 },
    ...settings,
  });
  const send = async (...bodies: string[]): Promise<void> => {
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  };
  return { ...it, sqs, url, send };
}

function mapped(
  settings: Partial<MappingSettings> = {},
): ReturnType<typeof queues> & { batches(): string[][] } {
  const it = queues();
  it.aws.lambda.add({ name: 'worker' });
  it.aws.sqs.addMapping({
    queueArn: it.aws.sqs.arnOf('jobs'),
    functionName: 'worker',
    role: ROOT,
    ...settings,
  });
  const batches = (): string[][] =>
    it.invoked.map((call) => Batch.parse(call.payload).Records.map((record) => record.body));
  return { ...it, batches };
}

function bodiesIn({ aws }: Sandbox, name: string): string[] {
  return aws.sqs.queue(name).messages.map((message) => message.body);
}

test('a received message is hidden for the visibility time-out, and gone when deleted', async () => {
  const it = queues();
  await it.send('one');
  const receive = async (): Promise<string | undefined> =>
    (await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }))).Messages?.[0]?.ReceiptHandle;
  assert.ok(await receive());
  assert.equal(await receive(), undefined);
  await it.clock.advanceBy(MINUTE);
  await it.sqs.send(new DeleteMessageCommand({ QueueUrl: it.url, ReceiptHandle: await receive() }));
  await it.clock.advanceBy(DAY);
  assert.equal(await receive(), undefined);
});

test('a message received too often goes to the dead-letter queue', async () => {
  const it = queues();
  await it.send('poison');
  for (let count = 0; count < 3; count++) {
    await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }));
    await it.clock.advanceBy(MINUTE);
  }
  assert.deepEqual(bodiesIn(it, 'jobs'), []);
  assert.deepEqual(bodiesIn(it, 'dlq'), ['poison']);
});

/** What the queue gave up, and what a rule or topic put into its dead-letter queue itself. */
async function givenUp(): Promise<ReturnType<typeof queues>> {
  const it = queues();
  it.aws.sqs.add({ name: 'jobs-dlq' });
  await it.send('poison');
  for (let count = 0; count < 3; count++) {
    await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }));
    await it.clock.advanceBy(MINUTE);
  }
  await it.sqs.send(new SendMessageCommand({ QueueUrl: it.aws.sqs.urlOf('dlq'), MessageBody: 'event' }));
  return it;
}

test('without a destination only what a queue gave up is moved back, and the task says so', async () => {
  const it = await givenUp();
  const SourceArn = it.aws.sqs.arnOf('dlq');
  assert.deepEqual((await it.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results, []);
  await it.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  assert.deepEqual([bodiesIn(it, 'jobs'), bodiesIn(it, 'dlq')], [['poison'], ['event']]);
  const [task] = (await it.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results ?? [];
  assert.deepEqual(
    [
      task?.Status,
      task?.ApproximateNumberOfMessagesMoved,
      task?.ApproximateNumberOfMessagesToMove,
      task?.FailureReason,
    ],
    ['FAILED', 1, 2, 'CouldNotDetermineMessageSource'],
  );
});

test('the command names the destination, so what came past the queue goes there too', async () => {
  const it = await givenUp();
  const dlq = deadQueues(it.sqs, 'd');
  const source = {
    name: 'dlq',
    arn: it.aws.sqs.arnOf('dlq'),
    messages: 2,
    backTo: it.aws.sqs.arnOf('jobs'),
  };
  const began = await dlq.moveBack(source);
  assert.deepEqual([bodiesIn(it, 'jobs').sort(), bodiesIn(it, 'dlq')], [['event', 'poison'], []]);
  assert.deepEqual(await dlq.moveOf(source, began), {
    state: 'ended',
    moved: 2,
    left: 0,
    reason: undefined,
  });
  const again = await dlq.moveBack(source);
  assert.ok(again > began, 'an earlier move is not taken for this one');
  assert.deepEqual(
    [(await dlq.moveOf(source, again))?.moved, await dlq.moveOf(source, again + MINUTE)],
    [0, undefined],
  );
  await assert.rejects(dlq.moveBack({ ...source, arn: it.aws.sqs.arnOf('jobs') }), {
    code: 'aws-failed',
    message: 'AWS did not do sqs:StartMessageMoveTask: InvalidParameterValue.',
  });
});

test('each dead-letter queue is listed with its source queue; those of schedules are not', async () => {
  const it = queues();
  for (const name of [
    'keyturn-main-alert',
    'keyturn-main-alert-dlq',
    'keyturn-main-staging-dlq',
    'keyturn-main-sweep-schedule-dlq',
  ])
    it.aws.sqs.add({ name });
  const entry = (name: string, backTo?: string): object => ({
    name,
    arn: it.aws.sqs.arnOf(name),
    messages: 0,
    backTo,
  });
  assert.deepEqual(await deadQueues(it.sqs, 'keyturn-main-').list(), [
    entry('keyturn-main-alert-dlq', it.aws.sqs.arnOf('keyturn-main-alert')),
    entry('keyturn-main-staging-dlq'),
  ]);
});

test('a dead-letter message names its queue, and once moved back is a new message', async () => {
  const it = queues();
  const sender = new SQSClient(
    it.aws.clientConfig(role('sender', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' })),
  );
  const first = await sender.send(new SendMessageCommand({ QueueUrl: it.url, MessageBody: 'poison' }));
  for (let count = 0; count < 3; count++) {
    await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }));
    await it.clock.advanceBy(MINUTE);
  }
  const seen = async (
    name: string,
  ): Promise<{ id: string | undefined; from: string | undefined; by: string | undefined }> => {
    const [message] =
      (
        await it.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: it.aws.sqs.urlOf(name),
            VisibilityTimeout: 0,
            MessageSystemAttributeNames: ['All'],
          }),
        )
      ).Messages ?? [];
    return {
      id: message?.MessageId,
      from: message?.Attributes?.['DeadLetterQueueSourceArn'],
      by: message?.Attributes?.SenderId?.split(':')[0],
    };
  };
  const dlq = await seen('dlq');
  assert.deepEqual(dlq, { id: first.MessageId, from: it.aws.sqs.arnOf('jobs'), by: roleIdOf('sender') });
  await deadQueues(it.sqs, '').moveBack({
    name: 'dlq',
    arn: it.aws.sqs.arnOf('dlq'),
    messages: 1,
    backTo: it.aws.sqs.arnOf('jobs'),
  });
  const moved = await seen('jobs');
  assert.notEqual(moved.id, first.MessageId);
  assert.deepEqual([moved.from, moved.by], [undefined, ACCOUNT]);
});

test('batches answer entry by entry', async () => {
  const it = queues();
  const sent = await it.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: it.url,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'no \u0001 character' },
      ],
    }),
  );
  assert.deepEqual([sent.Successful?.length, sent.Failed?.[0]?.Id], [1, 'b']);
  const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
  await assert.rejects(it.sqs.send(new SendMessageBatchCommand({ QueueUrl: it.url, Entries: eleven })), {
    name: 'TooManyEntriesInBatchRequest',
  });
  const [message] = (await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }))).Messages ?? [];
  await it.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: it.url,
      Entries: [{ Id: 'a', ReceiptHandle: message?.ReceiptHandle }],
    }),
  );
  assert.deepEqual(bodiesIn(it, 'jobs'), []);
});

test('attributes tell the sender, the count of receives and the queue', async () => {
  const it = queues();
  const sender = new SQSClient(
    it.aws.clientConfig(role('sender', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' })),
  );
  await sender.send(
    new SendMessageCommand({
      QueueUrl: it.url,
      MessageBody: 'one',
      DelaySeconds: 10,
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    }),
  );
  const receive = new ReceiveMessageCommand({
    QueueUrl: it.url,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  assert.equal((await it.sqs.send(receive)).Messages, undefined);
  await it.clock.advanceBy(10 * SECOND);
  const [message] = (await it.sqs.send(receive)).Messages ?? [];
  assert.match(message?.Attributes?.SenderId ?? '', /^AROA[0-9A-F]{17}:session$/);
  assert.equal(message?.Attributes?.ApproximateReceiveCount, '1');
  assert.equal(message?.MessageAttributes?.['kind']?.StringValue, 'x');
  await it.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: it.url,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  const counts = await it.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: it.url, AttributeNames: ['All'] }),
  );
  assert.equal(counts.Attributes?.['ApproximateNumberOfMessages'], '1');
  assert.equal((await it.sqs.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).QueueUrl, it.url);
  await it.sqs.send(new PurgeQueueCommand({ QueueUrl: it.url }));
  assert.deepEqual(bodiesIn(it, 'jobs'), []);
  await assert.rejects(it.sqs.send(new GetQueueUrlCommand({ QueueName: 'nope' })), {
    name: 'QueueDoesNotExist',
  });
});

test('a long poll waits for a message, in virtual time', async () => {
  const it = queues();
  const start = it.clock.now();
  const received = it.clock.activity(async () => {
    const answer = await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url, WaitTimeSeconds: 20 }));
    return { body: answer.Messages?.[0]?.Body, waited: it.clock.now() - start };
  });
  it.clock.after(5 * SECOND, () => void it.clock.activity(() => it.send('late')));
  await it.clock.advanceBy(MINUTE);
  assert.deepEqual(await received, { body: 'late', waited: 5 * SECOND });
});

test('old messages are dropped', async () => {
  const it = queues({ retention: DAY });
  await it.send('old');
  await it.clock.advanceBy(DAY + SECOND);
  assert.equal((await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: it.url }))).Messages, undefined);
});

test('a mapped function gets batches, and what it did deletes them', async () => {
  const it = mapped({ batchSize: 2 });
  await it.send('one', 'two', 'three');
  await it.clock.advanceBy(0);
  assert.deepEqual(it.batches(), [['one', 'two'], ['three']]);
  assert.deepEqual(bodiesIn(it, 'jobs'), []);
});

test('a window gathers messages until it is over or a batch is full', async () => {
  const it = mapped({ batchSize: 2, window: 10 * SECOND });
  await it.send('one');
  await it.clock.advanceBy(9 * SECOND);
  assert.deepEqual(it.batches(), []);
  await it.clock.advanceBy(SECOND);
  await it.send('two', 'three');
  await it.clock.advanceBy(0);
  assert.deepEqual(it.batches(), [['one'], ['two', 'three']]);
});

test('a failing function gets its batch again, then the dead-letter queue has it', async () => {
  const it = mapped();
  it.functions.set('worker', () => {
    throw new Error('down');
  });
  await it.send('one');
  await it.clock.advanceBy(10 * MINUTE);
  assert.deepEqual(it.batches(), [['one'], ['one']]);
  assert.deepEqual(bodiesIn(it, 'dlq'), ['one']);
});

test('only the messages reported as failed come back', async () => {
  const it = mapped({ reportBatchItemFailures: true });
  it.functions.set('worker', (payload) => {
    const failed = Batch.parse(payload).Records.filter(
      (record) => record.body === 'bad' && record.attributes['ApproximateReceiveCount'] === '1',
    );
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
  });
  await it.send('good', 'bad');
  await it.clock.advanceBy(5 * MINUTE);
  assert.deepEqual(it.batches(), [['good', 'bad'], ['bad']]);
  assert.deepEqual(bodiesIn(it, 'jobs'), []);
});

test('a report that names no known message fails the whole batch', async () => {
  const it = mapped({ reportBatchItemFailures: true });
  it.functions.set('worker', () => ({ batchItemFailures: [{ itemIdentifier: 'unknown' }] }));
  await it.send('one', 'two');
  await it.clock.advanceBy(10 * MINUTE);
  assert.deepEqual(bodiesIn(it, 'dlq').sort(), ['one', 'two']);
});

test('never more invocations at once than the mapping allows', async () => {
  const it = mapped({ batchSize: 1, maximumConcurrency: 2 });
  let running = 0;
  let most = 0;
  it.functions.set('worker', async () => {
    most = Math.max(most, ++running);
    await it.clock.sleep(SECOND);
    running--;
  });
  await it.send('a', 'b', 'c', 'd', 'e');
  await it.clock.advanceBy(MINUTE);
  assert.equal(most, 2);
  assert.equal(it.invoked.length, 5);
});

test('a mapping whose role may not receive does nothing', async () => {
  const it = mapped({
    role: role('worker', { Effect: 'Allow', Action: 'sqs:DeleteMessage', Resource: '*' }),
  });
  await it.send('one');
  await it.clock.advanceBy(MINUTE);
  assert.deepEqual(it.batches(), []);
});

function topics(...subscriptions: Subscription[]): Sandbox & { sns: SNSClient; arn: string; mails: Mail[] } {
  const mails: Mail[] = [];
  const it = sandbox({ mail: (mail) => void mails.push(mail), post: () => Promise.resolve(500) });
  const arn = it.aws.sns.add({ name: 'alerts' });
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': arn } },
  };
  it.aws.sqs.add({ name: 'inbox', policy: { Version: '2012-10-17', Statement: [allowed] } });
  for (const subscription of subscriptions) it.aws.sns.subscribe(arn, subscription);
  return { ...it, sns: new SNSClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 }), arn, mails };
}

const INBOX = `arn:aws:sqs:${REGION}:${ACCOUNT}:inbox`;

test('a message reaches mail, queue and function, each with its own text', async () => {
  const it = topics(
    { protocol: 'email', endpoint: 'a@example.com' },
    { protocol: 'sqs', endpoint: INBOX, rawMessageDelivery: true },
    { protocol: 'lambda', endpoint: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:pager` },
  );
  it.aws.lambda.add({
    name: 'pager',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: '*',
        },
      ],
    },
  });
  const Message = JSON.stringify({ default: 'for all', email: 'for <people> & "others"' });
  await it.sns.send(
    new PublishCommand({
      TopicArn: it.arn,
      Subject: 'Hello',
      Message,
      MessageStructure: 'json',
      MessageAttributes: { severity: { DataType: 'String', StringValue: 'high' } },
    }),
  );
  await it.clock.advanceBy(0);
  assert.deepEqual(
    it.mails.map(({ to, subject, text }) => ({ to, subject, text })),
    [{ to: 'a@example.com', subject: 'Hello', text: 'for <people> & "others"' }],
  );
  assert.deepEqual(bodiesIn(it, 'inbox'), ['for all']);
  const Event = z.object({
    Records: z.array(
      z.object({
        Sns: z.looseObject({ Subject: z.string(), Message: z.string(), MessageAttributes: z.unknown() }),
      }),
    ),
  });
  const [record] = Event.parse(it.invoked[0]?.payload).Records;
  assert.deepEqual(
    [record?.Sns.Subject, record?.Sns.Message, record?.Sns.MessageAttributes],
    ['Hello', 'for all', { severity: { Type: 'String', Value: 'high' } }],
  );
});

test('filter policies choose by attributes or by the body', async () => {
  const it = topics(
    {
      protocol: 'email',
      endpoint: 'pager@example.com',
      filterPolicy: { severity: ['critical', { prefix: 'hi' }] },
    },
    { protocol: 'email', endpoint: 'numbers@example.com', filterPolicy: { count: [{ numeric: ['>', 3] }] } },
    {
      protocol: 'email',
      endpoint: 'body@example.com',
      filterPolicyScope: 'MessageBody',
      filterPolicy: { detail: { kind: ['leak'] } },
    },
    { protocol: 'email', endpoint: 'list@example.com', filterPolicy: { teams: ['red'] } },
  );
  const publish = (
    Message: string,
    MessageAttributes: Record<string, { DataType: string; StringValue: string }>,
  ): Promise<unknown> => it.sns.send(new PublishCommand({ TopicArn: it.arn, Message, MessageAttributes }));
  await publish('one', {
    severity: { DataType: 'String', StringValue: 'high' },
    count: { DataType: 'Number', StringValue: '3' },
  });
  await publish(JSON.stringify({ detail: { kind: 'leak' } }), {
    severity: { DataType: 'String', StringValue: 'low' },
    count: { DataType: 'Number', StringValue: '4' },
  });
  await publish('three', { teams: { DataType: 'String.Array', StringValue: '["blue","red"]' } });
  await it.clock.advanceBy(0);
  assert.deepEqual(
    it.mails.map((mail) => mail.to),
    ['pager@example.com', 'numbers@example.com', 'body@example.com', 'list@example.com'],
  );
});

test('a message without attributes fits no policy on attributes, not even on an absent one', async () => {
  const it = topics(
    { protocol: 'email', endpoint: 'absent@example.com', filterPolicy: { severity: [{ exists: false }] } },
    { protocol: 'email', endpoint: 'all@example.com' },
  );
  await it.sns.send(new PublishCommand({ TopicArn: it.arn, Message: 'an alarm' }));
  await it.sns.send(
    new PublishCommand({
      TopicArn: it.arn,
      Message: 'other',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    }),
  );
  await it.clock.advanceBy(0);
  assert.deepEqual(
    it.mails.map((mail) => [mail.to, mail.text]),
    [
      ['all@example.com', 'an alarm'],
      ['absent@example.com', 'other'],
      ['all@example.com', 'other'],
    ],
  );
});

test('a filter policy that SNS rejects is rejected at Subscribe', () => {
  const refused = (filterPolicy: Record<string, unknown>, filterPolicyScope?: 'MessageBody'): void => {
    const subscription = {
      protocol: 'email',
      endpoint: 'a@example.com',
      filterPolicy,
      ...(filterPolicyScope && { filterPolicyScope }),
    } satisfies Subscription;
    assert.throws(() => topics(subscription), {
      name: 'InvalidParameter',
      message: /^Invalid parameter: FilterPolicy: ./,
    });
  };
  refused({ severity: 'high' });
  refused({ severity: [] });
  refused({ severity: [{ startsWith: 'h' }] });
  refused({ detail: { kind: ['leak'] } });
  refused({ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] });
  refused({ a: Array.from({ length: 151 }, (_, index) => index) });
  refused({ a: { b: { c: Array.from({ length: 51 }, (_, index) => index) } } }, 'MessageBody');
});

test('subjects and structures that SNS rejects are rejected', async () => {
  const it = topics();
  for (const Subject of ['x'.repeat(100), 'two\nlines', ' space first', 'gr\u00fc\u00df'])
    await assert.rejects(
      it.sns.send(new PublishCommand({ TopicArn: it.arn, Message: 'x', Subject })),
      /Invalid parameter: Subject/,
    );
  await assert.rejects(
    it.sns.send(new PublishCommand({ TopicArn: it.arn, Message: '{"email":"x"}', MessageStructure: 'json' })),
    /No default entry/,
  );
  await assert.rejects(it.sns.send(new PublishCommand({ TopicArn: `${it.arn}x`, Message: 'x' })), {
    name: 'NotFoundException',
  });
  const batch = await it.sns.send(
    new PublishBatchCommand({
      TopicArn: it.arn,
      PublishBatchRequestEntries: [
        { Id: 'a', Message: 'x' },
        { Id: 'b', Message: 'x', Subject: 'a\nb' },
      ],
    }),
  );
  assert.deepEqual([batch.Successful?.[0]?.Id, batch.Failed?.[0]?.Id], ['a', 'b']);
});

test('what cannot be delivered goes to the dead-letter queue of the subscription', async () => {
  const it = topics(
    { protocol: 'https', endpoint: 'https://pager.example.com/', deadLetterArn: INBOX },
    {
      protocol: 'lambda',
      endpoint: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:missing`,
      deadLetterArn: INBOX,
    },
  );
  await it.sns.send(new PublishCommand({ TopicArn: it.arn, Message: 'x' }));
  await it.clock.advanceBy(10 * MINUTE);
  assert.equal(bodiesIn(it, 'inbox').length, 2);
});
