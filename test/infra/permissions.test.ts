import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Permissions, permissionsIn, permissionsOf, permissionsOfRole } from './permissions.ts';
import { ALL_SETTINGS, synthesised } from './synth.ts';

const PLAIN = synthesised();
const FULL = synthesised(ALL_SETTINGS);
const PROVIDERS = ['gitlab', 'npm-registry', 'okta'];

const TABLE_KEY: Permissions = { 'data-key if kms:ViaService=dynamodb': 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo' };
const QUEUE_KEY: Permissions = { 'data-key if kms:ViaService=sqs': 'kms:Decrypt kms:GenerateDataKey' };
const PUBLISH: Permissions = { 'events:keyturn-main': 'events:PutEvents' };

function log(name: string): Permissions {
  return { [`logs:/aws/lambda/${name}`]: 'logs:CreateLogStream logs:PutLogEvents' };
}

function receive(queue: string): Permissions {
  return { [`sqs:${queue}`]: 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage', 'data-key if kms:ViaService=sqs': 'kms:Decrypt' };
}

function seeSubscriptions(topic: string): Permissions {
  return { [`sns:${topic}`]: 'sns:GetSubscriptionAttributes sns:ListSubscriptionsByTopic', [`sns:${topic}:*`]: 'sns:GetSubscriptionAttributes' };
}

function send(actions = 'sqs:SendMessage'): Permissions {
  return { ...Object.fromEntries(PROVIDERS.map((id) => [`sqs:keyturn-main-act-${id}`, actions])), ...QUEUE_KEY };
}

function provider(id: string): Permissions {
  return {
    '*': 'secretsmanager:DescribeSecret',
    [`secret:keyturn/admin/${id}-??????`]: 'secretsmanager:GetSecretValue',
    [`secret:keyturn/admin/${id}/*`]: 'secretsmanager:GetSecretValue',
    'seal-key if kms:MacAlgorithm=HMAC_SHA_256': 'kms:GenerateMac',
    ...TABLE_KEY,
    ...PUBLISH,
  };
}

for (const id of PROVIDERS) {
  const own = `secret:* if tag installation=main and tag provider=${id}`;

  test(`rotate-${id} may rotate its own tokens and nothing else`, () => {
    assert.deepEqual(permissionsOf(PLAIN, `keyturn-main-rotate-${id}`), {
      ...log(`keyturn-main-rotate-${id}`),
      ...provider(id),
      // It asks for the end of what a new admin credential made on trial.
      [`sqs:keyturn-main-act-${id}`]: 'sqs:SendMessage',
      ...QUEUE_KEY,
      'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem',
      [own]: 'secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage',
    });
  });

  test(`act-${id} may also start and stop rotations of its own tokens`, () => {
    assert.deepEqual(permissionsOf(PLAIN, `keyturn-main-act-${id}`), {
      ...log(`keyturn-main-act-${id}`),
      ...provider(id),
      ...receive(`keyturn-main-act-${id}`),
      'dynamodb:keyturn-main': 'dynamodb:DeleteItem dynamodb:DescribeTable dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
      [own]: 'secretsmanager:CancelRotateSecret secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:RotateSecret secretsmanager:UpdateSecretVersionStage',
      [`lambda:keyturn-main-rotate-${id}`]: 'lambda:InvokeFunction',
    });
  });
}

test('sweep may start rotations and give commands, but sees no secret', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-sweep'), {
    ...log('keyturn-main-sweep'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem',
    'dynamodb:keyturn-main/index/due': 'dynamodb:Query',
    'dynamodb:keyturn-main/index/rotations': 'dynamodb:Query',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret',
    'secret:* if tag installation=main': 'secretsmanager:RotateSecret',
    ...Object.fromEntries(PROVIDERS.map((id) => [`lambda:keyturn-main-rotate-${id}`, 'lambda:InvokeFunction'])),
    ...send(),
    ...PUBLISH,
  });
});

test('reconcile may list and describe secrets and give commands, but read no value', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-reconcile'), {
    ...log('keyturn-main-reconcile'),
    'dynamodb:keyturn-main': 'dynamodb:DescribeTable dynamodb:GetItem dynamodb:PutItem',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret secretsmanager:ListSecrets',
    ...receive('keyturn-main-changes'),
    ...send(),
    ...PUBLISH,
    ...seeSubscriptions('keyturn-main-alerts'),
  });
});

