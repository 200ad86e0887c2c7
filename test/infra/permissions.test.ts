import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_USERS, WRITERS, prefixesOf } from '../../functions/core/inventory/partitions.ts';
import { type Permissions, permissionsIn, permissionsOf, permissionsOfRole } from './permissions.ts';
import { ALL_SETTINGS, synthesised } from './synth.ts';

const PLAIN = synthesised();
const FULL = synthesised(ALL_SETTINGS);
const PROVIDERS = ['gitlab', 'npm-registry', 'okta'];

const TABLE_KEY: Permissions = {
  'data-key if kms:ViaService=dynamodb':
    'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo',
};
const READ_TABLE_KEY: Permissions = { 'data-key if kms:ViaService=dynamodb': 'kms:Decrypt kms:DescribeKey' };
const QUEUE_KEY: Permissions = { 'data-key if kms:ViaService=sqs': 'kms:Decrypt kms:GenerateDataKey' };
const PUBLISH: Permissions = { 'events:keyturn-main': 'events:PutEvents' };

function log(name: string): Permissions {
  const group = name.replace(/-(rotate|worker)-/, '-issuer-');
  return { [`logs:/aws/lambda/${group}`]: 'logs:CreateLogStream logs:PutLogEvents' };
}

function receive(queue: string): Permissions {
  return {
    [`sqs:${queue}`]: 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
    'data-key if kms:ViaService=sqs': 'kms:Decrypt',
  };
}

function seeSubscriptions(topic: string): Permissions {
  return {
    [`sns:${topic}`]: 'sns:GetSubscriptionAttributes sns:ListSubscriptionsByTopic',
    [`sns:${topic}:*`]: 'sns:GetSubscriptionAttributes',
  };
}

/** Items of the table whose partition keys begin so. */
function items(...prefixes: readonly string[]): string {
  return `dynamodb:keyturn-main if ForAllValues:StringLike dynamodb:LeadingKeys=${prefixes
    .map((prefix) => `${prefix}*`)
    .sort()
    .join('|')} and Null dynamodb:LeadingKeys=false`;
}

const TABLE = 'dynamodb:keyturn-main';

/** To the worker queues of all issuers, by the rule of their names: rule-names.test.ts has what that fits. */
function send(): Permissions {
  return {
    'sqs:keyturn-main-worker-*': 'sqs:SendMessage',
    'DENY sqs:keyturn-main-worker-*-dlq': 'sqs:SendMessage',
    ...QUEUE_KEY,
  };
}

function provider(id: string): Permissions {
  return {
    [`secret:keyturn/admin/${id}-??????`]: 'secretsmanager:GetSecretValue',
    [`secret:keyturn/admin/${id}/*`]: 'secretsmanager:GetSecretValue',
    'seal-key if kms:MacAlgorithm=HMAC_SHA_256': 'kms:GenerateMac',
    ...TABLE_KEY,
    ...PUBLISH,
  };
}

for (const id of PROVIDERS) {
  const own = `secret:* if tag installation=main and tag issuer=${id}`;
  const rotated = `secretsmanager:resource/AllowRotationLambdaArn=lambda:keyturn-main-rotate-${id}`;

  test(`rotate-${id} may rotate tokens that it rotates itself, and say nothing of what may end`, () => {
    assert.deepEqual(permissionsOf(PLAIN, `keyturn-main-rotate-${id}`), {
      ...log(`keyturn-main-rotate-${id}`),
      ...provider(id),
      // It asks for the end of what a new admin credential made on trial.
      [`sqs:keyturn-main-worker-${id}`]: 'sqs:SendMessage',
      ...QUEUE_KEY,
      [TABLE]: 'dynamodb:GetItem',
      [items('T#', 'H#', 'F#', 'C#', 'W#')]: 'dynamodb:PutItem',
      [`secret:* if ${rotated}`]: 'secretsmanager:DescribeSecret',
      [`${own} and ${rotated}`]:
        'secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage',
    });
  });

  test(
    `worker-${id} may start and stop rotations of its own tokens and say what may end, and writes no ` +
      'value',
    () => {
      assert.deepEqual(permissionsOf(PLAIN, `keyturn-main-worker-${id}`), {
        ...log(`keyturn-main-worker-${id}`),
        ...provider(id),
        ...receive(`keyturn-main-worker-${id}`),
        '*': 'secretsmanager:DescribeSecret',
        [TABLE]: 'dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query',
        [items('T#', 'H#', 'F#', 'C#', 'B#', 'E#', 'P#')]: 'dynamodb:PutItem',
        [items('C#')]: 'dynamodb:DeleteItem',
        [own]:
          'secretsmanager:CancelRotateSecret secretsmanager:GetSecretValue secretsmanager:RotateSecret ' +
          'secretsmanager:UpdateSecretVersionStage',
        [`lambda:keyturn-main-rotate-${id}`]: 'lambda:InvokeFunction',
      });
    },
  );
}

