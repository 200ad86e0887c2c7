import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BatchGetSecretValueCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { accessesIn, type Access } from '../../../functions/core/detection/access.ts';
import { TrailEvent } from '../../../functions/core/detection/trail-event.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import type { Rule } from '../../../lib/sandbox/aws/events/buses.ts';
import { ACCOUNT, REGION, newSecret, role, sandbox, type Sandbox } from './world.ts';

const HOME = { account: ACCOUNT, region: REGION, rolePath: '/keyturn/main/eu-central-1/sealers/' };
const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/calls`;
const CANARY = 'canary-5f1d-value';
const ALL = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A sandbox with one rule on calls and a queue behind it. */
function listening(
  state: Rule['state'],
  trail = true,
): Sandbox & { bodies(): string[]; as(principal: Principal): SecretsManagerClient } {
  const it = sandbox({ trail });
  const send = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
  };
  it.aws.sqs.add({ name: 'calls', policy: { Version: '2012-10-17', Statement: [send] } });
  it.aws.eventBridge.addRule({
    name: 'calls',
    pattern: { source: ['aws.secretsmanager'], 'detail-type': ['AWS API Call via CloudTrail'] },
    targets: [{ id: 'q', arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:calls` }],
    ...(state && { state }),
  });
  return {
    ...it,
    bodies: () => it.aws.sqs.queue('calls').messages.map((message) => message.body),
    as: (principal) => new SecretsManagerClient({ ...it.aws.clientConfig(principal), maxAttempts: 1 }),
  };
}

async function seen(it: ReturnType<typeof listening>): Promise<Access[]> {
  await it.clock.advanceBy(0);
  return it.bodies().flatMap((body) => accessesIn(TrailEvent.parse(JSON.parse(body)), HOME));
}

const READER: Principal = {
  kind: 'role',
  name: 'app/web',
  session: 'i-1',
  policies: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
    },
  ],
  from: { address: '198.51.100.7', agent: 'aws-cli/2.15' },
};

test(
  'reads by name and ARN, by roles in sessions, and denied ones, reach a rule in the state that asks for ' +
    'reads',
  async () => {
    const it = listening(ALL);
    const { arn } = await newSecret(it, 'app/token', CANARY);
    const reader = it.as(READER);
    for (const SecretId of ['app/token', arn, arn.slice(0, -7)])
      await reader.send(new GetSecretValueCommand({ SecretId }));
    await reader.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: 'AWSCURRENT' }));
    await assert.rejects(it.as(role('nobody')).send(new GetSecretValueCommand({ SecretId: arn })));
    await assert.rejects(reader.send(new GetSecretValueCommand({ SecretId: 'app/none' })));
    const found = await seen(it);
    assert.deepEqual(
      found.map((one) => [one.principal, one.target, one.isDenied, one.network, one.agent]),
      [
        ['role/app/web', 'app/token', false, '198.51.0.0/16', 'aws-cli'],
        ['role/app/web', arn, false, '198.51.0.0/16', 'aws-cli'],
        ['role/app/web', arn.slice(0, -7), false, '198.51.0.0/16', 'aws-cli'],
        ['role/app/web', arn, false, '198.51.0.0/16', 'aws-cli'],
        ['role/nobody', arn, true, '203.0.0.0/16', 'aws-sdk-js'],
      ],
    );
    assert.equal(found[3]?.stage, 'AWSCURRENT');
    assert.doesNotMatch(it.bodies().join(), new RegExp(CANARY));
  },
);

test('a batch is told as itself and as a read of each secret that was given out', async () => {
  const it = listening(ALL);
  await newSecret(it, 'app/one', CANARY);
  const half = role(
    'half',
    { Effect: 'Allow', Action: 'secretsmanager:BatchGetSecretValue', Resource: '*' },
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' },
  );
  const answer = await it
    .as(half)
    .send(new BatchGetSecretValueCommand({ SecretIdList: ['app/one', 'app/none'] }));
  assert.deepEqual(
    [answer.SecretValues?.map((one) => one.SecretString), answer.Errors?.map((one) => one.ErrorCode)],
    [[CANARY], ['ResourceNotFoundException']],
  );
  await assert.rejects(
    it.as(half).send(new BatchGetSecretValueCommand({ Filters: [{ Key: 'name', Values: ['app'] }] })),
    { name: 'UnknownOperationException' },
  );
  const found = await seen(it);
  assert.deepEqual(
    found.map((one) => [one.principal, one.deed, one.target]),
    [['role/half', 'read', 'app/one']],
  );
  assert.deepEqual(
    it
      .bodies()
      .map((body) => TrailEvent.parse(JSON.parse(body)).detail.eventName)
      .slice(0, 3),
    ['CreateSecret', 'GetSecretValue', 'BatchGetSecretValue'],
  );
  assert.doesNotMatch(it.bodies().join(), new RegExp(CANARY));
});

