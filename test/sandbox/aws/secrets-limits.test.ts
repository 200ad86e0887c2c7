import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UpdateSecretCommand,
  type ListSecretsCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { accountKeyPolicy } from '../../../lib/sandbox/aws/kms.ts';
import { serveAws } from '../../../lib/sandbox/aws/http.ts';
import { ACCOUNT, REGION, ROOT, countingUuid, newSecret, sandbox, token, type Sandbox } from './world.ts';

const KEY = '11111111-2222-4333-8444-555555555555';

function raw(it: Sandbox, operation: string, input: unknown): Promise<unknown> {
  return it.aws.call({ service: 'secretsmanager', operation, input, principal: ROOT });
}

test('names that no secret can have are refused wherever a secret is named', async () => {
  const it = sandbox();
  for (const name of ['a b', ' a', 'a*', 'a?', 'a\\b', 'a:b', 'caf\u00e9', 'a\n']) {
    const refused = {
      name: 'ValidationException',
      message: /^Invalid name\. Must be a valid name containing alphanumeric characters/,
    };
    await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: name })), refused, name);
    await assert.rejects(it.secrets.send(new GetSecretValueCommand({ SecretId: name })), refused, name);
    await assert.rejects(it.secrets.send(new DescribeSecretCommand({ SecretId: name })), refused, name);
    await assert.rejects(
      it.secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'x' })),
      refused,
      name,
    );
  }
  await it.secrets.send(new CreateSecretCommand({ Name: 'Team_1/app+x=y.z@w-2' }));
  await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'x'.repeat(513) })), {
    name: 'ValidationException',
    message: /'name'.*less than or equal to 512/,
  });
});

test('an ARN finds the secret of its own account and Region, whole or without its last part', async () => {
  const it = sandbox();
  const { arn } = await newSecret(it);
  for (const other of [arn.replace(ACCOUNT, '999988887777'), arn.replace(REGION, 'us-east-1')]) {
    for (const SecretId of [other, other.slice(0, -7)])
      await assert.rejects(it.secrets.send(new GetSecretValueCommand({ SecretId })), {
        name: 'ResourceNotFoundException',
      });
  }
});

test('a member that is too long, too short, missing or of another type is refused by its name', async () => {
  const it = sandbox();
  await newSecret(it);
  const SecretId = 'app/token';
  await assert.rejects(it.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '' })), {
    name: 'ValidationException',
    message: /'secretString'.*length greater than or equal to 1/,
  });
  await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'b', SecretString: '' })), {
    name: 'ValidationException',
  });
  await assert.rejects(
    it.secrets.send(new CreateSecretCommand({ Name: 'b', Description: 'x'.repeat(2_049) })),
    { name: 'ValidationException', message: /'description'.*2048/ },
  );
  await assert.rejects(
    it.secrets.send(new UpdateSecretCommand({ SecretId, Description: 'x'.repeat(2_049) })),
    { name: 'ValidationException', message: /'description'.*2048/ },
  );
  await assert.rejects(
    it.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'x', ClientRequestToken: 'short' })),
    { name: 'ValidationException', message: /'clientRequestToken'.*32/ },
  );
  await assert.rejects(raw(it, 'GetSecretValue', {}), {
    code: 'ValidationException',
    message: /'secretId'.*must not be null/i,
  });
  await assert.rejects(raw(it, 'GetSecretValue', { SecretId: 5 }), { code: 'SerializationException' });
  await assert.rejects(raw(it, 'GetSecretValue', [SecretId]), { code: 'SerializationException' });
  await assert.rejects(raw(it, 'PutSecretValue', { SecretId, SecretString: { token: 'x' } }), {
    code: 'SerializationException',
    message: /secretString of PutSecretValue/,
  });
  await assert.rejects(raw(it, 'TagResource', { SecretId, Tags: [{ Key: 'a', Value: 1 }] }), {
    code: 'SerializationException',
    message: /tags\.1\.member\.value/,
  });
});

