import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  TestEventPatternCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import * as fc from 'fast-check';
import * as z from 'zod';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { parseSchedule } from '../../../lib/sandbox/aws/cron.ts';
import { allowService } from '../../../lib/sandbox/aws/lambda.ts';
import type { AwsOptions } from '../../../lib/sandbox/aws/aws.ts';
import type { Rule } from '../../../lib/sandbox/aws/events/rule.ts';
import { ACCOUNT, REGION, ROOT, START, newSecret, role, sandbox, type Sandbox } from './world.ts';

const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/all`;
const WORKER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:worker`;

function bus(
  targets: Rule['targets'],
  options: Partial<AwsOptions> = {},
  rule: Partial<Rule> = {},
): Sandbox & {
  put(
    ...entries: PutEventsRequestEntry[]
  ): Promise<{ failed: number | undefined; codes: (string | undefined)[] }>;
  bodies(queue: string): unknown[];
} {
  const it = sandbox(options);
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
  };
  for (const name of ['inbox', 'dlq'])
    it.aws.sqs.add({ name, policy: { Version: '2012-10-17', Statement: [allowed] } });
  it.aws.sqs.add({ name: 'closed' });
  it.aws.lambda.add({ name: 'worker', policy: allowService('events.amazonaws.com', ACCOUNT) });
  it.aws.eventBridge.addRule({ name: 'all', pattern: { source: [{ prefix: '' }] }, targets, ...rule });
  const client = new EventBridgeClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  const put = async (
    ...Entries: PutEventsRequestEntry[]
  ): Promise<{ failed: number | undefined; codes: (string | undefined)[] }> => {
    const answer = await client.send(new PutEventsCommand({ Entries }));
    await it.clock.advanceBy(0);
    return { failed: answer.FailedEntryCount, codes: (answer.Entries ?? []).map((entry) => entry.ErrorCode) };
  };
  const bodies = (queue: string): unknown[] =>
    it.aws.sqs.queue(queue).messages.map((message): unknown => JSON.parse(message.body));
  return { ...it, put, bodies };
}

