import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  DELETERS,
  WRITERS,
  prefixesOf,
  readPrefixesOf,
  type TableUser,
} from '../../functions/core/inventory/partitions.ts';
import type { Foundation } from './constructs/foundation.ts';
import { allow, useKeyThrough } from './permissions.ts';

/**
 * What DynamoDB asks of a caller whose table has a customer's key (DynamoDB developer guide, "Encryption at
 * rest: usage notes").
 */
const TABLE_KEY = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
/** Of one that only reads. */
export const TABLE_KEY_TO_READ = ['kms:Decrypt', 'kms:DescribeKey'];

/**
 * What one function does with the inventory: it reads, and writes the items that core/partitions.ts says are
 * its own. No role may scan the table, or use PartiQL. `ForAllValues` holds for a request without keys too,
 * which `Null` shuts out (IAM user guide, "Multivalued context keys"; DynamoDB developer guide, "Specifying
 * conditions: LeadingKeys").
 */
export function useTable(
  scope: Foundation,
  user: TableUser,
  also: readonly string[] = [],
): PolicyStatement[] {
  const { tableArn } = scope.table;
  const on = (operations: readonly string[], prefixes: readonly string[] | undefined): PolicyStatement[] => {
    if (operations.length === 0 || prefixes?.length === 0) return [];
    return [
      allow(
        operations.map((operation) => `dynamodb:${operation}`),
        [tableArn],
        prefixes && leadingKeys(prefixes),
      ),
    ];
  };
  return [
    ...on(READS[user] ?? ['GetItem', 'Query'], readPrefixesOf(user)),
    ...on(['PutItem'], prefixesOf(user, WRITERS)),
    ...on(['DeleteItem'], prefixesOf(user, DELETERS)),
    ...on(also, undefined),
    useKeyThrough(
      scope.keys.data,
      ['dynamodb'],
      prefixesOf(user, WRITERS).length > 0 ? TABLE_KEY : TABLE_KEY_TO_READ,
    ),
  ];
}

/** Where it is less than, or other than, single items and queries. */
const READS: Partial<Record<TableUser, readonly string[]>> = {
  rotate: ['GetItem'],
  router: ['GetItem'],
  sweep: ['GetItem'],
  reconcile: ['GetItem'],
  health: ['Query'],
  discover: ['GetItem', 'BatchGetItem'],
  measure: ['BatchGetItem'],
  deliver: ['GetItem'],
  detect: ['GetItem'],
  chat: ['GetItem'],
  pager: ['GetItem'],
};

function leadingKeys(prefixes: readonly string[]): Record<string, Record<string, string | string[]>> {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

export function queryIndexes(scope: Foundation, ...indexes: readonly string[]): PolicyStatement {
  return allow(
    ['dynamodb:Query'],
    indexes.map((index) => `${scope.table.tableArn}/index/${index}`),
  );
}
