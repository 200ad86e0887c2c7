import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { DescribeKeyCommand, GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accountKeyPolicy } from '../../../lib/sandbox/aws/kms.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import { ACCOUNT, REGION, ROOT, newSecret, role, sandbox, type Sandbox } from './world.ts';

const allow = (Action: string | string[], Resource = '*', Condition?: unknown): Record<string, unknown> => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition !== undefined && { Condition }),
});
const KEY = '11111111-2222-4333-8444-555555555555';

function as({ aws }: Sandbox, principal: Principal): SecretsManagerClient {
  return new SecretsManagerClient({ ...aws.clientConfig(principal), maxAttempts: 1 });
}

function read(it: Sandbox, principal: Principal): Promise<unknown> {
  return as(it, principal).send(new GetSecretValueCommand({ SecretId: 'app/token' }));
}

test('what no policy allows is denied, in words that name caller, action and resource', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  await assert.rejects(read(it, role('reader')), {
    name: 'AccessDeniedException',
    message:
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/session is not authorized to perform: ` +
      `secretsmanager:GetSecretValue on resource: ${arn} because no identity-based policy allows the ` +
      'secretsmanager:GetSecretValue action',
  });
  assert.deepEqual(it.aws.log.at(-1)?.errorCode, 'AccessDeniedException');
  await read(it, role('reader', allow('secretsmanager:Get*', arn)));
});

test('a missing secret is denied before it is not found', async () => {
  const it = sandbox();
  const narrow = as(
    it,
    role(
      'reader',
      allow('secretsmanager:GetSecretValue', '*', { StringEquals: { 'secretsmanager:ResourceTag/a': 'b' } }),
    ),
  );
  await assert.rejects(narrow.send(new GetSecretValueCommand({ SecretId: 'nope' })), {
    name: 'AccessDeniedException',
  });
  const wide = as(it, role('reader', allow('secretsmanager:*')));
  await assert.rejects(wide.send(new GetSecretValueCommand({ SecretId: 'nope' })), {
    name: 'ResourceNotFoundException',
  });
});

test('tags of the secret decide, under both of their names', async () => {
  for (const key of [
    'secretsmanager:ResourceTag/keyturn:installation',
    'aws:ResourceTag/keyturn:installation',
  ]) {
    const it = sandbox();
    const { arn } = await newSecret(it);
    const reader = role(
      'reader',
      allow('secretsmanager:GetSecretValue', '*', { StringEquals: { [key]: 'main' } }),
    );
    await assert.rejects(read(it, reader), { name: 'AccessDeniedException' });
    await it.secrets.send(
      new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'keyturn:installation', Value: 'main' }] }),
    );
    await read(it, reader);
  }
});

test('tags of the request decide who may create', async () => {
  const it = sandbox();
  const maker = as(
    it,
    role(
      'maker',
      allow(['secretsmanager:CreateSecret', 'secretsmanager:TagResource'], '*', {
        StringEquals: { 'aws:RequestTag/team': 'red' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      }),
    ),
  );
  await assert.rejects(
    maker.send(new CreateSecretCommand({ Name: 'x', Tags: [{ Key: 'team', Value: 'blue' }] })),
    { name: 'AccessDeniedException' },
  );
  await maker.send(new CreateSecretCommand({ Name: 'x', Tags: [{ Key: 'team', Value: 'red' }] }));
});

test("a resource policy lets in, and its deny wins over the caller's own policies", async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  const policy = (Effect: string, Principal: unknown): Promise<unknown> =>
    it.secrets.send(
      new PutResourcePolicyCommand({
        SecretId: arn,
        ResourcePolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect, Principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
        }),
      }),
    );
  await policy('Allow', { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` });
  await read(it, role('reader'));
  await assert.rejects(read(it, role('other')), { name: 'AccessDeniedException' });
  await policy('Deny', '*');
  await assert.rejects(read(it, role('reader', allow('*'))), {
    name: 'AccessDeniedException',
    message: /with an explicit deny$/,
  });
});

test('the label asked for decides', async () => {
  const it = sandbox();
  await newSecret(it);
  const reader = as(
    it,
    role(
      'reader',
      allow('secretsmanager:GetSecretValue', '*', {
        StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
      }),
    ),
  );
  await reader.send(new GetSecretValueCommand({ SecretId: 'app/token' }));
  await assert.rejects(
    reader.send(new GetSecretValueCommand({ SecretId: 'app/token', VersionStage: 'AWSPENDING' })),
    { name: 'AccessDeniedException' },
  );
});

