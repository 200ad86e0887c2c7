import { isFields } from './patterns.ts';

/**
 * The partition key's attribute of a table and of each of its indexes; undefined for one that is not known.
 */
export type HashKeyOf = (table: string, index: string | undefined) => string | undefined;

const NAME = /[\w#.-]+/.source;

/**
 * What DynamoDB gives IAM as `dynamodb:LeadingKeys`: the partition keys that a request names. A scan names
 * none, and then the key is absent (DynamoDB developer guide, "Using IAM policy conditions for fine-grained
 * access control"; service authorization reference, "Actions for Amazon DynamoDB").
 */
export function leadingKeys(operation: string, input: unknown, hashKeyOf: HashKeyOf): string[] {
  if (!isFields(input)) return [];
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') return ofBatch(input, hashKeyOf);
  const table = nameOf(input['TableName']);
  const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
  const hash = hashKeyOf(table, index);
  if (hash === undefined) return [];
  if (operation === 'Query') return ofQuery(input, hash);
  return [input['Key'], input['Item']].flatMap((item) => valueIn(item, hash));
}

function nameOf(table: unknown): string {
  return typeof table === 'string' ? (table.split('/').at(-1) ?? '') : '';
}

/** An attribute's value as text, whatever its type. */
function valueIn(item: unknown, attribute: string): string[] {
  return isFields(item) ? textOf(item[attribute]) : [];
}

function textOf(value: unknown): string[] {
  if (!isFields(value)) return [];
  return Object.values(value).filter((one) => typeof one === 'string');
}

function ofBatch(input: Readonly<Record<string, unknown>>, hashKeyOf: HashKeyOf): string[] {
  const tables = isFields(input['RequestItems']) ? Object.entries(input['RequestItems']) : [];
  const keys = tables.flatMap(([table, asked]) => {
    const hash = hashKeyOf(nameOf(table), undefined) ?? '';
    const wanted = isFields(asked) && Array.isArray(asked['Keys']) ? asked['Keys'] : [];
    const written = Array.isArray(asked) ? asked.flatMap(requestItem) : [];
    return [...wanted, ...written].flatMap((item) => valueIn(item, hash));
  });
  return [...new Set(keys)];
}

function requestItem(request: unknown): unknown[] {
  if (!isFields(request)) return [];
  const { PutRequest, DeleteRequest } = request;
  return [
    isFields(PutRequest) ? PutRequest['Item'] : undefined,
    isFields(DeleteRequest) ? DeleteRequest['Key'] : undefined,
  ];
}

/** A query names its one partition by an equation, `pk = :pk`. */
function ofQuery(input: Readonly<Record<string, unknown>>, hash: string): string[] {
  const {
    KeyConditionExpression: expression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  } = input;
  if (typeof expression !== 'string' || !isFields(values)) return [];
  for (const [, name = '', value = ''] of expression.matchAll(new RegExp(`(${NAME})\\s*=\\s*(:\\w+)`, 'g'))) {
    const attribute = name.startsWith('#') && isFields(names) ? names[name] : name;
    if (attribute === hash) return textOf(values[value]);
  }
  return [];
}