test('sweep may start rotations and give commands, but sees no secret', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-sweep'), {
    ...log('keyturn-main-sweep'),
    [TABLE]: 'dynamodb:GetItem',
    [items('T#', 'H#', 'F#', 'L#sweep')]: 'dynamodb:PutItem',
    'dynamodb:keyturn-main/index/due': 'dynamodb:Query',
    'dynamodb:keyturn-main/index/rotations': 'dynamodb:Query',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret',
    'secret:* if tag installation=main': 'secretsmanager:RotateSecret',
    'lambda:keyturn-main-rotate-*': 'lambda:InvokeFunction',
    ...send(),
    ...PUBLISH,
  });
});

test('router may look tokens up and hand on what people ask; it writes nothing and sees no secret', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-router'), {
    ...log('keyturn-main-router'),
    [items('T#')]: 'dynamodb:GetItem',
    ...READ_TABLE_KEY,
    ...receive('keyturn-main-requests'),
    ...send(),
  });
});

test('no principal, people included, may scan the table, change items in bulk or use PartiQL', () => {
  const ofRoles = FULL.of('AWS::IAM::Role').map(([id]) => permissionsOfRole(FULL, id));
  const ofPeople = FULL.of('AWS::IAM::ManagedPolicy').map(([, policy]) =>
    permissionsIn(FULL, [policy.Properties['PolicyDocument']]),
  );
  const actions = [...ofRoles, ...ofPeople].flatMap((permissions) =>
    Object.values(permissions).flatMap((one) => one.split(' ')),
  );
  assert.deepEqual(
    [...new Set(actions.filter((one) => one.startsWith('dynamodb:')))].sort(),
    ['BatchGetItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query'].map(
      (one) => `dynamodb:${one}`,
    ),
  );
});

test('items of no partition are written by a role that core/partitions.ts does not name', () => {
  for (const user of TABLE_USERS) {
    const name =
      user === 'worker' || user === 'rotate' ? `keyturn-main-${user}-okta` : `keyturn-main-${user}`;
    const written = Object.entries(permissionsOf(FULL, name))
      .filter(([, actions]) => actions.includes('dynamodb:PutItem'))
      .map(([resource]) => resource);
    const prefixes = prefixesOf(user, WRITERS);
    if (prefixes.length === 0) assert.deepEqual(written, [], name);
    else assert.deepEqual(written, [items(...prefixes)], name);
  }
});

test('the queue for what people ask takes nothing of a role of Keyturn', () => {
  const [queueId] = PLAIN.named('AWS::SQS::Queue', 'QueueName', 'keyturn-main-requests');
  const [, policy] =
    PLAIN.of('AWS::SQS::QueuePolicy').find(([, one]) => one.Properties['Queues'][0].Ref === queueId) ?? [];
  const [denied] =
    policy?.Properties['PolicyDocument'].Statement.filter(
      (one: { Sid?: string }) => one.Sid === 'PeopleOnly',
    ) ?? [];
  assert.equal(denied.Effect, 'Deny');
  assert.deepEqual(
    PLAIN.list(denied.Condition.ArnLike['aws:PrincipalArn']),
    ['keyturn-functions', 'keyturn'].map(
      (path) => `arn:aws:iam::111122223333:role/${path}/main/eu-central-1/*`,
    ),
  );
});