const Envelope = z.looseObject({ id: z.string(), 'detail-type': z.string() });
const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
test('all sources and detail-types of a request decide, as one list each', async () => {
  const it = bus([]);
  const denied = (Condition: unknown): Record<string, unknown> => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: '*', Condition }],
  });
  it.aws.eventBridge.addBus('no-source', denied({ 'ForAnyValue:StringEquals': { 'events:source': 'ours' } }));
  it.aws.eventBridge.addBus(
    'no-type',
    denied({ 'ForAnyValue:StringEquals': { 'events:detail-type': 'Told' } }),
  );
  const client = new EventBridgeClient({
    ...it.aws.clientConfig(role('ci', { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' })),
    maxAttempts: 1,
  });
  const put = (EventBusName: string, ...kinds: [string, string][]): Promise<unknown> =>
    client.send(
      new PutEventsCommand({
        Entries: kinds.map(([Source, DetailType]) => ({ EventBusName, Source, DetailType, Detail: '{}' })),
      }),
    );
  await put('no-source', ['theirs', 'Told']);
  await put('no-type', ['ours', 'Other']);
  for (const [name, kinds] of [
    [
      'no-source',
      [
        ['theirs', 'x'],
        ['ours', 'x'],
      ],
    ],
    [
      'no-type',
      [
        ['ours', 'Told'],
        ['ours', 'Other'],
      ],
    ],
  ] as const)
    await assert.rejects(put(name, ...kinds.map(([source, type]): [string, string] => [source, type])), {
      name: 'AccessDeniedException',
      message: /explicit deny/,
    });
});

const fact: PutEventsRequestEntry = {
  Source: 'keyturn',
  DetailType: 'Fact',
  Detail: '{"a":{"b":"x"},"n":3}',
};

test('an event reaches the targets of the rules that it fits', async () => {
  const it = bus(
    [
      { id: 'q', arn: queueArn('inbox') },
      { id: 'f', arn: WORKER },
    ],
    {},
    { pattern: { detail: { n: [{ numeric: ['>', 2] }] } } },
  );
  await it.put(fact, { ...fact, Detail: '{"n":1}' });
  const [event] = it.bodies('inbox');
  assert.deepEqual(event, {
    version: '0',
    id: Envelope.parse(event).id,
    'detail-type': 'Fact',
    source: 'keyturn',
    account: ACCOUNT,
    time: '2026-11-20T09:30:00Z',
    region: REGION,
    resources: [],
    detail: { a: { b: 'x' }, n: 3 },
  });
  assert.deepEqual(
    it.invoked.map((call) => call.payload),
    [event],
  );
});

test('entries fail one by one, and the answer is still a success', async () => {
  const it = bus([{ id: 'q', arn: queueArn('inbox') }]);
  const answer = await it.put(
    fact,
    { ...fact, Detail: 'no json' },
    { ...fact, Detail: undefined },
    { ...fact, Source: 'aws.s3' },
    { ...fact, EventBusName: 'nowhere' },
  );
  assert.deepEqual(answer, {
    failed: 4,
    codes: [
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'NotAuthorizedForSource',
      'ResourceNotFoundException',
    ],
  });
  it.aws.eventBridge.failEntry = () => 'ThrottlingException';
  assert.deepEqual(await it.put(fact), { failed: 1, codes: ['ThrottlingException'] });
  assert.equal(it.bodies('inbox').length, 1);
  await assert.rejects(it.put(...Array.from({ length: 11 }, () => fact)), { name: 'ValidationException' });
});

test('buses are apart, and a disabled rule is off', async () => {
  const it = bus([{ id: 'q', arn: queueArn('inbox') }], {}, { bus: 'mine' });
  it.aws.eventBridge.addBus('mine');
  it.aws.eventBridge.addRule({
    name: 'off',
    bus: 'mine',
    state: 'DISABLED',
    pattern: { source: ['keyturn'] },
    targets: [{ id: 'f', arn: WORKER }],
  });
  await it.put(fact, { ...fact, EventBusName: 'mine' });
  assert.equal(it.bodies('inbox').length, 0);
  it.aws.eventBridge.addRule({
    name: 'all',
    bus: 'mine',
    pattern: { source: ['keyturn'] },
    targets: [{ id: 'f', arn: WORKER }],
  });
  await it.put({ ...fact, EventBusName: 'mine' });
  assert.equal(it.invoked.length, 1);
});

test('a target may get a part of the event, or a text made of it', async () => {
  const it = bus([
    { id: 'a', arn: WORKER, inputPath: '$.detail.a' },
    { id: 'b', arn: WORKER, input: '{"fixed":true}' },
    {
      id: 'c',
      arn: WORKER,
      inputTransformer: {
        inputPathsMap: { b: '$.detail.a.b', n: '$.detail.n', all: '$.detail' },
        inputTemplate: '{"text":"<b> and <n>","b":<b>,"n":<n>,"all":<all>,"rule":"<aws.events.rule-name>"}',
      },
    },
  ]);
  await it.put(fact);
  assert.deepEqual(
    it.invoked.map((call) => call.payload),
    [
      { b: 'x' },
      { fixed: true },
      { text: 'x and 3', b: 'x', n: 3, all: { a: { b: 'x' }, n: 3 }, rule: 'all' },
    ],
  );
});

test('what a target refuses goes to the dead-letter queue with the reason', async () => {
  const it = bus([
    { id: 'q', arn: queueArn('closed'), deadLetterArn: queueArn('dlq') },
    { id: 'g', arn: queueArn('gone'), deadLetterArn: queueArn('dlq') },
  ]);
  await it.put(fact);
  const letters = it.aws.sqs.queue('dlq').messages;
  assert.deepEqual(
    letters.map((letter) => letter.attributes['ERROR_CODE']?.StringValue),
    ['AccessDeniedException', 'AccessDeniedException'],
  );
  assert.equal(letters[0]?.attributes['RULE_ARN']?.StringValue, RULE);
});

test('a function that fails is invoked three times, then its failure destination is notified', async () => {
  const it = bus([{ id: 'f', arn: WORKER }]);
  it.aws.lambda.add({
    name: 'worker',
    policy: allowService('events.amazonaws.com', ACCOUNT),
    role: role('worker', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }),
    onFailureArn: queueArn('closed'),
  });
  it.functions.set('worker', () => {
    throw new Error('down');
  });
  await it.put(fact);
  await it.clock.advanceBy(HOUR);
  assert.deepEqual(
    it.invoked.map((call) => call.at - START),
    [0, MINUTE, 3 * MINUTE],
  );
  assert.equal(it.aws.sqs.queue('closed').messages.length, 1);
});

