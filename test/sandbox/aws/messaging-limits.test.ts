import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
  type ListMessageMoveTasksResultEntry,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { ACCOUNT, ROOT, role, sandbox, type Sandbox } from './world.ts';

interface Queues extends Sandbox {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly dlq: string;
  readonly arn: (name: string) => string;
  readonly bodies: (name: string) => string[];
}

function queues(): Queues {
  const it = sandbox();
  const arn = it.aws.sqs.arnOf;
  const dlq = it.aws.sqs.add({ name: 'dlq' });
  const url = it.aws.sqs.add({ name: 'jobs', redrive: { deadLetterArn: arn('dlq'), maxReceiveCount: 1 } });
  return {
    ...it,
    url,
    dlq,
    arn,
    sqs: new SQSClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 }),
    bodies: (name) => it.aws.sqs.queue(name).messages.map(({ body }) => body),
  };
}

async function giveUp(it: Queues, url: string, body: string): Promise<void> {
  await it.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  for (let count = 0; count < 2; count++) {
    await it.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    await it.clock.advanceBy(MINUTE);
  }
}

async function lastTask(it: Queues): Promise<ListMessageMoveTasksResultEntry | undefined> {
  return (await it.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: it.arn('dlq') }))).Results?.[0];
}

test('a batch that SQS rejects as a whole is rejected as a whole', async () => {
  const it = queues();
  const send = (...Entries: SendMessageBatchRequestEntry[]): Promise<unknown> =>
    it.sqs.send(new SendMessageBatchCommand({ QueueUrl: it.url, Entries }));
  const half = 'x'.repeat(524_288);
  await assert.rejects(send({ Id: 'a', MessageBody: half }, { Id: 'b', MessageBody: `${half}x` }), {
    name: 'BatchRequestTooLong',
  });
  await assert.rejects(
    send(
      { Id: 'a', MessageBody: half },
      { Id: 'b', MessageBody: half, MessageAttributes: { n: { DataType: 'String', StringValue: 'x' } } },
    ),
    { name: 'BatchRequestTooLong' },
  );
  await send({ Id: 'a', MessageBody: half }, { Id: 'b', MessageBody: half });
  for (const Id of ['', 'a b', 'a.b', 'x'.repeat(81), 'ü'])
    await assert.rejects(send({ Id, MessageBody: 'x' }), { name: 'InvalidBatchEntryId' }, Id);
  await assert.rejects(send({ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'y' }), {
    name: 'BatchEntryIdsNotDistinct',
  });
  await assert.rejects(send(), { name: 'EmptyBatchRequest' });
  await assert.rejects(
    it.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: it.url, Entries: [{ Id: 'a/b', ReceiptHandle: 'x' }] }),
    ),
    { name: 'InvalidBatchEntryId' },
  );
  assert.equal(it.bodies('jobs').length, 2);
});

test('a message with a character that is no XML text is rejected', async () => {
  const it = queues();
  const send = (MessageBody: string): Promise<unknown> =>
    it.sqs.send(new SendMessageCommand({ QueueUrl: it.url, MessageBody }));
  for (const character of ['\u0000', '\u0001', '\u000B', '\u001B', '\uFFFE', '\uFFFF'])
    await assert.rejects(
      send(`a${character}b`),
      { name: 'InvalidMessageContents' },
      JSON.stringify(character),
    );
  await send('a\tb\r\n\u00FC\u{1F511}\uFFFD');
  const { Failed = [] } = await it.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: it.url,
      Entries: [
        { Id: 'bad', MessageBody: '\u0002' },
        { Id: 'good', MessageBody: 'x' },
      ],
    }),
  );
  assert.deepEqual(
    Failed.map(({ Id, Code }) => [Id, Code]),
    [['bad', 'InvalidMessageContents']],
  );
  for (const attribute of [
    { DataType: 'String', StringValue: '' },
    { DataType: 'Text', StringValue: 'x' },
    { DataType: 'Binary', StringValue: 'x' },
  ]) {
    await assert.rejects(
      it.sqs.send(
        new SendMessageCommand({
          QueueUrl: it.url,
          MessageBody: 'x',
          MessageAttributes: { kind: attribute },
        }),
      ),
      { name: 'InvalidParameterValue' },
    );
  }
});

test('a handle that is none of this queue is rejected; an old one deletes nothing', async () => {
  const it = queues();
  const other = it.aws.sqs.add({ name: 'other' });
  for (const QueueUrl of [it.url, other])
    await it.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const receive = async (QueueUrl: string): Promise<string | undefined> =>
    (await it.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.ReceiptHandle;
  const [own, foreign] = [await receive(it.url), await receive(other)];
  const remove = (ReceiptHandle: string | undefined): Promise<unknown> =>
    it.sqs.send(new DeleteMessageCommand({ QueueUrl: it.url, ReceiptHandle }));
  const hide = (ReceiptHandle: string | undefined): Promise<unknown> =>
    it.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: it.url, ReceiptHandle, VisibilityTimeout: 5 }),
    );
  for (const nonsense of ['nonsense', 'x'.repeat(100), foreign, `${own}x`]) {
    await assert.rejects(remove(nonsense), { name: 'ReceiptHandleIsInvalid' }, nonsense);
    await assert.rejects(hide(nonsense), { name: 'ReceiptHandleIsInvalid' });
  }
  await hide(own);
  await it.clock.advanceBy(5 * SECOND);
  await assert.rejects(hide(own), { name: 'MessageNotInflight' });
  await remove(own);
  await remove(own);
  await assert.rejects(hide(own), { name: 'InvalidParameterValue' });
  assert.deepEqual(it.bodies('jobs'), []);
});