test('health may find who watches a signal, read the state of alarms and give commands; it sees no secret and writes nothing', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-health'), {
    ...log('keyturn-main-health'),
    'dynamodb:keyturn-main': 'dynamodb:Query',
    ...TABLE_KEY,
    '*': 'cloudwatch:DescribeAlarms',
    ...receive('keyturn-main-health'),
    ...send(),
  });
});

test('discover may list secrets and go through the inventory, but read no value and give no command', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-discover'), {
    ...log('keyturn-main-discover'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem dynamodb:Scan',
    ...TABLE_KEY,
    '*': 'secretsmanager:ListSecrets',
    ...PUBLISH,
  });
});

test('leaks may make fingerprints, look them up and give commands; it sees no secret', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-leaks'), {
    ...log('keyturn-main-leaks'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    ...TABLE_KEY,
    'seal-key if kms:MacAlgorithm=HMAC_SHA_256': 'kms:GenerateMac',
    ...receive('keyturn-main-leaks'),
    ...send(),
    ...PUBLISH,
  });
});

test('with GitHub, leaks may read the token for it; intake, which anybody may call, may check a signature and pass on which alert came', () => {
  const ownKey = (name: string): Permissions => Object.fromEntries(Object.entries(permissionsOf(FULL, name)).filter(([resource]) => resource.startsWith('secret:')));
  assert.deepEqual(ownKey('keyturn-main-leaks'), { 'secret:ops/github-token-??????': 'secretsmanager:GetSecretValue' });
  const { [Object.keys(permissionsOf(FULL, 'keyturn-main-intake')).find((key) => key.includes('1234abcd')) ?? '']: _customers, ...intake } = permissionsOf(FULL, 'keyturn-main-intake');
  assert.deepEqual(intake, {
    ...log('keyturn-main-intake'),
    'secret:ops/github-webhook-??????': 'secretsmanager:GetSecretValue',
    'sqs:keyturn-main-leaks': 'sqs:SendMessage',
    ...QUEUE_KEY,
  });
});

test('measure may read the inventory', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-measure'), { ...log('keyturn-main-measure'), 'dynamodb:keyturn-main': 'dynamodb:Scan', ...TABLE_KEY });
});

test('alert may remember what it told and what waits, and publish', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-alert'), {
    ...log('keyturn-main-alert'),
    'dynamodb:keyturn-main': 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    ...TABLE_KEY,
    'sns:keyturn-main-alerts': 'sns:Publish',
    'data-key if kms:ViaService=sns': 'kms:Decrypt kms:GenerateDataKey',
    ...receive('keyturn-main-alert'),
  });
});

test('detect may look names up and write habits and findings; it reads no value and gives no command', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-detect'), {
    ...log('keyturn-main-detect'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret',
    ...receive('keyturn-main-trail'),
    ...PUBLISH,
  });
});

const SECRET_KEY = `${ALL_SETTINGS.secretKmsKeyArns[0]} if kms:EncryptionContext:SecretARN=secret:* and kms:ViaService=secretsmanager`;

test('pager may read its routing key, under the keys that the settings name, and remember what it sent', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-pager'), {
    ...log('keyturn-main-pager'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem',
    ...TABLE_KEY,
    'secret:ops/pager-??????': 'secretsmanager:GetSecretValue',
    [SECRET_KEY]: 'kms:Decrypt',
    ...receive('keyturn-main-pager'),
  });
});

test('chat may remember what it told, and tell its room', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-chat'), {
    ...log('keyturn-main-chat'),
    'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem',
    ...TABLE_KEY,
    'sns:keyturn-main-chat': 'sns:Publish',
    'data-key if kms:ViaService=sns': 'kms:Decrypt kms:GenerateDataKey',
    ...receive('keyturn-main-chat'),
  });
});