test('every function has its role under a path that says whose it is', () => {
  for (const [, fn] of FULL.of('AWS::Lambda::Function')) {
    const role = FULL.resources[fn.Properties['Role']['Fn::GetAtt'][0]];
    assert.match(
      FULL.text(role?.Properties['Path'] ?? ''),
      /^\/keyturn(-functions)?\/main\/eu-central-1\//,
      FULL.text(fn.Properties['FunctionName']),
    );
  }
});

test('reconcile may list and describe secrets and give commands, but read no value', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-reconcile'), {
    ...log('keyturn-main-reconcile'),
    [TABLE]: 'dynamodb:DescribeTable dynamodb:GetItem',
    [items('T#', 'H#', 'F#', 'E#', 'R#', 'U#', 'L#reconcile')]: 'dynamodb:PutItem',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret secretsmanager:ListSecrets',
    ...receive('keyturn-main-changes'),
    ...send(),
    ...PUBLISH,
    ...seeSubscriptions('keyturn-main-alerts'),
  });
});

test(
  'health may find who watches a signal, read the state of alarms and give commands; it sees no secret ' +
    'and writes nothing',
  () => {
    assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-health'), {
      ...log('keyturn-main-health'),
      [items('W#')]: 'dynamodb:Query',
      ...READ_TABLE_KEY,
      '*': 'cloudwatch:DescribeAlarms',
      ...receive('keyturn-main-health'),
      ...send(),
    });
  },
);

test('discover may list secrets and go through the inventory, but read no value and give no command', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-discover'), {
    ...log('keyturn-main-discover'),
    [TABLE]: 'dynamodb:BatchGetItem dynamodb:GetItem',
    [items('T#', 'H#', 'F#', 'E#', 'L#discover')]: 'dynamodb:PutItem',
    'dynamodb:keyturn-main/index/records': 'dynamodb:Query',
    ...TABLE_KEY,
    '*': 'secretsmanager:ListSecrets',
    ...PUBLISH,
  });
});

test('leaks may make fingerprints, look them up and give commands; it sees no secret', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-leaks'), {
    ...log('keyturn-main-leaks'),
    [TABLE]: 'dynamodb:GetItem dynamodb:Query',
    [items('H#', 'E#', 'A#github#')]: 'dynamodb:PutItem',
    ...TABLE_KEY,
    'seal-key if kms:MacAlgorithm=HMAC_SHA_256': 'kms:GenerateMac',
    ...receive('keyturn-main-leaks'),
    ...send(),
    ...PUBLISH,
  });
});

test(
  'with GitHub, leaks may read the token for it; intake, which anybody may call, may check a signature ' +
    'and pass on which alert came',
  () => {
    const ownKey = (name: string): Permissions =>
      Object.fromEntries(
        Object.entries(permissionsOf(FULL, name)).filter(([resource]) => resource.startsWith('secret:')),
      );
    assert.deepEqual(ownKey('keyturn-main-leaks'), {
      'secret:ops/github-token-??????': 'secretsmanager:GetSecretValue',
    });
    const {
      [Object.keys(permissionsOf(FULL, 'keyturn-main-intake')).find((key) => key.includes('1234abcd')) ?? '']:
        _customers,
      ...intake
    } = permissionsOf(FULL, 'keyturn-main-intake');
    assert.deepEqual(intake, {
      ...log('keyturn-main-intake'),
      'secret:ops/github-webhook-??????': 'secretsmanager:GetSecretValue',
      'sqs:keyturn-main-leaks': 'sqs:SendMessage',
      ...QUEUE_KEY,
    });
  },
);

test('measure may read the inventory', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-measure'), {
    ...log('keyturn-main-measure'),
    [items('T#')]: 'dynamodb:BatchGetItem',
    'dynamodb:keyturn-main/index/records': 'dynamodb:Query',
    ...READ_TABLE_KEY,
  });
});