test('whoever calls RotateSecret must be allowed to invoke the function', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  const rotate = new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: it.aws.lambda.arnOf('rotate') });
  await assert.rejects(as(it, role('sweep', allow('secretsmanager:RotateSecret'))).send(rotate), {
    name: 'AccessDeniedException',
    message: /lambda:InvokeFunction/,
  });
  await as(
    it,
    role(
      'sweep',
      allow('secretsmanager:RotateSecret'),
      allow('lambda:InvokeFunction', it.aws.lambda.arnOf('rotate')),
    ),
  ).send(rotate);
});

test("a customer's own key must be usable by whoever reads and writes the secret", async () => {
  const it = sandbox();
  const KmsKeyId = it.aws.kms.add({ id: KEY, spec: 'SYMMETRIC_DEFAULT', policy: accountKeyPolicy(ACCOUNT) });
  const { ARN } = await it.secrets.send(
    new CreateSecretCommand({ Name: 'app/token', SecretString: 'one', KmsKeyId }),
  );
  await assert.rejects(read(it, role('reader', allow('secretsmanager:GetSecretValue'))), {
    message: /kms:Decrypt/,
  });
  const bound = { StringEquals: { 'kms:EncryptionContext:SecretARN': ARN } };
  await read(
    it,
    role('reader', allow('secretsmanager:GetSecretValue'), allow('kms:Decrypt', KmsKeyId, bound)),
  );
  const writer = as(
    it,
    role('writer', allow('secretsmanager:PutSecretValue'), allow('kms:Decrypt', KmsKeyId)),
  );
  await assert.rejects(
    writer.send(new PutSecretValueCommand({ SecretId: 'app/token', SecretString: 'two' })),
    { message: /kms:GenerateDataKey/ },
  );
});

test('an encrypted queue takes messages of a service only when its key lets the service in', async () => {
  const publish = async (keyPolicy: Record<string, unknown>[]): Promise<number> => {
    const it = sandbox();
    const kmsKeyId = it.aws.kms.add({
      id: KEY,
      spec: 'SYMMETRIC_DEFAULT',
      policy: { Version: '2012-10-17', Statement: keyPolicy },
    });
    const topic = it.aws.sns.add({ name: 'alerts' });
    it.aws.sqs.add({
      name: 'inbox',
      kmsKeyId,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: '*',
          },
        ],
      },
    });
    it.aws.sns.subscribe(topic, { protocol: 'sqs', endpoint: it.aws.sqs.arnOf('inbox') });
    await new SNSClient(it.aws.clientConfig(ROOT)).send(
      new PublishCommand({ TopicArn: topic, Message: 'x' }),
    );
    await it.clock.advanceBy(0);
    return it.aws.sqs.queue('inbox').messages.length;
  };
  assert.equal(await publish([]), 0);
  assert.equal(
    await publish([
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
      },
    ]),
    1,
  );
});

test('EventBridge does not tell KMS its source: a condition on it refuses EventBridge, not SNS', async () => {
  const arriving = async (service: 'events' | 'sns'): Promise<number> => {
    const it = sandbox();
    const Condition = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
    const kmsKeyId = it.aws.kms.add({
      id: KEY,
      spec: 'SYMMETRIC_DEFAULT',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: `${service}.amazonaws.com` },
            Action: 'kms:*',
            Resource: '*',
            Condition,
          },
        ],
      },
    });
    it.aws.sqs.add({
      name: 'inbox',
      kmsKeyId,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: `${service}.amazonaws.com` },
            Action: 'sqs:SendMessage',
            Resource: '*',
            Condition,
          },
        ],
      },
    });
    const topic = it.aws.sns.add({ name: 'alerts' });
    if (service === 'sns')
      it.aws.sns.subscribe(topic, { protocol: 'sqs', endpoint: it.aws.sqs.arnOf('inbox') });
    it.aws.eventBridge.addRule({
      name: 'all',
      pattern: { source: ['x'] },
      targets: [{ id: 'inbox', arn: it.aws.sqs.arnOf('inbox') }],
    });
    if (service === 'sns')
      await new SNSClient(it.aws.clientConfig(ROOT)).send(
        new PublishCommand({ TopicArn: topic, Message: 'x' }),
      );
    else it.aws.eventBridge.emit({ source: 'x', detailType: 'y', detail: {}, resources: [] });
    await it.clock.advanceBy(0);
    return it.aws.sqs.queue('inbox').messages.length;
  };
  assert.deepEqual([await arriving('events'), await arriving('sns')], [0, 1]);
});