test('a member that the sandbox does not implement is named', async () => {
  const it = sandbox();
  await newSecret(it);
  const asked: readonly [string, Record<string, unknown>, RegExp][] = [
    [
      'CreateSecret',
      { Name: 'b', AddReplicaRegions: [{ Region: 'us-east-1' }] },
      /AddReplicaRegions of CreateSecret/,
    ],
    [
      'RotateSecret',
      { SecretId: 'app/token', ExternalSecretRotationRoleArn: 'arn:aws:iam::1:role/x' },
      /ExternalSecretRotationRoleArn of RotateSecret/,
    ],
    ['GetRandomPassword', { ExcludeNumbers: true }, /ExcludeNumbers of GetRandomPassword/],
    ['GetResourcePolicy', { SecretId: 'app/token', PolicyName: 'x' }, /PolicyName of GetResourcePolicy/],
  ];
  for (const [name, input, sentence] of asked)
    await assert.rejects(raw(it, name, input), { status: 501, message: sentence });
});

test('a secret has 50 tags at most, and none whose key belongs to AWS', async () => {
  const it = sandbox();
  const tags = (count: number): { Key: string; Value: string }[] =>
    Array.from({ length: count }, (_, index) => ({ Key: `t${index}`, Value: '' }));
  await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'many', Tags: tags(51) })), {
    name: 'InvalidParameterException',
    message: /50 tags/,
  });
  await it.secrets.send(new CreateSecretCommand({ Name: 'full', Tags: tags(50) }));
  await it.secrets.send(
    new TagResourceCommand({ SecretId: 'full', Tags: [{ Key: 't0', Value: 'changed' }] }),
  );
  await assert.rejects(
    it.secrets.send(new TagResourceCommand({ SecretId: 'full', Tags: [{ Key: 'one more', Value: '' }] })),
    { name: 'InvalidParameterException', message: /50 tags/ },
  );
  for (const Key of ['aws:created-by', 'AWS:x']) {
    await assert.rejects(
      it.secrets.send(new TagResourceCommand({ SecretId: 'full', Tags: [{ Key, Value: '' }] })),
      { name: 'InvalidParameterException', message: /reserved/ },
    );
    await assert.rejects(
      it.secrets.send(new CreateSecretCommand({ Name: 'own', Tags: [{ Key, Value: '' }] })),
      { name: 'InvalidParameterException', message: /reserved/ },
    );
  }
});

test('a key that is not there, or does not encrypt, is refused', async () => {
  const it = sandbox();
  await newSecret(it);
  const arn = it.aws.kms.add({
    id: KEY,
    alias: 'secrets',
    spec: 'SYMMETRIC_DEFAULT',
    policy: accountKeyPolicy(ACCOUNT),
  });
  it.aws.kms.add({
    id: KEY.replace('1', '2'),
    alias: 'mac',
    spec: 'HMAC_256',
    policy: accountKeyPolicy(ACCOUNT),
  });
  const update = (KmsKeyId: string): Promise<unknown> =>
    it.secrets.send(new UpdateSecretCommand({ SecretId: 'app/token', KmsKeyId }));
  for (const KmsKeyId of [
    'secrets',
    'alias/nobody',
    KEY.replace('1', '9'),
    'alias/mac',
    arn.replace(ACCOUNT, '999988887777'),
  ]) {
    await assert.rejects(
      update(KmsKeyId),
      { name: 'InvalidParameterException', message: /invalid KMS key/ },
      KmsKeyId,
    );
    await assert.rejects(it.secrets.send(new CreateSecretCommand({ Name: 'b', KmsKeyId })), {
      name: 'InvalidParameterException',
      message: /invalid KMS key/,
    });
  }
  for (const KmsKeyId of [KEY, arn, 'alias/secrets', 'alias/aws/secretsmanager', '']) await update(KmsKeyId);
  assert.equal(
    (await it.secrets.send(new DescribeSecretCommand({ SecretId: 'app/token' }))).KmsKeyId,
    undefined,
    'an empty text is the AWS managed key',
  );
});

