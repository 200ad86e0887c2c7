import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { eventbridgeBus, eventbridgeCanaries } from '../../functions/adapters/eventbridge-bus.ts';
import { kmsSeals } from '../../functions/adapters/kms-seals.ts';
import { snsCanaries, snsTopic } from '../../functions/adapters/sns-topic.ts';
import { sqsCommands } from '../../functions/adapters/sqs-commands.ts';
import { sqsForwards } from '../../functions/adapters/sqs-forwards.ts';
import type { Command } from '../../functions/core/commands/commands.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { alertMessage } from '../../functions/use-cases/alerts/alert.ts';
import { T0, aFinding, facts } from '../fakes/tokens.ts';
import { answering, awsError } from './answering.ts';

const CONFIG = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  maxAttempts: 1,
};
const CANARY = 'canary-5f1d';

async function failure(run: Promise<unknown>): Promise<KeyturnError> {
  const error = await run.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof KeyturnError, String(error));
  assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), new RegExp(CANARY));
  return error;
}

function refuse(): object {
  throw awsError('AccessDeniedException', 400, `not for ${CANARY}`);
}

describe('seals', () => {
  it('sends KMS a hash, however long the text, and gives the code in hexadecimal', async () => {
    const client = new KMSClient(CONFIG);
    const calls = answering(client, () => ({ Mac: Uint8Array.from([1, 171]) }));
    const text = CANARY.repeat(1_000);
    assert.equal(await kmsSeals(client, 'key-1').of(new Secret(text)), '01ab');
    assert.deepEqual(calls, [
      {
        command: 'GenerateMacCommand',
        input: {
          KeyId: 'key-1',
          MacAlgorithm: 'HMAC_SHA_256',
          Message: createHash('sha256').update(text).digest(),
        },
      },
    ]);
  });

  it('says so when KMS does not answer as it should', async () => {
    const client = new KMSClient(CONFIG);
    answering(client, refuse);
    assert.equal(
      (await failure(kmsSeals(client, 'key-1').of(new Secret(CANARY)))).message,
      'AWS did not do kms:GenerateMac: AccessDeniedException.',
    );
    const empty = new KMSClient(CONFIG);
    answering(empty, () => ({}));
    assert.match((await failure(kmsSeals(empty, 'key-1').of(new Secret(CANARY)))).message, /no Mac/);
  });
});

describe('commands', () => {
  const QUEUES = { gitlab: 'https://sqs.example/gitlab' };
  const commands = Array.from({ length: 23 }, (_, index): Command => ({
    kind: 'rotate',
    tokenId: `t${index}`,
    notAfter: T0,
  }));

  it('go to the queue of their provider, ten a request', async () => {
    const client = new SQSClient(CONFIG);
    const calls = answering(client, () => ({ Successful: [] }));
    await sqsCommands(client, QUEUES).send('gitlab', commands);
    const entries = calls.map(({ input }) => input['Entries']).filter(Array.isArray);
    assert.deepEqual(
      entries.map((batch) => batch.length),
      [10, 10, 3],
    );
    assert.deepEqual(
      entries.flat().map((entry) => JSON.parse(entry.MessageBody)),
      commands,
    );
    assert.ok(entries.every((batch) => new Set(batch.map((entry) => entry.Id)).size === batch.length));
    assert.ok(calls.every(({ input }) => input['QueueUrl'] === QUEUES.gitlab));
  });

  it('fail when one was not accepted', async () => {
    const client = new SQSClient(CONFIG);
    answering(client, () => ({ Failed: [{ Id: '0' }] }));
    const error = await failure(sqsCommands(client, QUEUES).send('gitlab', commands));
    assert.equal(error.message, 'SQS did not accept 3 of 23 commands for gitlab.');
  });

  it('need a queue, also for a provider named like a part of every object', async () => {
    const client = new SQSClient(CONFIG);
    for (const provider of ['okta', 'constructor'])
      assert.equal(
        (await failure(sqsCommands(client, QUEUES).send(provider, commands))).code,
        'provider-unknown',
      );
  });
});

describe('what people ask', () => {
  const queues = { gitlab: 'https://sqs.example/gitlab' };
  const forwarded = {
    command: { kind: 'rotate', tokenId: 't', notAfter: 1 },
    requestedBy: 'AIDAUSER',
  } as const;

  it('goes to the queue of its provider, whole', async () => {
    const client = new SQSClient(CONFIG);
    const calls = answering(client, () => ({ Failed: [] }));
    await sqsForwards(client, queues).send('gitlab', forwarded);
    assert.deepEqual(
      calls.map(({ input }) => [input['QueueUrl'], JSON.parse(Object(input['Entries'])[0].MessageBody)]),
      [[queues.gitlab, forwarded]],
    );
  });

  it('fails when it was not accepted, and where the provider has no queue', async () => {
    const client = new SQSClient(CONFIG);
    answering(client, () => ({ Failed: [{ Id: '0' }] }));
    assert.equal((await failure(sqsForwards(client, queues).send('gitlab', forwarded))).code, 'aws-failed');
    for (const provider of ['okta', 'constructor'])
      assert.equal(
        (await failure(sqsForwards(client, queues).send(provider, forwarded))).code,
        'provider-unknown',
      );
  });
});