test("Secrets Manager's events reach rules; those of CloudTrail only through a trail", async () => {
  const pattern = { source: ['aws.secretsmanager'] };
  for (const [trail, expected] of [
    [
      true,
      [
        'Secret Label Updated',
        'AWS API Call via CloudTrail',
        'AWS Service Event via CloudTrail',
        'AWS API Call via CloudTrail',
      ],
    ],
    [false, ['Secret Label Updated']],
  ] as const) {
    const it = bus([{ id: 'q', arn: queueArn('inbox') }], { trail }, { pattern });
    await newSecret(it);
    await it.aws.call({
      service: 'secretsmanager',
      operation: 'DeleteSecret',
      input: { SecretId: 'app/token' },
      principal: ROOT,
    });
    await it.clock.advanceBy(0);
    assert.deepEqual(
      it.bodies('inbox').map((event) => Envelope.parse(event)['detail-type']),
      expected,
    );
  }
});

test('read-only events reach only the rules that ask for all management events', async () => {
  const it = bus([{ id: 'f', arn: WORKER }]);
  const read = {
    source: 'aws.secretsmanager',
    detailType: 'AWS API Call via CloudTrail',
    resources: [],
    detail: { readOnly: true },
  };
  it.aws.eventBridge.emit(read);
  it.aws.eventBridge.addRule({
    name: 'all',
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    pattern: { source: [{ prefix: '' }] },
    targets: [{ id: 'f', arn: WORKER }],
  });
  it.aws.eventBridge.emit(read);
  await it.clock.advanceBy(0);
  assert.equal(it.invoked.length, 1);
});

test('a schedule invokes its function with its role', async () => {
  const it = bus([]);
  const allowed = role('scheduler', { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: WORKER });
  it.aws.scheduler.add({
    name: 'sweep',
    expression: 'rate(15 minutes)',
    targetArn: WORKER,
    role: allowed,
    input: '{"at":"<aws.scheduler.scheduled-time>"}',
  });
  it.aws.scheduler.add({
    name: 'denied',
    expression: 'rate(15 minutes)',
    targetArn: WORKER,
    role: role('other'),
  });
  await it.clock.advanceBy(HOUR);
  assert.deepEqual(
    it.invoked.map((call) => (call.at - START) / MINUTE),
    [15, 30, 45, 60],
  );
  assert.deepEqual(it.invoked[0]?.payload, { at: '2026-11-20T09:45:00Z' });
  it.aws.scheduler.remove('sweep');
  await it.clock.advanceBy(HOUR);
  assert.equal(it.invoked.length, 4);
});

test('cron expressions as EventBridge reads them', () => {
  const next = (expression: string): string | undefined => {
    const at = parseSchedule(expression).next(START, START);
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  assert.equal(next('cron(0 10 * * ? *)'), '2026-11-20T10:00:00.000Z');
  assert.equal(next('cron(15 8,9 ? * MON-FRI *)'), '2026-11-23T08:15:00.000Z');
  assert.equal(next('cron(0/20 * * * ? *)'), '2026-11-20T09:40:00.000Z');
  assert.equal(next('cron(0 0 L * ? *)'), '2026-11-30T00:00:00.000Z');
  assert.equal(next('cron(0 0 ? * 2#1 *)'), '2026-12-07T00:00:00.000Z');
  assert.equal(next('cron(0 0 ? JAN 6L 2027)'), '2027-01-29T00:00:00.000Z');
  assert.equal(next('cron(0 0 31 2 ? *)'), undefined);
  for (const bad of [
    'cron(0 0 * * *)',
    'cron(0 0 1 * 1 *)',
    'cron(60 0 * * ? *)',
    'rate(0 days)',
    'rate(1)',
    'never',
  ])
    assert.throws(() => parseSchedule(bad), { name: 'ValidationException' });
});

test('a rate never misses nor repeats a time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 365 * DAY }), (minutes, later) => {
      const rate = parseSchedule(`rate(${minutes} minutes)`);
      const at = rate.next(START + later, START) ?? 0;
      return (
        at > START + later &&
        at - (START + later) <= minutes * MINUTE &&
        (at - START) % (minutes * MINUTE) === 0
      );
    }),
  );
});