test('BlockPublicPolicy refuses a policy that lets in anybody; without it the policy is taken', async () => {
  const it = sandbox();
  await newSecret(it);
  const put = (statement: Record<string, unknown>, BlockPublicPolicy?: boolean): Promise<unknown> => {
    const Statement = [
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...statement },
    ];
    return it.secrets.send(
      new PutResourcePolicyCommand({
        SecretId: 'app/token',
        ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement }),
        BlockPublicPolicy,
      }),
    );
  };
  const anybody = { Principal: { AWS: '*' } };
  const open = [
    anybody,
    { Principal: '*' },
    { Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, '*'] } },
    { ...anybody, Condition: { StringLike: { 'aws:PrincipalArn': '*' } } },
    { ...anybody, Condition: { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } } },
  ];
  for (const one of open)
    await assert.rejects(put(one, true), { name: 'PublicPolicyException' }, JSON.stringify(one));
  await put(anybody);
  await put({ ...anybody, Effect: 'Deny' }, true);
  await put({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, true);
  await put({ ...anybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, true);
  await assert.rejects(
    it.secrets.send(new PutResourcePolicyCommand({ SecretId: 'app/token', ResourcePolicy: '{"Version":' })),
    { name: 'MalformedPolicyDocumentException' },
  );
});

test('ListSecrets sorts by what is asked, and refuses what it cannot sort by or go on from', async () => {
  const it = sandbox();
  for (const Name of ['b', 'c', 'a']) {
    await it.secrets.send(
      new CreateSecretCommand({ Name, SecretString: 'x', ClientRequestToken: token(Name) }),
    );
    await it.clock.advanceBy(MINUTE);
  }
  await it.secrets.send(new UpdateSecretCommand({ SecretId: 'b', Description: 'changed' }));
  const list = async (input: ListSecretsCommandInput): Promise<string> =>
    ((await it.secrets.send(new ListSecretsCommand(input))).SecretList ?? []).map((one) => one.Name).join('');
  assert.equal(await list({}), 'acb');
  assert.equal(await list({ SortOrder: 'asc' }), 'bca');
  assert.equal(await list({ SortBy: 'name', SortOrder: 'asc' }), 'abc');
  assert.equal(await list({ SortBy: 'name' }), 'cba');
  assert.equal(await list({ SortBy: 'last-changed-date', SortOrder: 'asc' }), 'cab');
  await assert.rejects(raw(it, 'ListSecrets', { SortBy: 'size' }), {
    code: 'ValidationException',
    message: /'sortBy'.*created-date/,
  });
  await assert.rejects(list({ NextToken: 'nowhere' }), { name: 'InvalidNextTokenException' });
  await assert.rejects(it.secrets.send(new ListSecretVersionIdsCommand({ SecretId: 'a', NextToken: '-1' })), {
    name: 'InvalidNextTokenException',
  });
  await assert.rejects(list({ MaxResults: 101 }), { name: 'ValidationException', message: /'maxResults'/ });
});

test('a password of which no character is left is refused', async () => {
  const it = sandbox();
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  await assert.rejects(
    it.secrets.send(
      new GetRandomPasswordCommand({
        ExcludePunctuation: true,
        ExcludeCharacters: `${letters}${letters.toUpperCase()}0123456789`,
      }),
    ),
    { name: 'InvalidParameterException' },
  );
});

test('a body that is no JSON is no request, and no fault of the service', async (t) => {
  const it = sandbox();
  const server = await serveAws({ aws: it.aws, clock: it.clock, uuid: countingUuid(), port: 0 });
  t.after(() => server.close());
  server.register('AKIAROOT', ROOT);
  const headers = (service: string, target: string): Record<string, string> => ({
    authorization:
      `AWS4-HMAC-SHA256 Credential=AKIAROOT/20261120/${REGION}/${service}/aws4_request, ` +
      'SignedHeaders=host, Signature=x',
    'x-amz-target': target,
  });
  for (const [service, target] of [
    ['secretsmanager', 'secretsmanager.GetSecretValue'],
    ['kms', 'TrentService.DescribeKey'],
    ['sqs', 'AmazonSQS.SendMessage'],
  ] as const) {
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: headers(service, target),
      body: '{"SecretId":',
    });
    assert.deepEqual(
      [answer.status, answer.headers.get('x-amzn-errortype')],
      [400, 'SerializationException'],
      service,
    );
  }
});