describe('the bus', () => {
  it('takes facts ten a request, with their type and time', async () => {
    const client = new EventBridgeClient(CONFIG);
    const calls = answering(client, () => ({ FailedEntryCount: 0 }));
    const published = [aFinding(), ...facts(10)];
    await eventbridgeBus(client, 'keyturn').publish(published);
    const entries = calls.map(({ input }) => input['Entries']).filter(Array.isArray);
    assert.deepEqual(
      entries.map((batch) => batch.length),
      [10, 1],
    );
    const [first] = entries.flat();
    assert.deepEqual(first, {
      EventBusName: 'keyturn',
      Source: 'keyturn',
      DetailType: 'Keyturn Finding Changed',
      Time: new Date(T0),
      Detail: JSON.stringify(aFinding()),
    });
    assert.deepEqual(
      entries.flat().map(({ Detail }) => JSON.parse(Detail)),
      published,
    );
  });

  it('fails when EventBridge answers well and has refused some', async () => {
    const client = new EventBridgeClient(CONFIG);
    answering(client, () => ({
      FailedEntryCount: 2,
      Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: CANARY }],
    }));
    assert.equal(
      (await failure(eventbridgeBus(client, 'keyturn').publish(facts(3)))).message,
      'EventBridge did not accept 2 of 3 facts.',
    );
  });

  it('asks for nothing when there is nothing to tell', async () => {
    const client = new EventBridgeClient(CONFIG);
    const calls = answering(client, () => ({}));
    await eventbridgeBus(client, 'keyturn').publish([]);
    assert.deepEqual(calls, []);
  });
});

describe('a canary', () => {
  const canary = { type: 'canary', id: '4f8b1c', at: T0 } as const;

  it('goes on the bus by a name of its own, and fails when it is refused', async () => {
    const client = new EventBridgeClient(CONFIG);
    const calls = answering(client, () => ({ FailedEntryCount: calls.length - 1 }));
    const way = eventbridgeCanaries(client, 'keyturn');
    await way.send(canary);
    assert.deepEqual(calls[0]?.input['Entries'], [
      {
        EventBusName: 'keyturn',
        Source: 'keyturn',
        DetailType: 'Keyturn Canary',
        Time: new Date(T0),
        Detail: JSON.stringify(canary),
      },
    ]);
    assert.equal((await failure(way.send(canary))).code, 'aws-failed');
  });

  it('goes to its topic as it is', async () => {
    const client = new SNSClient(CONFIG);
    const calls = answering(client, () => ({ MessageId: '1' }));
    await snsCanaries(client, 'arn:canary').send(canary);
    assert.deepEqual(
      calls.map(({ input }) => input),
      [{ TopicArn: 'arn:canary', Message: JSON.stringify(canary) }],
    );
  });
});

describe('the topic', () => {
  it('gives people words and machines the notice', async () => {
    const client = new SNSClient(CONFIG);
    const calls = answering(client, () => ({ MessageId: '1' }));
    const message = alertMessage(aFinding({ owner: '' }), 'https://example.com');
    await snsTopic(client, 'arn:topic').publish(message);
    const input = calls[0]?.input ?? {};
    assert.equal(input['Subject'], message.subject);
    assert.equal(input['MessageStructure'], 'json');
    const bodies = JSON.parse(String(input['Message']));
    assert.equal(bodies.email, message.text);
    assert.deepEqual(JSON.parse(bodies.default), message.body);
    assert.deepEqual(Object.keys(bodies).sort(), ['default', 'email', 'sms']);
    assert.deepEqual(input['MessageAttributes'], {
      severity: { DataType: 'String', StringValue: 'critical' },
      kind: { DataType: 'String', StringValue: 'token-expiring' },
      change: { DataType: 'String', StringValue: 'opened' },
      issuer: { DataType: 'String', StringValue: 'gitlab' },
      environment: { DataType: 'String', StringValue: 'production' },
    });
  });

  it('makes any subject one that SNS takes', async () => {
    const client = new SNSClient(CONFIG);
    const calls = answering(client, () => ({}));
    await snsTopic(client, 'arn:topic').publish({
      ...alertMessage(aFinding(), 'https://example.com'),
      subject: `a\nb\u00fc${'c'.repeat(200)}`,
    });
    const subject = String(calls[0]?.input['Subject']);
    assert.equal(subject.length, 99);
    assert.match(subject, /^a b c+\.\.\.$/);
  });
});