test('alert may remember what it told and what waits, and publish', () => {
  assert.deepEqual(permissionsOf(PLAIN, 'keyturn-main-alert'), {
    ...log('keyturn-main-alert'),
    [items('A#alert#', 'Q#', 'T#', 'E#')]: 'dynamodb:GetItem dynamodb:Query',
    [items('A#alert#', 'Q#')]: 'dynamodb:PutItem',
    [items('Q#')]: 'dynamodb:DeleteItem',
    ...TABLE_KEY,
    'sns:keyturn-main-alerts': 'sns:Publish',
    'sns:keyturn-main-canary': 'sns:Publish',
    'data-key if kms:ViaService=sns': 'kms:Decrypt kms:GenerateDataKey',
    ...receive('keyturn-main-alert'),
  });
});

test('detect may look names up and write habits and findings; it reads no value and gives no command', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-detect'), {
    ...log('keyturn-main-detect'),
    [TABLE]: 'dynamodb:GetItem',
    [items('T#', 'H#', 'F#', 'B#', 'E#')]: 'dynamodb:PutItem',
    ...TABLE_KEY,
    '*': 'secretsmanager:DescribeSecret',
    ...receive('keyturn-main-trail'),
    ...PUBLISH,
  });
});

const SECRET_KEY =
  `${ALL_SETTINGS.secretKmsKeyArns[0]} if kms:EncryptionContext:SecretARN=secret:* and ` +
  'kms:ViaService=secretsmanager';

test('pager may read its routing key, under the keys of the settings, and record what it sent', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-pager'), {
    ...log('keyturn-main-pager'),
    [items('A#pager#')]: 'dynamodb:PutItem',
    [items('A#pager#', 'Q#', 'T#', 'E#')]: 'dynamodb:GetItem',
    ...TABLE_KEY,
    'secret:ops/pager-??????': 'secretsmanager:GetSecretValue',
    [SECRET_KEY]: 'kms:Decrypt',
    ...receive('keyturn-main-pager'),
  });
});

test('chat may remember what it told, and tell its room', () => {
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-chat'), {
    ...log('keyturn-main-chat'),
    [items('A#chat#')]: 'dynamodb:PutItem',
    [items('A#chat#', 'Q#', 'T#', 'E#')]: 'dynamodb:GetItem',
    ...TABLE_KEY,
    'sns:keyturn-main-chat': 'sns:Publish',
    'data-key if kms:ViaService=sns': 'kms:Decrypt kms:GenerateDataKey',
    ...receive('keyturn-main-chat'),
  });
});

test("customers' keys and a network add exactly their statements, where a function asks issuers", () => {
  const interfaces = [
    'AssignPrivateIpAddresses',
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'UnassignPrivateIpAddresses',
  ]
    .map((action) => `ec2:${action}`)
    .join(' ');
  for (const name of ['keyturn-main-rotate-gitlab', 'keyturn-main-worker-okta']) {
    const plain = permissionsOf(PLAIN, name);
    assert.deepEqual(permissionsOf(FULL, name), {
      ...plain,
      [SECRET_KEY]: name.includes('rotate') ? 'kms:Decrypt kms:GenerateDataKey' : 'kms:Decrypt',
      '*': [interfaces, plain['*']].filter((one) => one !== undefined).join(' '),
      [`DENY * if lambda:SourceFunctionArn=lambda:${name}`]: interfaces,
    });
  }
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-alert'), permissionsOf(PLAIN, 'keyturn-main-alert'));
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-reconcile'), {
    ...permissionsOf(PLAIN, 'keyturn-main-reconcile'),
    ...seeSubscriptions('keyturn-main-chat'),
  });
  assert.deepEqual(permissionsOf(FULL, 'keyturn-main-sweep'), {
    ...permissionsOf(PLAIN, 'keyturn-main-sweep'),
    'sqs:keyturn-main-deliver': 'sqs:SendMessage',
  });
});

