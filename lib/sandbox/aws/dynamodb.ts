import * as z from 'zod';
import { localDynalite } from './local-dynalite.ts';
import { AwsError } from './errors.ts';
import { DeletionProtection } from './deletion-protection.ts';
import { leadingKeys, type HashKeyOf } from './leading-keys.ts';
import { isFields } from './patterns.ts';
import type { Check, Operation, Service, World } from './types.ts';

/** DynamoDB: dynalite behind the permission check, and what dynalite leaves out. */
export interface DynamoDb {
  readonly service: Service;
}

/** The operations that dynalite has. */
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

interface Table {
  readonly id: string;
  readonly at: number;
  /** The partition key's attribute of the table, under no name, and of each index, under its own. */
  readonly hashKeys: ReadonlyMap<string | undefined, string>;
}

const Schema = z.looseObject({
  KeySchema: z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() })),
});
const Shape = Schema.extend({
  GlobalSecondaryIndexes: z.array(Schema.extend({ IndexName: z.string() })).default([]),
});

function hashKeysIn(input: unknown): Map<string | undefined, string> {
  const shape = Shape.parse(input);
  const hashOf = ({ KeySchema }: z.output<typeof Schema>): string =>
    KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  return new Map<string | undefined, string>([
    [undefined, hashOf(shape)],
    ...shape.GlobalSecondaryIndexes.map((index): [string, string] => [index.IndexName, hashOf(index)]),
  ]);
}

function tablesOf(input: unknown): string[] {
  if (!isFields(input)) return [];
  if (typeof input['TableName'] === 'string') return [input['TableName']];
  return isFields(input['RequestItems']) ? Object.keys(input['RequestItems']) : [];
}

function checksOf(world: World, operation: string, input: unknown, hashKeyOf: HashKeyOf): Check[] {
  const action = `dynamodb:${operation}`;
  const keys = leadingKeys(operation, input, hashKeyOf);
  const context = keys.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': keys } };
  const names = tablesOf(input).map((table) => table.split('/').at(-1) ?? '');
  if (names.length === 0) return [{ action, resource: '*' }];
  const index =
    isFields(input) && typeof input['IndexName'] === 'string' ? `/index/${input['IndexName']}` : '';
  return names.map((name) => ({
    action,
    resource: `arn:aws:dynamodb:${world.region}:${world.account}:table/${name}${index}`,
    ...context,
  }));
}

/** One dynalite, made by the first call. */
class Backend {
  readonly #region: string;
  #ask: ReturnType<typeof localDynalite> | undefined;

  constructor(region: string) {
    this.#region = region;
  }

  async send(operation: string, input: unknown): Promise<unknown> {
    this.#ask ??= localDynalite({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260101T000000Z',
      authorization:
        `AWS4-HMAC-SHA256 Credential=sandbox/20260101/${this.#region}/dynamodb/aws4_request, ` +
        'SignedHeaders=host, Signature=sandbox',
    });
    const { status, text: body } = await this.#ask(operation, input);
    const answer: unknown = JSON.parse(body);
    if (status < 300) return answer;
    const { __type: type, message, Message, ...fields } = isFields(answer) ? answer : {};
    const text = message ?? Message;
    throw new AwsError(
      typeof type === 'string' ? (type.split('#').at(-1) ?? type) : 'InternalServerError',
      typeof text === 'string' ? text : '',
      status,
      { fields },
    );
  }

  /**
   * Resolves once a table takes writes, with dynalite a moment after it was made: no virtual time passes for
   * it.
   */
  async active(name: string): Promise<void> {
    for (;;) {
      const found = await this.send('DescribeTable', { TableName: name });
      if (isFields(found) && isFields(found['Table']) && found['Table']['TableStatus'] === 'ACTIVE') return;
      await new Promise((resolve) => void setImmediate(resolve));
    }
  }
}

export function createDynamoDb(world: World): DynamoDb {
  const backend = new Backend(world.region);
  const tables = new Map<string, Table>();
  const complete = (value: unknown): unknown => {
    if (!isFields(value)) return value;
    const table = typeof value['TableName'] === 'string' ? tables.get(value['TableName']) : undefined;
    const text = JSON.stringify(value).replaceAll(
      /arn:aws:dynamodb:[\w-]*:\d*:/g,
      `arn:aws:dynamodb:${world.region}:${world.account}:`,
    );
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) && table
      ? { ...parsed, TableId: table.id, CreationDateTime: table.at / 1000 }
      : parsed;
  };
  const protection = new DeletionProtection();
  const run = async (operation: string, given: unknown): Promise<unknown> => {
    const input = protection.taken(operation, given);
    if (input === undefined) return described(given);
    const output = await backend.send(operation, input);
    const [name] = tablesOf(input);
    if (operation === 'CreateTable' && name !== undefined) {
      tables.set(name, { id: world.uuid(), at: world.clock.now(), hashKeys: hashKeysIn(input) });
      await backend.active(name);
    }
    if (!isFields(output)) return output;
    if ('Table' in output) return { ...output, Table: complete(output['Table']) };
    return 'TableDescription' in output
      ? { ...output, TableDescription: complete(output['TableDescription']) }
      : output;
  };
  /** What UpdateTable answers to a change that dynalite does not know. */
  const described = async (input: unknown): Promise<unknown> => {
    const found = await run('DescribeTable', { TableName: tablesOf(input)[0] });
    return { TableDescription: isFields(found) ? found['Table'] : undefined };
  };
  const operations = OPERATIONS.map((operation): [string, Operation] => [
    operation,
    (input) => {
      const checks = checksOf(world, operation, input, (table, index) =>
        tables.get(table)?.hashKeys.get(index),
      );
      return { resource: checks[0]?.resource ?? '*', checks, run: () => run(operation, input) };
    },
  ]);
  return { service: new Map(operations) };
}