test(
  'a rule that is only enabled gets changes and no reads; without a trail, or without a rule, nobody ' +
    'gets anything',
  async () => {
    for (const [state, trail, names] of [
      ['ENABLED', true, ['CreateSecret', 'PutSecretValue']],
      [ALL, false, []],
      ['DISABLED', true, []],
    ] as const) {
      const it = listening(state, trail);
      const { arn } = await newSecret(it, 'app/token', CANARY);
      await it.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
      await it.secrets.send(new GetSecretValueCommand({ SecretId: arn }));
      await it.secrets.send(new PutSecretValueCommand({ SecretId: arn, SecretString: `${CANARY}-2` }));
      await it.clock.advanceBy(0);
      assert.deepEqual(
        it.bodies().map((body) => TrailEvent.parse(JSON.parse(body)).detail.eventName),
        names,
      );
      assert.doesNotMatch(JSON.stringify(it.aws.events), new RegExp(CANARY));
    }
    const quiet = sandbox();
    await newSecret(quiet);
    assert.deepEqual(
      quiet.aws.events.filter((one) => one.detailType.includes('API Call')),
      [],
    );
  },
);

test(
  'changes are told in the form of recorded events: their parameters by CloudTrail’s names, and of the ' +
    'answer what it shows',
  async () => {
    const it = listening(ALL);
    const { arn } = await newSecret(it, 'app/token', CANARY);
    await it.secrets.send(new UpdateSecretCommand({ SecretId: arn, Description: 'whose it is' }));
    await it.secrets.send(new UpdateSecretCommand({ SecretId: arn, SecretString: `${CANARY}-2` }));
    await it.secrets.send(
      new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'keyturn:sensitivity', Value: 'off' }] }),
    );
    await it.secrets.send(new UntagResourceCommand({ SecretId: arn, TagKeys: ['keyturn:owner'] }));
    const everybody = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' },
      ],
    };
    await it.secrets.send(
      new PutResourcePolicyCommand({ SecretId: arn, ResourcePolicy: JSON.stringify(everybody) }),
    );
    await it.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
    const found = (await seen(it)).map((one) => [
      one.deed,
      one.isForced,
      ...one.changes.map(({ subject, severity }) => `${subject} ${severity}`),
    ]);
    assert.deepEqual(found, [
      ['changed', false, 'description info'],
      ['changed', false, 'value warning'],
      ['changed', false, 'keyturn:sensitivity warning'],
      ['changed', false, 'keyturn:owner warning'],
      ['changed', false, 'policy critical'],
      ['deleted', true],
    ]);
    const told = it.bodies().map(
      (body) =>
        JSON.parse(body) as {
          detail: { eventName: string; requestParameters: object; responseElements: object | null };
        },
    );
    assert.deepEqual(
      Object.keys(
        told.find(({ detail }) => detail.eventName === 'DeleteSecret')?.detail.responseElements ?? {},
      ),
      ['arn', 'name', 'deletionDate'],
    );
    assert.match(
      JSON.stringify(told.at(-1)?.detail.responseElements),
      /"deletionDate":"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}:\d{2} [AP]M"/,
    );
    assert.deepEqual(
      told.find(({ detail }) => detail.eventName === 'TagResource')?.detail.requestParameters,
      {
        tags: [{ key: 'keyturn:sensitivity', value: 'off' }],
        secretId: arn,
      },
    );
    assert.doesNotMatch(it.bodies().join(), new RegExp(CANARY));
  },
);

test('a function is named in its own field of CloudTrail, with the reason for a denial', async () => {
  const it = listening(ALL);
  const { arn } = await newSecret(it, 'app/token', CANARY);
  const report: Principal = {
    kind: 'role',
    name: 'shared',
    session: 'report',
    policies: [],
    issuedTo: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:report`,
  };
  await assert.rejects(it.as(report).send(new GetSecretValueCommand({ SecretId: arn })));
  const [denied] = await seen(it);
  assert.deepEqual(
    [denied?.principal, denied?.role, denied?.isDenied],
    ['lambda/report', 'role/shared', true],
  );
  assert.match(it.bodies().at(-1) ?? '', /"errorCode":"AccessDenied","errorMessage":"User/);
});