test('the function that rotates a secret decides; a secret without a function fits nothing', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  const by = (name: string): Principal =>
    role(
      'rotate',
      allow('secretsmanager:GetSecretValue', '*', {
        ArnEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': it.aws.lambda.arnOf(name) },
      }),
    );
  await assert.rejects(read(it, by('rotate')), { name: 'AccessDeniedException' });
  await it.secrets.send(
    new RotateSecretCommand({
      SecretId: arn,
      RotationLambdaARN: it.aws.lambda.arnOf('rotate'),
      RotateImmediately: false,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  await read(it, by('rotate'));
  await assert.rejects(read(it, by('another')), { name: 'AccessDeniedException' });
});

test('MACs are made and verified under a key, of 4,096 bytes at most', async () => {
  const it = sandbox();
  const arn = it.aws.kms.add({ id: KEY, alias: 'seal', spec: 'HMAC_256', policy: accountKeyPolicy(ACCOUNT) });
  const sealer = new KMSClient({
    ...it.aws.clientConfig(role('sealer', allow(['kms:GenerateMac', 'kms:VerifyMac'], arn))),
    maxAttempts: 1,
  });
  const MacAlgorithm = 'HMAC_SHA_256';
  const Message = Buffer.from('hello');
  const { Mac } = await sealer.send(new GenerateMacCommand({ KeyId: arn, MacAlgorithm, Message }));
  assert.equal(
    (await sealer.send(new VerifyMacCommand({ KeyId: KEY, MacAlgorithm, Message, Mac }))).MacValid,
    true,
  );
  assert.equal(
    (await sealer.send(new VerifyMacCommand({ KeyId: 'alias/seal', MacAlgorithm, Message, Mac }))).MacValid,
    true,
  );
  await assert.rejects(
    sealer.send(new VerifyMacCommand({ KeyId: KEY, MacAlgorithm, Message: Buffer.from('other'), Mac })),
    { name: 'KMSInvalidMacException' },
  );
  await assert.rejects(
    sealer.send(new GenerateMacCommand({ KeyId: arn, MacAlgorithm, Message: Buffer.alloc(4097) })),
    { name: 'ValidationException' },
  );
  await assert.rejects(sealer.send(new DescribeKeyCommand({ KeyId: arn })), {
    name: 'AccessDeniedException',
  });
  await assert.rejects(
    new KMSClient(it.aws.clientConfig(ROOT)).send(new DescribeKeyCommand({ KeyId: 'alias/none' })),
    { name: 'NotFoundException' },
  );
});

test('topics and queues deny too', async () => {
  const it = sandbox();
  const topic = it.aws.sns.add({ name: 'alerts' });
  const url = it.aws.sqs.add({ name: 'jobs' });
  const nobody = it.aws.clientConfig(role('nobody'));
  await assert.rejects(new SNSClient(nobody).send(new PublishCommand({ TopicArn: topic, Message: 'x' })), {
    name: 'AuthorizationErrorException',
  });
  await assert.rejects(
    new SQSClient(nobody).send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' })),
    { name: 'AccessDeniedException' },
  );
});

test('everybody may ask who they are', async () => {
  const it = sandbox();
  const who = await new STSClient({ ...it.aws.clientConfig(role('nobody')), region: REGION }).send(
    new GetCallerIdentityCommand({}),
  );
  assert.equal(who.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/session`);
  assert.equal(who.Account, ACCOUNT);
});

test('a decision made once costs a look-up', async () => {
  const it = sandbox();
  await newSecret(it);
  const principal = role('reader', allow('secretsmanager:GetSecretValue'));
  const call = (): Promise<unknown> =>
    it.aws.call({
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      input: { SecretId: 'app/token' },
      principal,
    });
  await call();
  const start = performance.now();
  for (let count = 0; count < 1000; count++) await call();
  assert.ok(performance.now() - start < 1000);
});

test('a hook can fail a call before it runs, and hide that it ran', async () => {
  let phase = 'before';
  const it = sandbox({
    onCall: (call) => {
      if (call.operation === 'PutSecretValue' && call.phase === phase) throw new Error('lost');
    },
  });
  await newSecret(it);
  const put = (): Promise<unknown> =>
    it.aws.call({
      service: 'secretsmanager',
      operation: 'PutSecretValue',
      input: { SecretId: 'app/token', SecretString: phase },
      principal: ROOT,
    });
  const current = async (): Promise<string | undefined> =>
    (await it.secrets.send(new GetSecretValueCommand({ SecretId: 'app/token' }))).SecretString;
  await assert.rejects(put());
  assert.equal(await current(), 'one');
  phase = 'after';
  await assert.rejects(put());
  assert.equal(await current(), 'after');
});
