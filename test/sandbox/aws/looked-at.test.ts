import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountKeyPolicy } from '../../../lib/sandbox/aws/kms.ts';
import { AwsError } from '../../../lib/sandbox/aws/errors.ts';
import { createAws } from '../../../lib/sandbox/aws/create-aws.ts';
import { TRAIL } from '../../../lib/sandbox/aws/cloudtrail-trails.ts';
import type { Aws } from '../../../lib/sandbox/aws/aws.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';
import { ACCOUNT, countingUuid, REGION, ROOT, START } from './world.ts';

const KEY = '11111111-2222-3333-4444-555555555555';
const GROUP = '/aws/lambda/keyturn-main-sweep';

function aws(trail = true): Aws {
  const it = createAws({
    clock: new VirtualClock(START),
    account: ACCOUNT,
    region: REGION,
    uuid: countingUuid(),
    invoke: async () => ({ payload: null }),
    trail,
    logs: (group) =>
      group === GROUP
        ? [
            { at: START, text: '{"level":"INFO","message":"one"}' },
            { at: START + 1, text: '{"level":"ERROR","message":"two"}' },
            { at: START + 2, text: 'no JSON' },
          ]
        : undefined,
  });
  it.kms.add({ id: KEY, spec: 'HMAC_256', policy: accountKeyPolicy(ACCOUNT) });
  return it;
}

function ask(it: Aws, service: string, operation: string, input: object): Promise<unknown> {
  return it.call({ service, operation, input, principal: ROOT });
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof AwsError && error.code === expected;
}

const MESSAGE = Buffer.from('x').toString('base64');
const MAC = { KeyId: KEY, Message: MESSAGE, MacAlgorithm: 'HMAC_SHA_256' };

test('a key scheduled for deletion makes no HMAC; taken back, it has to be enabled as well', async () => {
  const it = aws();
  const scheduled = await ask(it, 'kms', 'ScheduleKeyDeletion', { KeyId: KEY, PendingWindowInDays: 7 });
  assert.deepEqual(scheduled, {
    KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY}`,
    DeletionDate: (START + 7 * 86_400_000) / 1_000,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: 7,
  });
  await assert.rejects(ask(it, 'kms', 'GenerateMac', MAC), code('KMSInvalidStateException'));
  await assert.rejects(ask(it, 'kms', 'EnableKey', { KeyId: KEY }), code('KMSInvalidStateException'));
  await ask(it, 'kms', 'CancelKeyDeletion', { KeyId: KEY });
  await assert.rejects(ask(it, 'kms', 'GenerateMac', MAC), code('DisabledException'));
  await ask(it, 'kms', 'EnableKey', { KeyId: KEY });
  await ask(it, 'kms', 'GenerateMac', MAC);
  await assert.rejects(ask(it, 'kms', 'EnableKey', { KeyId: 'other' }), code('NotFoundException'));
});

test('a log is read by time and by one field; what is not understood is named', async () => {
  const read = async (input: object): Promise<unknown[]> => {
    const answer: unknown = await ask(aws(), 'logs', 'FilterLogEvents', { logGroupName: GROUP, ...input });
    const { events } = Object(answer);
    return events.map(({ message }: { message: string }) => message);
  };
  assert.equal((await read({})).length, 3);
  assert.deepEqual(await read({ startTime: START + 2 }), ['no JSON']);
  assert.deepEqual(await read({ filterPattern: '{ $.level = "ERROR" }' }), [
    '{"level":"ERROR","message":"two"}',
  ]);
  await assert.rejects(read({ filterPattern: 'ERROR' }), /the filter pattern ERROR of FilterLogEvents/);
  await assert.rejects(read({ logGroupName: '/other' }), code('ResourceNotFoundException'));
});

test('the trail is there where the account has one', async () => {
  assert.deepEqual(await ask(aws(), 'cloudtrail', 'GetTrailStatus', { Name: TRAIL }), {
    IsLogging: true,
    StartLoggingTime: START / 1_000,
  });
  for (const [it, Name] of [
    [aws(), 'other'],
    [aws(false), TRAIL],
  ] as const)
    await assert.rejects(ask(it, 'cloudtrail', 'GetTrailStatus', { Name }), code('TrailNotFoundException'));
});

test('a rule keeps its targets when its pattern changes, and is enabled unless told', async () => {
  const it = aws();
  const target = { id: 'q', arn: it.sqs.arnOf('q') };
  it.eventBridge.addRule({ name: 'r', pattern: { source: ['a'] }, state: 'DISABLED', targets: [target] });
  await ask(it, 'events', 'PutRule', { Name: 'r', EventPattern: '{"source":["b"]}' });
  assert.deepEqual(await ask(it, 'events', 'DescribeRule', { Name: 'r' }), {
    Name: 'r',
    Arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/r`,
    State: 'ENABLED',
    EventBusName: 'default',
    EventPattern: '{"source":["b"]}',
  });
  await assert.rejects(ask(it, 'events', 'DescribeRule', { Name: 's' }), code('ResourceNotFoundException'));
  await assert.rejects(
    ask(it, 'events', 'PutRule', { Name: 'r', EventPattern: '[]' }),
    code('InvalidEventPatternException'),
  );
});

test('a table with deletion protection is deleted only after it was taken off', async () => {
  const it = aws();
  await ask(it, 'dynamodb', 'CreateTable', {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    DeletionProtectionEnabled: true,
  });
  await assert.rejects(
    ask(it, 'dynamodb', 'DeleteTable', { TableName: 'things' }),
    code('ValidationException'),
  );
  await ask(it, 'dynamodb', 'UpdateTable', { TableName: 'things', DeletionProtectionEnabled: false });
  await ask(it, 'dynamodb', 'DeleteTable', { TableName: 'things' });
});