test("customers' keys and a network add exactly their statements, to functions that talk to issuers only", () => {
  const interfaces = ['AssignPrivateIpAddresses', 'CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'UnassignPrivateIpAddresses'].map((action) => `ec2:${action}`).join(' ');
  for (const name of ['keyturn-main-rotate-gitlab', 'keyturn-main-act-okta']) {
    const plain = permissionsOf(PLAIN, name);
    assert.deepEqual(permissionsOf(FULL, name), {
      ...plain,
      [SECRET_KEY]: 'kms:Decrypt kms:GenerateDataKey',
      '*': `${interfaces} ${plain['*']}`,
      [`DENY * if lambda:SourceFunctionArn=lambda:function:${name}`]: interfaces,
    });
  }
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-alert'), permissionsOf(PLAIN, 'keyturn-main-alert'));
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-reconcile'), { ...permissionsOf(PLAIN, 'keyturn-main-reconcile'), ...seeSubscriptions('keyturn-main-chat') });
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-sweep'), { ...permissionsOf(PLAIN, 'keyturn-main-sweep'), 'sqs:keyturn-main-deliver': 'sqs:SendMessage' });
});

test('deliver may do what the settings name, and what a kind needs is not there without it', () => {
  const name = 'keyturn-main-deliver';
  const common = { ...log(name), ...TABLE_KEY, ...PUBLISH, ...receive(name), 'dynamodb:keyturn-main': 'dynamodb:GetItem dynamodb:PutItem', '*': 'secretsmanager:DescribeSecret' };
  assert.deepEqual(permissionsOf(synthesised({ delivery: { kinds: ['event'] } }), name), common);
  const { '*': all, [`DENY * if lambda:SourceFunctionArn=lambda:function:${name}`]: denied, ...full } = permissionsOf(FULL, name);
  assert.equal(all, `${denied} secretsmanager:DescribeSecret`);
  const { '*': _, ...expected } = common;
  assert.deepEqual(full, {
    ...expected,
    'secret:* if tag installation=main': 'secretsmanager:GetSecretValue',
    ...Object.fromEntries(['github', 'gitlab-variable', 'kubernetes', 'webhook'].map((kind) => [`secret:keyturn/delivery/${kind}-??????`, 'secretsmanager:GetSecretValue'])),
    [SECRET_KEY]: 'kms:Decrypt',
    'ecs:service/prod/billing-*': 'ecs:DescribeServices ecs:UpdateService',
    'lambda:function:billing-api': 'lambda:InvokeFunction',
  });
  const words = permissionsOf(synthesised({ delivery: { kinds: ['webhook'] } }), name);
  assert.deepEqual(words, { ...common, 'secret:keyturn/delivery/webhook-??????': 'secretsmanager:GetSecretValue' }, 'who sends no value reads none');
  assert.throws(() => PLAIN.fn(name), /no|0 of/);
});

test('schedules may invoke their function, no version or alias of it, and use their dead-letter queue', () => {
  for (const name of ['sweep', 'reconcile', 'alert', 'measure']) {
    const [, schedule] = PLAIN.named('AWS::Scheduler::Schedule', 'Name', `keyturn-main-${name}`);
    assert.deepEqual(permissionsOfRole(PLAIN, schedule.Properties['Target'].RoleArn['Fn::GetAtt'][0]), {
      [`lambda:keyturn-main-${name}`]: 'lambda:InvokeFunction',
      [`sqs:keyturn-main-${name}-schedule-dead`]: 'sqs:SendMessage',
      ...QUEUE_KEY,
    });
  }
});

const VIEW: Permissions = {
  'dynamodb:keyturn-main': 'dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query dynamodb:Scan',
  'dynamodb:keyturn-main/index/due': 'dynamodb:Query',
  'data-key if kms:ViaService=dynamodb': 'kms:Decrypt kms:DescribeKey',
  '*': 'secretsmanager:DescribeSecret secretsmanager:ListSecrets',
  ...seeSubscriptions('keyturn-main-alerts'),
  ...seeSubscriptions('keyturn-main-chat'),
};

/** Work queues besides those for commands, without a pager. */
const OTHER_QUEUES = ['alert', 'changes', 'health', 'leaks'];

function permissionsOfPerson(name: string): Permissions {
  const [, policy] = PLAIN.named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', name);
  return permissionsIn(PLAIN, [policy.Properties['PolicyDocument']]);
}

test('a viewer sees, an operator also asks and moves back what queues gave up; neither reads a value or writes the inventory', () => {
  assert.deepEqual(permissionsOfPerson('keyturn-main-viewer-eu-central-1'), VIEW);
  assert.deepEqual(permissionsOfPerson('keyturn-main-operator-eu-central-1'), {
    ...VIEW,
    '*': `${VIEW['*']} sqs:ListQueues`,
    'lambda:keyturn-main-leaks': 'lambda:InvokeFunction',
    ...Object.fromEntries(['alerts', 'chat'].map((topic) => [`sns:keyturn-main-${topic}`, 'sns:ConfirmSubscription sns:GetSubscriptionAttributes sns:ListSubscriptionsByTopic'])),
    ...send('sqs:GetQueueUrl sqs:SendMessage'),
    ...Object.fromEntries(OTHER_QUEUES.map((name) => [`sqs:keyturn-main-${name}`, 'sqs:SendMessage'])),
    ...Object.fromEntries([...PROVIDERS.map((id) => `act-${id}`), ...OTHER_QUEUES].map((name) => [`sqs:keyturn-main-${name}-dead`, 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListMessageMoveTasks sqs:ReceiveMessage sqs:StartMessageMoveTask'])),
  });
});

test('a registrar makes, tags and attaches what belongs to this installation; it reads no value, and leaves what is others\' alone', () => {
  const ours = 'ForAllValues:StringLike aws:TagKeys=keyturn:*';
  const asked = 'aws:RequestTag/keyturn:installation=main';
  const rotate = PROVIDERS.map((id) => `lambda:keyturn-main-rotate-${id}`);
  assert.deepEqual(permissionsOfPerson('keyturn-main-registrar-eu-central-1'), {
    '*': VIEW['*'],
    ...Object.fromEntries(['admin', 'delivery'].map((kind) => [`DENY secret:keyturn/${kind}/*`, 'secretsmanager:RotateSecret secretsmanager:TagResource secretsmanager:UntagResource'])),
    [`secret:* if ${ours} and StringNotLike secretsmanager:Name=keyturn/admin/*|keyturn/delivery/* and ${asked}`]: 'secretsmanager:CreateSecret',
    [`secret:* if ${ours} and Null tag installation=true and ${asked}`]: 'secretsmanager:TagResource',
    [`secret:* if ${ours} and StringEqualsIfExists ${asked} and tag installation=main`]: 'secretsmanager:TagResource',
    [`secret:* if ${ours} and ForAllValues:StringNotEquals aws:TagKeys=keyturn:installation and tag installation=main`]: 'secretsmanager:UntagResource',
    [`secret:* if tag installation=main and secretsmanager:RotationLambdaARN=${rotate.join('|')}`]: 'secretsmanager:RotateSecret',
    ...Object.fromEntries(rotate.map((fn) => [fn, 'lambda:InvokeFunction'])),
  });
});

test('no policy of any kind is left out of this table, and none allows a wildcard action', () => {
  const roles = FULL.of('AWS::IAM::Role');
  const rooms = FULL.of('AWS::Chatbot::SlackChannelConfiguration').length;
  // One more for the rules that tell other installations: staging.test.ts.
  assert.equal(roles.length, FULL.of('AWS::Lambda::Function').length + FULL.of('AWS::Scheduler::Schedule').length + rooms + 1);
  for (const [id] of roles) for (const actions of Object.values(permissionsOfRole(FULL, id))) assert.doesNotMatch(actions, /\*/);
});

test('every function that may read the value of a token has its role under the path by which detection knows Keyturn itself', () => {
  const readers = FULL.of('AWS::IAM::Role').filter(([id]) => Object.entries(permissionsOfRole(FULL, id)).some(([resource, actions]) => resource.startsWith('secret:* if tag') && actions.includes('GetSecretValue')));
  assert.ok(readers.length >= 2 * PROVIDERS.length);
  for (const [id, role] of readers) assert.match(FULL.text(role.Properties['Path'] ?? ''), /^\/keyturn\/main\/eu-central-1\//, id);
  assert.equal(FULL.text(FULL.fn('keyturn-main-detect').Properties['Environment'].Variables.ROLE_PATH), '/keyturn/main/eu-central-1/');
});
