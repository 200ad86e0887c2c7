import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { serveAws, type AwsServer } from '../../../lib/sandbox/aws/http.ts';
import { accountKeyPolicy } from '../../../lib/sandbox/aws/kms.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import { ACCOUNT, REGION, ROOT, START, countingUuid, role, sandbox } from './world.ts';

const it = sandbox();
const KEY = '11111111-2222-4333-8444-555555555555';
let server: AwsServer;

before(async () => {
  server = await serveAws({ aws: it.aws, clock: it.clock, uuid: countingUuid(), port: 0 });
  server.register('AKIAROOT', ROOT);
  server.register('AKIANOBODY', role('nobody'));
});

after(() => server.close());

function config(accessKeyId = 'AKIAROOT'): {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint: server.url,
    region: REGION,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 'sandbox' },
  };
}

test('Secrets Manager answers over HTTP as in process', async () => {
  const secrets = new SecretsManagerClient(config());
  await secrets.send(
    new CreateSecretCommand({ Name: 'over/http', SecretString: 'gr\u00fc\u00df \u{1F511}' }),
  );
  assert.equal(
    (await secrets.send(new GetSecretValueCommand({ SecretId: 'over/http' }))).SecretString,
    'gr\u00fc\u00df \u{1F511}',
  );
  assert.equal(
    (await secrets.send(new DescribeSecretCommand({ SecretId: 'over/http' }))).CreatedDate?.getTime(),
    START,
  );
});

test('the access key says who calls', async () => {
  await assert.rejects(
    new SecretsManagerClient(config('AKIANOBODY')).send(new GetSecretValueCommand({ SecretId: 'over/http' })),
    { name: 'AccessDeniedException', message: /assumed-role\/nobody\/session/ },
  );
  await assert.rejects(
    new SecretsManagerClient(config('AKIAUNKNOWN')).send(
      new GetSecretValueCommand({ SecretId: 'over/http' }),
    ),
    { name: 'UnrecognizedClientException' },
  );
  assert.equal(
    (await new STSClient(config('AKIANOBODY')).send(new GetCallerIdentityCommand({}))).Arn,
    `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/session`,
  );
});

test('every other protocol does too', async () => {
  const url = it.aws.sqs.add({ name: 'jobs' });
  const sqs = new SQSClient(config());
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));
  assert.equal((await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages?.[0]?.Body, 'one');
  await assert.rejects(sqs.send(new ReceiveMessageCommand({ QueueUrl: `${url}x` })), {
    name: 'QueueDoesNotExist',
  });
  const TopicArn = it.aws.sns.add({ name: 'alerts' });
  assert.ok(
    (
      await new SNSClient(config()).send(
        new PublishCommand({
          TopicArn,
          Message: 'x',
          MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
        }),
      )
    ).MessageId,
  );
  await assert.rejects(
    new SNSClient(config('AKIANOBODY')).send(new PublishCommand({ TopicArn, Message: 'x' })),
    { name: 'AuthorizationErrorException' },
  );
  const KeyId = it.aws.kms.add({ id: KEY, spec: 'HMAC_256', policy: accountKeyPolicy(ACCOUNT) });
  assert.equal(
    (
      await new KMSClient(config()).send(
        new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('x') }),
      )
    ).Mac?.length,
    32,
  );
  const put = await new EventBridgeClient(config()).send(
    new PutEventsCommand({ Entries: [{ Source: 'a', DetailType: 'b', Detail: '{}' }] }),
  );
  assert.equal(put.FailedEntryCount, 0);
});

test('a function is invoked over its REST path', async () => {
  it.functions.set('rotate', (payload) => ({ echo: payload }));
  const principals: [string, number][] = [
    ['AKIAROOT', 200],
    ['AKIANOBODY', 400],
  ];
  for (const [key, status] of principals) {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${key}/20261120/${REGION}/lambda/aws4_request, SignedHeaders=host, ` +
      'Signature=x';
    const answer = await fetch(`${server.url}/2015-03-31/functions/rotate/invocations`, {
      method: 'POST',
      headers: { authorization },
      body: '{"a":1}',
    });
    assert.equal(answer.status, status);
    if (status === 200) assert.deepEqual(await answer.json(), { echo: { a: 1 } });
  }
});

const clients: [string, (principal?: Principal) => DynamoDBClient][] = [
  [
    'in process',
    (principal = ROOT) => new DynamoDBClient({ ...it.aws.clientConfig(principal), maxAttempts: 1 }),
  ],
  ['over HTTP', (principal) => new DynamoDBClient(config(principal ? 'AKIANOBODY' : 'AKIAROOT'))],
];

for (const [how, client] of clients) {
  test(`DynamoDB, ${how}, with what its emulator leaves out`, async () => {
    const dynamo = client();
    const TableName = `tokens-${how === 'in process' ? 'a' : 'b'}`;
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'due', AttributeType: 'N' },
        ],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-due',
            KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    const described = await dynamo.send(new DescribeTableCommand({ TableName }));
    assert.match(described.Table?.TableId ?? '', /^00000000-/);
    assert.equal(described.Table?.TableArn, `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`);
    assert.equal(described.Table.TableStatus, 'ACTIVE');
    assert.equal(described.Table.CreationDateTime?.getTime(), START);
    const put = new PutItemCommand({
      TableName,
      Item: { pk: { S: 'a' }, due: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await dynamo.send(put);
    await assert.rejects(dynamo.send(put), ConditionalCheckFailedException);
    assert.deepEqual((await dynamo.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }))).Item, {
      pk: { S: 'a' },
      due: { N: '1' },
    });
    const found = await dynamo.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-due',
        KeyConditionExpression: 'due = :d',
        ExpressionAttributeValues: { ':d': { N: '1' } },
      }),
    );
    assert.equal(found.Count, 1);
    await assert.rejects(
      client(role('nobody')).send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } })),
      { name: 'AccessDeniedException' },
    );
  });
}
