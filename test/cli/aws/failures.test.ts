import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { awsFailure } from '../../../functions/adapters/aws-errors.ts';
import { dynamodbInventory } from '../../../functions/adapters/dynamodb/inventory.ts';
import { accessWith, portsOver } from '../../../lib/cli/aws/world.ts';
import { CliError, EXIT } from '../../../lib/cli/command-line/exit.ts';
import { failureOf } from '../../../lib/cli/aws/failures.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import { ROOT, sandbox, role, token as requestToken, type Sandbox } from '../../sandbox/aws/world.ts';
import { T0 } from '../../fakes/tokens.ts';
import { CANARY, bench, type Bench } from '../harness.ts';
import { current, healthy, previous } from '../tokens.ts';

const WHERE = { installation: 'main', sandbox: undefined };
const TABLE = {
  TableName: 'keyturn-main',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'recordShard', AttributeType: 'S' },
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
  ],
} satisfies ConstructorParameters<typeof CreateTableCommand>[0];

/** An AWS with an installation in it, one token, and the command run by a principal. */
async function deployed(
  principal: Principal,
  installation = 'main',
  queues: readonly string[] = ['keyturn-main-requests'],
): Promise<{ self: Bench; box: Sandbox }> {
  const box = sandbox();
  const { dynamodb } = accessWith({ ...box.aws.clientConfig(ROOT), maxAttempts: 1 }, installation);
  await dynamodb.send(new CreateTableCommand(TABLE));
  await dynamodbInventory({ client: dynamodb, name: 'keyturn-main' }).save(
    healthy('prod/x', { credentials: [previous(), current()] }),
    0,
  );
  for (const name of queues) box.aws.sqs.add({ name });
  const ports = portsOver(
    accessWith({ ...box.aws.clientConfig(principal), maxAttempts: 1 }, installation),
    installation,
    async () => T0,
  );
  const self = bench();
  self.ports = ports;
  return { self, box };
}

const VIEW = {
  Effect: 'Allow',
  Action: [
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:Query',
    'dynamodb:DescribeTable',
    'secretsmanager:DescribeSecret',
  ],
  Resource: '*',
};
const ASK = { Effect: 'Allow', Action: ['sqs:GetQueueUrl', 'sqs:SendMessage'], Resource: '*' };

test('a viewer sees, and is told which policy asking takes', async () => {
  const { self, box } = await deployed(role('viewer', VIEW));
  assert.match((await self.keyturn('status')).out, /^prod\/x +in grace period/m);
  assert.equal((await self.keyturn('show', 'prod/x')).exit, 0);
  const refused = await self.keyturn('rotate', 'prod/x');
  assert.equal(refused.exit, 4);
  assert.equal(
    refused.err,
    'You may not do sqs:GetQueueUrl: have the policy keyturn-main-operator of this Region attached to ' +
      'your role.\n',
  );
  assert.equal(
    box.aws.log.some((call) => call.operation === 'GetSecretValue'),
    false,
  );
});

test('an operator asks, and the message is in the queue', async () => {
  const { self, box } = await deployed(role('operator', VIEW, ASK));
  const { exit, err } = await self.keyturn('rotate', 'prod/x');
  assert.equal(exit, 0, err);
  assert.ok(
    box.aws.log.some((call) => call.operation === 'SendMessageBatch' && call.errorCode === undefined),
  );
});

test('somebody without any permission is told what is missing', async () => {
  const { self } = await deployed(role('nobody', { Effect: 'Deny', Action: '*', Resource: '*' }));
  const { exit, err } = await self.keyturn('status');
  assert.equal(exit, 4);
  assert.equal(
    err,
    'You may not do dynamodb:Query: have the policy keyturn-main-viewer (or -operator) of this Region ' +
      'attached to your role.\n',
  );
});

test('an installation that is not there, and one without the queue for what people ask', async () => {
  const { self } = await deployed(ROOT, 'other');
  assert.match(
    (await self.keyturn('status', '--installation', 'other')).err,
    /^There is no installation "other" in this account and Region: correct/,
  );
  const here = await deployed(ROOT);
  here.box.aws.sqs.queue('keyturn-main-requests').messages.length = 0;
  assert.equal((await here.self.keyturn('rotate', 'prod/x')).exit, 0);
  assert.deepEqual(
    here.box.aws.sqs.queue('keyturn-main-requests').messages.map(({ body }) => JSON.parse(body).kind),
    ['rotate'],
    'whoever the issuer is, people ask by one queue',
  );
  const bare = await deployed(ROOT, 'main', []);
  const { exit, err } = await bare.self.keyturn('rotate', 'prod/x');
  assert.equal(exit, 1);
  assert.match(err, /^There is no queue keyturn-main-requests: deploy the installation, or correct/);
});