test('deliver may do what the settings name, and what a kind needs is not there without it', () => {
  const name = 'keyturn-main-deliver';
  const common = {
    ...log(name),
    ...TABLE_KEY,
    ...PUBLISH,
    ...receive(name),
    [TABLE]: 'dynamodb:GetItem',
    [items('T#', 'H#', 'F#')]: 'dynamodb:PutItem',
    '*': 'secretsmanager:DescribeSecret',
  };
  assert.deepEqual(permissionsOf(synthesised({ delivery: { kinds: ['event'] } }), name), common);
  const {
    '*': all,
    [`DENY * if lambda:SourceFunctionArn=lambda:${name}`]: denied,
    ...full
  } = permissionsOf(FULL, name);
  assert.equal(all, `${denied} secretsmanager:DescribeSecret`);
  const { '*': _, ...expected } = common;
  assert.deepEqual(full, {
    ...expected,
    'secret:* if tag installation=main': 'secretsmanager:GetSecretValue',
    'DENY secret:keyturn/admin/*': 'secretsmanager:GetSecretValue',
    ...Object.fromEntries(
      ['github', 'gitlab-variable', 'kubernetes', 'webhook'].map((kind) => [
        `secret:keyturn/delivery/${kind}-??????`,
        'secretsmanager:GetSecretValue',
      ]),
    ),
    ...Object.fromEntries(
      ['prod/app-??????', 'prod/shared-*'].map((name) => [
        `secret:${name} if Null tag installation=true`,
        'secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage',
      ]),
    ),
    [SECRET_KEY]: 'kms:Decrypt kms:GenerateDataKey',
    'ecs:service/prod/billing-*': 'ecs:DescribeServices ecs:UpdateService',
    'lambda:billing-api': 'lambda:InvokeFunction',
  });
  const words = permissionsOf(synthesised({ delivery: { kinds: ['webhook'] } }), name);
  assert.deepEqual(
    words,
    { ...common, 'secret:keyturn/delivery/webhook-??????': 'secretsmanager:GetSecretValue' },
    'who sends no value reads none',
  );
  assert.throws(() => PLAIN.fn(name), /no|0 of/);
});

test('schedules may invoke their function, without version or alias, and use their DLQ', () => {
  for (const name of ['sweep', 'reconcile', 'alert', 'measure']) {
    const [, schedule] = PLAIN.named('AWS::Scheduler::Schedule', 'Name', `keyturn-main-${name}`);
    assert.deepEqual(permissionsOfRole(PLAIN, schedule.Properties['Target'].RoleArn['Fn::GetAtt'][0]), {
      [`lambda:keyturn-main-${name}`]: 'lambda:InvokeFunction',
      [`sqs:keyturn-main-${name}-schedule-dlq`]: 'sqs:SendMessage',
      ...QUEUE_KEY,
    });
  }
});

const VIEW: Permissions = {
  [TABLE]: 'dynamodb:BatchGetItem dynamodb:DescribeTable dynamodb:GetItem dynamodb:Query',
  'dynamodb:keyturn-main/index/records': 'dynamodb:Query',
  ...READ_TABLE_KEY,
  '*': 'secretsmanager:DescribeSecret secretsmanager:ListSecrets',
  ...seeSubscriptions('keyturn-main-alerts'),
  ...seeSubscriptions('keyturn-main-chat'),
};

/** Work queues besides those for commands, without a pager. */
const OTHER_QUEUES = ['alert', 'changes', 'health', 'leaks'];
const REQUESTS = 'sqs:keyturn-main-requests';

function permissionsOfPerson(name: string): Permissions {
  const [, policy] = PLAIN.named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', name);
  return permissionsIn(PLAIN, [policy.Properties['PolicyDocument']]);
}