test('a rule that EventBridge rejects is not added: wrong pattern, too many targets, too long', () => {
  const it = sandbox();
  const target = { id: 'x', arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:inbox` };
  const add = (pattern: Record<string, unknown>, targets = [target]): void =>
    it.aws.eventBridge.addRule({ name: 'rule', pattern, targets });
  assert.throws(() => add({ source: 'app' }), {
    name: 'InvalidEventPatternException',
    message: /source takes a list/,
  });
  assert.throws(() => add({ detail: { a: [{ between: [1, 2] }] } }), {
    name: 'InvalidEventPatternException',
    message: /between is no operator/,
  });
  assert.throws(
    () =>
      add(
        { source: ['app'] },
        Array.from({ length: 6 }, () => target),
      ),
    { name: 'LimitExceededException' },
  );
  assert.throws(() => add({ source: ['x'.repeat(2_048)] }), {
    name: 'LimitExceededException',
    message: /2048/,
  });
});

test('numbers of a detail are compared by value, and a name that stands twice counts twice', async () => {
  const it = sandbox();
  it.aws.lambda.add({ name: 'target', policy: allowService('events.amazonaws.com', ACCOUNT) });
  const target = { id: 'x', arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:target` };
  it.aws.eventBridge.addRule({ name: 'number', pattern: { detail: { n: [300] } }, targets: [target] });
  it.aws.eventBridge.addRule({ name: 'twice', pattern: { detail: { kind: ['one'] } }, targets: [target] });
  const bus = new EventBridgeClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  const put = async (Detail: string): Promise<number> => {
    const before = it.invoked.length;
    await bus.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'x', Detail }] }));
    await it.clock.advanceBy(0);
    return it.invoked.length - before;
  };
  assert.deepEqual(
    [
      await put('{"n":3.0e2}'),
      await put('{"n":"300"}'),
      await put('{"kind":"one","kind":"two"}'),
      await put('{"kind":"two"}'),
    ],
    [1, 0, 1, 0],
  );
});

test('TestEventPattern answers for a whole event, and rejects what a rule could not have', async () => {
  const it = sandbox();
  const client = new EventBridgeClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  const event = {
    id: '1',
    account: ACCOUNT,
    source: 'app',
    time: '2026-11-20T09:30:00Z',
    region: REGION,
    resources: [],
    'detail-type': 'x',
    detail: { ip: '10.0.0.77' },
  };
  const ask = async (pattern: unknown, Event = JSON.stringify(event)): Promise<boolean | undefined> =>
    (await client.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }))).Result;
  assert.deepEqual(
    [
      await ask({ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }),
      await ask({ detail: { ip: [{ cidr: '10.0.1.0/24' }] } }),
    ],
    [true, false],
  );
  await assert.rejects(ask({ source: 'app' }), { name: 'InvalidEventPatternException' });
  await assert.rejects(ask({ source: ['app'] }, '{"source":"app"}'), {
    name: 'ValidationException',
    message: /Missing: id, account/,
  });
});

test('a rule that is disabled takes nothing until it is enabled again, by a caller that may', async () => {
  const it = bus([{ id: 'q', arn: queueArn('inbox') }]);
  const root = new EventBridgeClient({ ...it.aws.clientConfig(ROOT), maxAttempts: 1 });
  const stateNow = async (): Promise<unknown> =>
    (await root.send(new ListRulesCommand({ NamePrefix: 'a' }))).Rules?.map(({ Name, Arn, State }) => [
      Name,
      Arn,
      State,
    ]);
  const outsider = new EventBridgeClient({
    ...it.aws.clientConfig(
      role('ci', { Effect: 'Allow', Action: 'events:DisableRule', Resource: `${RULE}-others` }),
    ),
    maxAttempts: 1,
  });
  await assert.rejects(outsider.send(new DisableRuleCommand({ Name: 'all' })), {
    name: 'AccessDeniedException',
  });
  for (const named of [{ Name: 'none' }, { Name: 'all', EventBusName: 'none' }])
    await assert.rejects(root.send(new DisableRuleCommand(named)), { name: 'ResourceNotFoundException' });
  assert.deepEqual(await stateNow(), [['all', RULE, 'ENABLED']]);
  await root.send(new DisableRuleCommand({ Name: 'all' }));
  assert.deepEqual(await stateNow(), [['all', RULE, 'DISABLED']]);
  await it.put(fact);
  assert.deepEqual(it.bodies('inbox'), []);
  await root.send(new EnableRuleCommand({ Name: 'all' }));
  await it.put(fact);
  assert.equal(it.bodies('inbox').length, 1);
});
