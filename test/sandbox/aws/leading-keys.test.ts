import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ROOT, role, sandbox } from './world.ts';

const NAME = 'items';
const hash = (AttributeName: string): { AttributeName: string; KeyType: 'HASH' } => ({
  AttributeName,
  KeyType: 'HASH',
});
const own = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['A#*', 'B#*'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

/**
 * A table with an index, and a client of a role that may do everything to items that begin with `A#` or `B#`.
 */
async function table(): Promise<DynamoDBClient> {
  const { aws } = sandbox();
  const root = new DynamoDBClient(aws.clientConfig(ROOT));
  await root.send(
    new CreateTableCommand({
      TableName: NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'recordShard'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [hash('pk'), { AttributeName: 'sk', KeyType: 'RANGE' }],
      GlobalSecondaryIndexes: [
        { IndexName: 'shards', KeySchema: [hash('recordShard')], Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  return new DynamoDBClient({
    ...aws.clientConfig(
      role('writer', { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*', Condition: own }),
    ),
    maxAttempts: 1,
  });
}

const key = (pk: string): Record<string, AttributeValue> => marshall({ pk, sk: 's' });
const DENIED = { name: 'AccessDeniedException' };

describe('the first keys that a request to DynamoDB names', () => {
  const REQUESTS: Record<string, (client: DynamoDBClient, pk: string) => Promise<unknown>> = {
    GetItem: (client, pk) => client.send(new GetItemCommand({ TableName: NAME, Key: key(pk) })),
    PutItem: (client, pk) =>
      client.send(new PutItemCommand({ TableName: NAME, Item: { ...key(pk), recordShard: { S: 'A#1' } } })),
    UpdateItem: (client, pk) =>
      client.send(
        new UpdateItemCommand({
          TableName: NAME,
          Key: key(pk),
          UpdateExpression: 'SET a = :a',
          ExpressionAttributeValues: marshall({ ':a': 1 }),
        }),
      ),
    DeleteItem: (client, pk) => client.send(new DeleteItemCommand({ TableName: NAME, Key: key(pk) })),
    BatchGetItem: (client, pk) =>
      client.send(new BatchGetItemCommand({ RequestItems: { [NAME]: { Keys: [key('A#1'), key(pk)] } } })),
    BatchWriteItem: (client, pk) =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [NAME]: [{ PutRequest: { Item: key('B#9') } }, { DeleteRequest: { Key: key(pk) } }],
          },
        }),
      ),
    Query: (client, pk) =>
      client.send(
        new QueryCommand({
          TableName: NAME,
          KeyConditionExpression: '#p = :p AND sk > :s',
          ExpressionAttributeNames: { '#p': 'pk' },
          ExpressionAttributeValues: marshall({ ':p': pk, ':s': 'a' }),
        }),
      ),
    'Query of an index': (client, pk) =>
      client.send(
        new QueryCommand({
          TableName: NAME,
          IndexName: 'shards',
          KeyConditionExpression: 'recordShard = :p',
          ExpressionAttributeValues: marshall({ ':p': pk }),
        }),
      ),
  };
  for (const [operation, send] of Object.entries(REQUESTS))
    it(`decide ${operation}`, async () => {
      const client = await table();
      for (const pk of ['A#2', 'B#x']) await send(client, pk);
      for (const pk of ['C#1', 'A', 'XA#1'])
        await assert.rejects(send(client, pk), DENIED, `${operation} ${pk}`);
    });

  it('are none in a scan, which no condition on them lets through', async () => {
    const client = await table();
    await assert.rejects(client.send(new ScanCommand({ TableName: NAME })), DENIED);
    await assert.rejects(
      client.send(
        new ScanCommand({
          TableName: NAME,
          FilterExpression: 'pk = :p',
          ExpressionAttributeValues: marshall({ ':p': 'A#1' }),
        }),
      ),
      DENIED,
    );
  });
});