test('no command shows a value, whatever holds one', async () => {
  const { self, box } = await deployed(ROOT);
  await box.secrets.send(
    new CreateSecretCommand({
      Name: 'prod/x',
      SecretString: CANARY,
      ClientRequestToken: requestToken('first'),
    }),
  );
  self.files.set(
    't.yaml',
    'version: 1\ntokens:\n  - secret: prod/x\n    issuer: gitlab\n    owner: o\n    rotation: keep\n',
  );
  const lines = [
    ['status'],
    ['status', '--json'],
    ['show', 'prod/x'],
    ['show', 'prod/x', '--json'],
    ['history', 'prod/x'],
    ['rotate', 'prod/x'],
    ['revoke', 'prod/x', '--yes'],
    ['validate', 't.yaml'],
    ['plan', 't.yaml', '--format', 'sarif'],
    ['apply', 't.yaml', '--yes'],
    ['apply', 't.yaml', '--json'],
  ];
  for (const line of lines) {
    const { out, err } = await self.keyturn(...line);
    assert.doesNotMatch(out + err, /CANARY/, line.join(' '));
  }
  assert.equal(
    box.aws.log.some((call) => call.operation === 'GetSecretValue' || call.operation === 'PutSecretValue'),
    false,
  );
});

test('the text of an error that is not ours is never shown', async () => {
  const self = bench();
  self.broken = new Error(`token=${CANARY}`);
  const { exit, out, err } = await self.keyturn('status', '--debug');
  assert.equal(exit, 1);
  assert.doesNotMatch(out + err, /CANARY/);
  assert.match(err, /^This command failed unexpectedly \(Error\)/);
  assert.match(err, /^ +at /m, '--debug shows where');
});

const named = (name: string, message = CANARY): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

/** Those about the caller's credentials have an exit code of their own. */
const SENTENCES: readonly [operation: string, code: string, sentence: RegExp, exit?: number][] = [
  [
    'dynamodb:Query',
    'AccessDeniedException',
    /^You may not do dynamodb:Query: have the policy keyturn-main-viewer/,
    EXIT.denied,
  ],
  [
    'sqs:SendMessageBatch',
    'AccessDenied',
    /^You may not do sqs:SendMessage: have the policy keyturn-main-operator/,
    EXIT.denied,
  ],
  [
    'secretsmanager:DescribeSecret',
    'AccessDeniedException',
    /^You may not do secretsmanager:DescribeSecret: have the policy keyturn-main-viewer \(or -operator, or -registrar\)/,
    EXIT.denied,
  ],
  [
    'secretsmanager:DeleteSecret',
    'AccessDeniedException',
    /^You may not do secretsmanager:DeleteSecret: no policy of keyturn-main allows it/,
    EXIT.denied,
  ],
  [
    'secretsmanager:CreateSecret',
    'AccessDeniedException',
    /^You may not do secretsmanager:CreateSecret: have the policy keyturn-main-registrar of this Region attached/,
    EXIT.denied,
  ],
  [
    'sts:GetCallerIdentity',
    'CredentialsProviderError',
    /^There are no AWS credentials: sign in/,
    EXIT.denied,
  ],
  [
    'sts:GetCallerIdentity',
    'ExpiredTokenException',
    /^The AWS credentials have expired: sign in again\.$/,
    EXIT.denied,
  ],
  ['sts:GetCallerIdentity', 'InvalidClientTokenId', /^AWS does not know these credentials/, EXIT.denied],
  ['dynamodb:Query', 'ECONNREFUSED', /^AWS does not answer: check the network/],
  ['dynamodb:Query', 'ResourceNotFoundException', /^There is no installation "main"/],
  ['dynamodb:Query', 'ThrottlingException', /^AWS did not do dynamodb:Query: ThrottlingException\.$/],
];

for (const [operation, code, sentence, expected = EXIT.failed] of SENTENCES)
  test(`${code} of ${operation} becomes a sentence`, () => {
    const { exit, text } = failureOf(awsFailure(operation, named(code)), WHERE);
    assert.equal(exit, expected);
    assert.match(text, sentence);
    assert.doesNotMatch(text, /CANARY/);
  });

test('a sandbox that does not answer is said to be one', () => {
  const { text } = failureOf(awsFailure('dynamodb:Query', named('ECONNREFUSED')), {
    installation: 'main',
    sandbox: '.keyturn/sandbox',
  });
  assert.equal(text, 'The sandbox of .keyturn/sandbox does not answer: start it with `keyturn sandbox`.');
});

test('errors of ours keep their sentence, and say what to do', () => {
  assert.deepEqual(failureOf(new CliError(EXIT.refused, 'No.'), WHERE), { exit: 3, text: 'No.' });
  assert.equal(
    failureOf(new KeyturnError('conflict', 'It changed.'), WHERE).text,
    'It changed. Nothing: another run changed the same record; this one is repeated.',
  );
});
