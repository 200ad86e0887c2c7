/**
 * What `cdk destroy` leaves: the state that safety needs, and the secrets, which were never the stack's.
 * Started by `run`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { USUAL } from '../usual-issuers.ts';
import { namesOf } from '../../functions/core/basics/resource-names.ts';
import { invoke } from './invoke.ts';

const NAMES = namesOf('try');

test('the table and both keys stay', async (t) => {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: NAMES.table }));
  assert.equal(Table?.TableName, NAMES.table);
  const kms = new KMSClient({});
  const { Keys } = await kms.send(new ListKeysCommand({}));
  assert.equal(Keys?.length, 2);
  const { Aliases } = await kms.send(new ListAliasesCommand({}));
  t.diagnostic(
    `left: the table ${NAMES.table}, ${Keys.length} KMS keys, aliases: ` +
      (Aliases?.map((one) => one.AliasName).join(', ') || 'none'),
  );
});

test('every secret stays', async (t) => {
  const { SecretList } = await new SecretsManagerClient({}).send(new ListSecretsCommand({}));
  const names = SecretList?.map((secret) => secret.Name) ?? [];
  assert.deepEqual(new Set(names), new Set(['billing/typo', ...USUAL.map((one) => `untagged/${one.id}`)]));
  t.diagnostic(`left: the secrets ${names.join(', ')}`);
});

test('functions, queues, topic and bus are gone', async () => {
  await assert.rejects(invoke(NAMES.part('sweep'), {}), /could not be invoked: 404/);
  const { QueueUrls } = await new SQSClient({}).send(new ListQueuesCommand({ QueueNamePrefix: 'keyturn-' }));
  assert.deepEqual(QueueUrls ?? [], []);
  const { Topics } = await new SNSClient({}).send(new ListTopicsCommand({}));
  assert.deepEqual(Topics ?? [], []);
  const { EventBuses } = await new EventBridgeClient({}).send(
    new ListEventBusesCommand({ NamePrefix: 'keyturn' }),
  );
  assert.deepEqual(EventBuses ?? [], []);
});
