import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';

const dynalite: (options: object) => Server = createRequire(import.meta.url)('dynalite');

export interface LocalDynamo {
  readonly client: DynamoDBClient;
  /** Another client, for tests that hook into it. */
  connect(): DynamoDBClient;
  /** A new, empty table with the inventory's keys and index. */
  table(): Promise<Table>;
  close(): Promise<void>;
}

/** A table takes writes only once it is active, with dynalite a moment after it was made. */
async function active(client: DynamoDBClient, name: string): Promise<void> {
  for (;;) {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (found?.TableStatus === 'ACTIVE') return;
  }
}

/** DynamoDB in this process, reached by the real SDK over HTTP. */
export async function localDynamo(): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  };
  const connect = (): DynamoDBClient => new DynamoDBClient(settings);
  const client = connect();
  let tables = 0;
  return {
    client,
    connect,
    async table() {
      const name = `inventory-${++tables}`;
      await client.send(new CreateTableCommand({ TableName: name, ...SHAPE }));
      await active(client, name);
      return { client, name };
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const SHAPE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'recordShard', AttributeType: 'S' },
    { AttributeName: 'dueShard', AttributeType: 'S' },
    { AttributeName: 'dueAt', AttributeType: 'N' },
    { AttributeName: 'line', AttributeType: 'S' },
    { AttributeName: 'lineAt', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'records',
      KeySchema: [
        { AttributeName: 'recordShard', KeyType: 'HASH' },
        { AttributeName: 'pk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'dueShard', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'rotations',
      KeySchema: [
        { AttributeName: 'line', KeyType: 'HASH' },
        { AttributeName: 'lineAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['place'] },
    },
  ],
} as const satisfies Omit<ConstructorParameters<typeof CreateTableCommand>[0], 'TableName'>;