test(
  'a viewer sees, an operator also asks and moves back what queues gave up; neither reads a value or ' +
    'writes the inventory',
  () => {
    assert.deepEqual(permissionsOfPerson('keyturn-main-viewer-eu-central-1'), VIEW);
    assert.deepEqual(permissionsOfPerson('keyturn-main-operator-eu-central-1'), {
      ...VIEW,
      '*': `${VIEW['*']} sqs:ListQueues`,
      'lambda:keyturn-main-leaks': 'lambda:InvokeFunction',
      ...Object.fromEntries(
        ['alerts', 'chat'].map((topic) => [
          `sns:keyturn-main-${topic}`,
          'sns:ConfirmSubscription sns:GetSubscriptionAttributes sns:ListSubscriptionsByTopic',
        ]),
      ),
      // People ask by one queue; to the others they send what was given up there, and worker functions do not
      // take a person's word.
      [REQUESTS]: 'sqs:GetQueueUrl sqs:SendMessage',
      ...send(),
      ...Object.fromEntries(OTHER_QUEUES.map((name) => [`sqs:keyturn-main-${name}`, 'sqs:SendMessage'])),
      ...Object.fromEntries(
        ['worker-*', 'requests', ...OTHER_QUEUES].map((name) => [
          `sqs:keyturn-main-${name}-dlq`,
          'sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListMessageMoveTasks ' +
            'sqs:ReceiveMessage sqs:StartMessageMoveTask',
        ]),
      ),
    });
  },
);

test(
  'a registrar makes, tags and attaches what belongs to this installation; it reads no value, and leaves ' +
    "what is others' alone",
  () => {
    const ours = 'ForAllValues:StringLike aws:TagKeys=keyturn:*';
    const asked = 'aws:RequestTag/keyturn:installation=main';
    const rotate = 'lambda:keyturn-main-rotate-*';
    assert.deepEqual(permissionsOfPerson('keyturn-main-registrar-eu-central-1'), {
      '*': VIEW['*'],
      ...Object.fromEntries(
        ['admin', 'delivery'].map((kind) => [
          `DENY secret:keyturn/${kind}/*`,
          'secretsmanager:RotateSecret secretsmanager:TagResource secretsmanager:UntagResource',
        ]),
      ),
      [`secret:* if ${ours} and StringNotLike secretsmanager:Name=keyturn/admin/*|keyturn/delivery/* and ` +
      asked]: 'secretsmanager:CreateSecret',
      [`secret:* if ${ours} and Null tag installation=true and ${asked}`]: 'secretsmanager:TagResource',
      [`secret:* if ${ours} and StringEqualsIfExists ${asked} and tag installation=main`]:
        'secretsmanager:TagResource',
      [`secret:* if ${ours} and ForAllValues:StringNotEquals aws:TagKeys=keyturn:installation and tag ` +
      'installation=main']: 'secretsmanager:UntagResource',
      [`secret:* if tag installation=main and secretsmanager:RotationLambdaARN=${rotate}`]:
        'secretsmanager:RotateSecret',
      [rotate]: 'lambda:InvokeFunction',
    });
  },
);

test('no policy of any kind is left out of this table, and none allows a wildcard action', () => {
  const roles = FULL.of('AWS::IAM::Role');
  const rooms = FULL.of('AWS::Chatbot::SlackChannelConfiguration').length;
  // One more for the rules that tell other installations: staging.test.ts.
  assert.equal(
    roles.length,
    FULL.of('AWS::Lambda::Function').length + FULL.of('AWS::Scheduler::Schedule').length + rooms + 1,
  );
  for (const [id] of roles)
    for (const actions of Object.values(permissionsOfRole(FULL, id))) assert.doesNotMatch(actions, /\*/);
});

test(
  'every function that may read the value of a token has its role under the path by which detection ' +
    'knows Keyturn itself',
  () => {
    const readers = FULL.of('AWS::IAM::Role').filter(([id]) =>
      Object.entries(permissionsOfRole(FULL, id)).some(
        ([resource, actions]) => resource.startsWith('secret:* if tag') && actions.includes('GetSecretValue'),
      ),
    );
    assert.ok(readers.length >= 2 * PROVIDERS.length);
    for (const [id, role] of readers)
      assert.match(FULL.text(role.Properties['Path'] ?? ''), /^\/keyturn\/main\/eu-central-1\//, id);
    assert.equal(
      FULL.text(FULL.fn('keyturn-main-detect').Properties['Environment'].Variables.ROLE_PATH),
      '/keyturn/main/eu-central-1/',
    );
  },
);