test('a redrive takes each message back to its queue; what came otherwise stays', async () => {
  const it = queues();
  const more = it.aws.sqs.add({
    name: 'more',
    redrive: { deadLetterArn: it.arn('dlq'), maxReceiveCount: 1 },
  });
  await giveUp(it, it.url, 'of jobs');
  await giveUp(it, more, 'of more');
  const before = it.aws.sqs.queue('dlq').messages.map(({ id }) => id);
  it.aws.sqs.deliver(ROOT, it.arn('dlq'), { body: 'straight from a rule' });
  await it.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: it.arn('dlq') }));
  assert.deepEqual(
    [it.bodies('jobs'), it.bodies('more'), it.bodies('dlq')],
    [['of jobs'], ['of more'], ['straight from a rule']],
  );
  assert.ok(!before.includes(it.aws.sqs.queue('jobs').messages[0]?.id ?? ''), 'it is a new message');
  const { Status, FailureReason, ApproximateNumberOfMessagesMoved, ApproximateNumberOfMessagesToMove } =
    (await lastTask(it)) ?? {};
  assert.deepEqual(
    [Status, FailureReason, ApproximateNumberOfMessagesMoved, ApproximateNumberOfMessagesToMove],
    ['FAILED', 'CouldNotDetermineMessageSource', 2, 3],
  );
});

test('a redrive to a queue that is named takes everything', async () => {
  const it = queues();
  await giveUp(it, it.url, 'of jobs');
  it.aws.sqs.deliver(ROOT, it.arn('dlq'), { body: 'straight from a rule' });
  const start = (SourceArn: string, DestinationArn: string): Promise<unknown> =>
    it.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
  await assert.rejects(start(it.arn('dlq'), it.arn('nobody')), { name: 'ResourceNotFoundException' });
  await assert.rejects(start(it.arn('nobody'), it.arn('jobs')), { name: 'ResourceNotFoundException' });
  await assert.rejects(start(it.arn('jobs'), it.arn('dlq')), { name: 'InvalidParameterValue' });
  await assert.rejects(start(it.arn('dlq'), it.arn('dlq')), { name: 'InvalidParameterValue' });
  await start(it.arn('dlq'), it.arn('jobs'));
  assert.deepEqual([it.bodies('jobs'), it.bodies('dlq')], [['of jobs', 'straight from a rule'], []]);
  assert.equal((await lastTask(it))?.Status, 'COMPLETED');
});

test('a redrive needs the rights to receive, delete and look, and to send', async () => {
  const it = queues();
  const start = (...actions: string[]): Promise<unknown> => {
    const statements = actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }));
    return new SQSClient({ ...it.aws.clientConfig(role('operator', ...statements)), maxAttempts: 1 }).send(
      new StartMessageMoveTaskCommand({ SourceArn: it.arn('dlq') }),
    );
  };
  const needed = [
    'sqs:StartMessageMoveTask',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:SendMessage',
  ];
  for (const left of needed)
    await assert.rejects(
      start(...needed.filter((one) => one !== left)),
      { name: 'AccessDeniedException' },
      left,
    );
  await start(...needed);
});

test('SNS rejects a batch for a topic that is not there, and one that breaks its rules', async () => {
  const it = sandbox();
  const sns = new SNSClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  const TopicArn = it.aws.sns.add({ name: 'alerts' });
  const publish = (arn: string, ...ids: string[]): Promise<unknown> =>
    sns.send(
      new PublishBatchCommand({
        TopicArn: arn,
        PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message: 'x' })),
      }),
    );
  const unknown = `arn:aws:sns:eu-central-1:${ACCOUNT}:nobody`;
  await assert.rejects(publish(unknown, 'a'), { name: 'NotFoundException' });
  await assert.rejects(sns.send(new PublishCommand({ TopicArn: unknown, Message: 'x' })), {
    name: 'NotFoundException',
  });
  await assert.rejects(publish(TopicArn, 'a', 'a'), { name: 'BatchEntryIdsNotDistinctException' });
  await assert.rejects(publish(TopicArn, 'a b'), { name: 'InvalidBatchEntryIdException' });
  await assert.rejects(publish(TopicArn, ...Array.from({ length: 11 }, (_, index) => `i${index}`)), {
    name: 'TooManyEntriesInBatchRequestException',
  });
  const long = sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'a', Message: 'x'.repeat(131_073) },
        { Id: 'b', Message: 'x'.repeat(131_073) },
      ],
    }),
  );
  await assert.rejects(long, { name: 'BatchRequestTooLongException' });
});
