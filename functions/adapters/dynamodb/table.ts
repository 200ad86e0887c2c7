import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  type AttributeValue,
  type BatchGetItemCommandInput,
  type DynamoDBClient,
  type PutItemCommandInput,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import { READER, requireReader } from '../../core/basics/record.ts';
import { aws, awsFailure, hasCode } from '../aws-errors.ts';

/** The inventory's table and the client it is reached with. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/** The primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Readonly<Record<string, unknown>>;

/** What must hold of the item that is there for a write to happen. */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

export const ABSENT: Condition = { expression: 'attribute_not_exists(pk)' };

/** A strongly consistent read of one item. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const input = { TableName: table.name, Key: marshall(key), ConsistentRead: true };
  const answer = await aws('dynamodb:GetItem', () => table.client.send(new GetItemCommand(input)));
  return answer.Item && unmarshall(answer.Item);
}

/** Writes one item; false when the condition did not hold. */
export async function putItem(table: Table, key: Key, item: Item, condition?: Condition): Promise<boolean> {
  const input = {
    TableName: table.name,
    Item: marshall({ ...key, ...item, minReader: READER }, { removeUndefinedValues: true }),
    ...conditionOf(condition),
  };
  return unlessRefused('dynamodb:PutItem', () => table.client.send(new PutItemCommand(input)));
}

function conditionOf(
  condition: Condition | undefined,
): Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> {
  if (!condition) return {};
  const { expression, names, values } = condition;
  return {
    ConditionExpression: expression,
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: marshall(values) }),
  };
}

/** Whether a conditional write was done. */
async function unlessRefused(operation: string, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (hasCode(error, 'ConditionalCheckFailedException')) return false;
    throw awsFailure(operation, error);
  }
}

/** Deletes one item; false when the condition did not hold. */
export async function deleteItem(table: Table, key: Key, condition?: Condition): Promise<boolean> {
  const input = { TableName: table.name, Key: marshall(key), ...conditionOf(condition) };
  return unlessRefused('dynamodb:DeleteItem', () => table.client.send(new DeleteItemCommand(input)));
}

/** Up to `limit` items of a query, page by page. */
export async function queryItems(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
  limit = Infinity,
): Promise<Item[]> {
  const pageSize = Number.isFinite(limit) ? { Limit: limit } : {};
  const found: Item[] = [];
  return aws('dynamodb:Query', async () => {
    for await (const page of paginateQuery(
      { client: table.client },
      { ...query, ...pageSize, TableName: table.name },
    )) {
      found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  });
}

/** The pages of a query, as they are asked for. */
export async function* queryPages(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item[]> {
  const pages = paginateQuery({ client: table.client }, { ...query, TableName: table.name })[
    Symbol.asyncIterator
  ]();
  for (;;) {
    const page = await aws('dynamodb:Query', () => pages.next());
    if (page.done) return;
    yield (page.value.Items ?? []).map((item) => unmarshall(item));
  }
}

/** Every item of a query, page by page as they are asked for. */
export async function* eachItem(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item> {
  for await (const page of queryPages(table, query)) yield* page;
}

/** The most that BatchGetItem takes in one request (DynamoDB API reference). */
export const MOST_KEYS = 100;

/**
 * Strongly consistent reads of several items, {@link MOST_KEYS} at most, in no order. What one answer leaves
 * out is asked for again; DynamoDB answers with one item at least, or fails.
 */
export async function getItems(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const found: Item[] = [];
  let wanted: readonly Record<string, AttributeValue>[] = keys.map((key) => marshall(key));
  while (wanted.length > 0) {
    const input: BatchGetItemCommandInput = {
      RequestItems: { [table.name]: { Keys: [...wanted], ConsistentRead: true } },
    };
    const { Responses, UnprocessedKeys } = await aws('dynamodb:BatchGetItem', () =>
      table.client.send(new BatchGetItemCommand(input)),
    );
    found.push(...(Responses?.[table.name] ?? []).map((item) => unmarshall(item)));
    wanted = UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found;
}

/** The id AWS gave this very table: a restored or recreated one has another, whatever its name. */
export async function tableIdOf(table: Table): Promise<string> {
  const answer = await aws('dynamodb:DescribeTable', () =>
    table.client.send(new DescribeTableCommand({ TableName: table.name })),
  );
  const id = answer.Table?.TableId;
  if (!id)
    throw new KeyturnError('aws-failed', 'AWS did not do dynamodb:DescribeTable: the answer has no TableId.');
  return id;
}

/**
 * Reads an item by its schema. Errors: `record-invalid` names the record and the field, never a value; it
 * names both versions of one that only a later version of Keyturn can read.
 */
export function parseItem<T>(schema: z.ZodType<T>, item: Item, record: string): T {
  requireReader(item['minReader'], record);
  return parseEntry(schema, item, record);
}

/** The same for the entry of an index, which holds keys alone. */
export function parseEntry<T>(schema: z.ZodType<T>, item: Item, record: string): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'whole record';
  throw new KeyturnError(
    'record-invalid',
    `The inventory's record of ${record} cannot be read, at "${field}".`,
  );
}
