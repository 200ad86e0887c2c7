// What roles may do with queues.
import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { deadLetterQueueOf, type ResourceNames } from '../../functions/core/basics/resource-names.ts';
import type { Foundation } from './constructs/foundation.ts';
import { allow, useKeyThrough, WRITE_KEY } from './permissions.ts';

export function sendTo(key: IKey, queues: readonly IQueue[]): PolicyStatement[] {
  return [
    allow(
      ['sqs:SendMessage'],
      queues.map((queue) => queue.queueArn),
    ),
    useKeyThrough(key, ['sqs'], WRITE_KEY),
  ];
}

/**
 * Sends to the worker queues of all issuers, and to the others that are named. By the rule of names, so that
 * a policy is as long with one issuer as with all. The rule fits nothing else: no other installation may have
 * such a name (`takesNamesOfOthers`), and the dead-letter queues beside the worker queues, which it fits too,
 * are shut out, since SQS alone puts messages there. Names rather than tags: a tag that somebody takes away
 * would stop every command, and with it every revocation.
 */
export function giveCommands({ names, keys }: Foundation, also: readonly IQueue[] = []): PolicyStatement[] {
  return [
    allow(['sqs:SendMessage'], [queueArn(names.worker('*')), ...also.map((queue) => queue.queueArn)]),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['sqs:SendMessage'],
      resources: [queueArn(deadLetterQueueOf(names.worker('*')))],
    }),
    useKeyThrough(keys.data, ['sqs'], WRITE_KEY),
  ];
}

/**
 * What StartMessageMoveTask asks of its caller, from dead-letter queues back to their own queues (SQS
 * developer guide, "Configure queue permissions for a dead-letter queue redrive"): of all issuers, and of the
 * other queues that are named.
 */
export function moveBack(
  scope: Foundation,
  others: readonly { readonly queue: IQueue; readonly dead: IQueue }[],
): PolicyStatement[] {
  return [
    allow(['sqs:ListQueues'], ['*']),
    allow(
      [
        'sqs:StartMessageMoveTask',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      [queueArn(deadLetterQueueOf(scope.names.worker('*'))), ...others.map(({ dead }) => dead.queueArn)],
    ),
    ...giveCommands(
      scope,
      others.map(({ queue }) => queue),
    ),
  ];
}

/** What an event source mapping does in the function's name. */
export function receiveFrom(key: IKey, queue: IQueue): PolicyStatement[] {
  return [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]),
    useKeyThrough(key, ['sqs'], ['kms:Decrypt']),
  ];
}

function queueArn(name: string): string {
  return `arn:${Aws.PARTITION}:sqs:${Aws.REGION}:${Aws.ACCOUNT_ID}:${name}`;
}

/** How cdk-nag names the finding that a statement about the worker queues has a wildcard. */
export function workersWildcard(names: ResourceNames): string {
  return queueWildcard(names.worker('*'));
}

/** The same of their dead-letter queues. */
export function deadLettersWildcard(names: ResourceNames): string {
  return queueWildcard(deadLetterQueueOf(names.worker('*')));
}

function queueWildcard(name: string): string {
  return `Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${name}`;
}
