/**
 * What a fresh installation does in an emulated AWS: every function once, and a finding from the inventory to
 * a person's queue. Started by `run`.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import type { Command } from '../../functions/core/commands/commands.ts';
import { FindingFact } from '../../functions/core/findings/events.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { USUAL } from '../usual-issuers.ts';
import { namesOf } from '../../functions/core/basics/resource-names.ts';
import { invoke } from './invoke.ts';

const INSTALLATION = 'try';
const NAMES = namesOf(INSTALLATION);
const ACCOUNT = '000000000000';
const SCHEDULED = { source: 'keyturn.schedule' };
const sqs = new SQSClient({});
const secrets = new SecretsManagerClient({});

async function createSecret(name: string, tags: Readonly<Record<string, string>>): Promise<string> {
  const made = await secrets.send(
    new CreateSecretCommand({
      Name: name,
      SecretString: '{}',
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  assert.ok(made.ARN);
  return made.ARN;
}

function queueUrl(name: string): string {
  return `${process.env['AWS_ENDPOINT_URL']}/${ACCOUNT}/${name}`;
}

/** A queue that hears every alert, as a team's own tool would. */
async function listeningQueue(): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'team-alerts' }));
  assert.ok(QueueUrl);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const TopicArn = `arn:aws:sns:${process.env['AWS_REGION']}:${ACCOUNT}:${NAMES.alertTopic}`;
  await new SNSClient({}).send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.['QueueArn'],
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return QueueUrl;
}

async function nextBody(QueueUrl: string): Promise<string> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 1 }),
    );
    const body = Messages?.[0]?.Body;
    if (body !== undefined) return body;
  }
  throw new Error(`nothing came to ${QueueUrl} within a minute`);
}

/** A batch of one message, as a queue hands it to a function. */
function batchOf(message: unknown): object {
  return {
    Records: [
      {
        messageId: 'one',
        eventSource: 'aws:sqs',
        body: JSON.stringify(message),
        attributes: { SenderId: ACCOUNT },
      },
    ],
  };
}

async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${what} did not happen within a minute`);
}

test('the table has its indexes and the sealing key makes HMACs', async () => {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: NAMES.table }));
  assert.deepEqual(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName).sort(), [
    'due',
    'records',
    'rotations',
  ]);
  const { Mac } = await new KMSClient({}).send(
    new GenerateMacCommand({
      KeyId: `alias/keyturn/${INSTALLATION}/seal`,
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from('x'),
    }),
  );
  assert.equal(Mac?.length, 32);
});

test('the sweep tells what it did', async () => {
  const { error, log } = await invoke(NAMES.part('sweep'), SCHEDULED);
  assert.equal(error, undefined);
  assert.match(log, /"message":"swept".*"looked":0,"started":0,"commands":0/);
});

test('reconcile finds a new table complete once it saw every secret', async () => {
  const { error, log } = await invoke(NAMES.part('reconcile'), SCHEDULED);
  assert.equal(error, undefined);
  assert.match(log, /"message":"reconciled".*"complete":true/);
});

test('alert fails when no message of its batch is a fact', async () => {
  const { error } = await invoke(NAMES.part('alert'), batchOf('not a fact'));
  assert.equal(error, '1 message could not be worked off: see the log.');
});

test('pager rings for nothing that no record says', async () => {
  const fact: FindingFact = {
    type: 'finding',
    id: 'f/1',
    at: 0,
    tokenId: 't',
    name: 't',
    issuer: 'gitlab',
    owner: 'o',
    environment: 'e',
    change: 'opened',
    kind: 'token-expired',
    subject: '',
    severity: 'critical',
    detail: 'd',
    sequence: 1,
  };
  assert.equal((await invoke(NAMES.part('pager'), batchOf(fact))).error, undefined);
});

test('discover and measure go through an empty inventory', async () => {
  for (const name of ['discover', 'measure'])
    assert.equal((await invoke(NAMES.part(name), SCHEDULED)).error, undefined, name);
});

test('leaks knows no credential yet, and health works off its queue only', async () => {
  const asked = await invoke(NAMES.part('leaks'), { kind: 'whose', digests: ['0'.repeat(64)] });
  assert.equal(asked.error, undefined);
  const { error } = await invoke(NAMES.part('health'), batchOf({ not: 'a signal' }));
  assert.equal(error, '1 message could not be worked off: see the log.');
});

for (const { id } of USUAL) {
  test(`rotate-${id} refuses an unregistered secret and names the missing tag`, async () => {
    const SecretId = await createSecret(`untagged/${id}`, {});
    const { error } = await invoke(NAMES.rotate(id), {
      Step: 'createSecret',
      SecretId,
      ClientRequestToken: randomUUID(),
    });
    assert.match(error ?? '', new RegExp(`The secret untagged/${id} has no tag ${TAGS.installation}`));
  });

  test(`worker-${id} works off its queue: a command that is too late is dropped`, async () => {
    const command: Command = { kind: 'rotate', tokenId: 'none', notAfter: 1 };
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl(NAMES.worker(id)), MessageBody: JSON.stringify(command) }),
    );
    await waitFor('an empty queue', async () => {
      const AttributeNames = [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
      ] satisfies QueueAttributeName[];
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl(NAMES.worker(id)), AttributeNames }),
      );
      return AttributeNames.every((name) => Attributes?.[name] === '0') ? true : undefined;
    });
    const { payload, error } = await invoke(NAMES.worker(id), { Records: [] });
    assert.equal(error, undefined);
    assert.deepEqual(payload, { batchItemFailures: [] });
  });
}

test('a finding goes from the inventory through bus, queue, function and topic to a listener', async () => {
  const queue = await listeningQueue();
  const arn = await createSecret('billing/typo', {
    [TAGS.installation]: INSTALLATION,
    [TAGS.issuer]: 'gitlabb',
    [TAGS.owner]: 'team-billing',
  });
  const moved = {
    source: 'aws.secretsmanager',
    'detail-type': 'Secret Label Updated',
    account: ACCOUNT,
    resources: [arn],
    detail: { name: 'billing/typo', labelUpdated: 'AWSCURRENT', versionId: randomUUID() },
  };
  const { error } = await invoke(NAMES.part('reconcile'), batchOf(moved));
  assert.equal(error, undefined);
  const { installation, ...told }: Record<string, unknown> = JSON.parse(await nextBody(queue));
  const fact = FindingFact.parse(told);
  assert.deepEqual(installation, { account: ACCOUNT, name: INSTALLATION, region: 'eu-west-1' });
  assert.equal(fact.kind, 'secret-unusable');
  assert.equal(fact.change, 'opened');
  assert.equal(fact.owner, 'team-billing');
  assert.match(fact.detail, /says "gitlabb", which is no issuer/);
});
