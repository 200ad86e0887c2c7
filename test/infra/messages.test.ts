import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DENIED, WATCHED } from '../../functions/core/detection/watched-calls.ts';
import {
  CANARY_DETAIL_TYPE,
  DETAIL_TYPES,
  EVENT_SOURCE,
  HEALTH_SIGNAL,
} from '../../functions/core/findings/events.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import { USUAL } from '../usual-issuers.ts';
import { ReconcileEnv } from '../../functions/handlers/reconcile.env.ts';
import { REQUEST_LIFE } from '../../lib/cli/tokens/request.ts';
import { DETECTION_NEEDS } from '../../lib/infra/constructs/detection.ts';
import type { SettingsInput } from '../../lib/infra/settings.ts';
import { linesOfQueuePolicy, permissionsOfRole } from './permissions.ts';
import { ALL_SETTINGS, type Resource, synthesised } from './synth.ts';

const FULL = synthesised(ALL_SETTINGS);
const WORK = [
  ...USUAL.map((descriptor) => `worker-${descriptor.id}`),
  'alert',
  'pager',
  'chat',
  'changes',
  'health',
  'leaks',
  'deliver',
  'trail',
  'requests',
];

/** An account stands in a pattern as a reference. */
function resolved(pattern: Record<string, unknown>): Record<string, unknown> {
  return 'account' in pattern ? { ...pattern, account: FULL.list(pattern['account']) } : pattern;
}

function queue(name: string): Resource {
  return FULL.named('AWS::SQS::Queue', 'QueueName', `keyturn-main-${name}`)[1];
}

test('every queue is a work queue with a dead-letter queue, or a dead-letter queue of two weeks', () => {
  const names = FULL.of('AWS::SQS::Queue').map(([, one]) =>
    String(one.Properties['QueueName']).replace('keyturn-main-', ''),
  );
  const dlq = [
    ...WORK,
    'staging',
    'sweep-schedule',
    'reconcile-schedule',
    'discover-schedule',
    'alert-schedule',
    'measure-schedule',
  ].map((name) => `${name}-dlq`);
  assert.deepEqual(names.sort(), [...WORK, ...dlq].sort());
  for (const name of WORK)
    assert.equal(
      FULL.text(queue(name).Properties['RedrivePolicy'].deadLetterTargetArn).split(':').at(-1),
      `keyturn-main-${name}-dlq`,
    );
  for (const name of dlq) assert.equal(queue(name).Properties['MessageRetentionPeriod'], 14 * 24 * 3600);
  for (const [, one] of FULL.of('AWS::SQS::Queue'))
    assert.match(FULL.text(one.Properties['KmsMasterKeyId']), /KeysData/);
});

test(
  'every work queue is worked off a failed message at a time, and comes back when its function is surely ' +
    'over',
  () => {
    for (const name of WORK) {
      const source = FULL.of('AWS::Lambda::EventSourceMapping').find(([, one]) =>
        FULL.text(one.Properties['EventSourceArn']).endsWith(`:keyturn-main-${name}`),
      )?.[1];
      assert.ok(source, name);
      assert.deepEqual(source.Properties['FunctionResponseTypes'], ['ReportBatchItemFailures']);
      const fn = FULL.fn(FULL.text(source.Properties['FunctionName']));
      const [timeout, visibility] = [fn.Properties['Timeout'], queue(name).Properties['VisibilityTimeout']];
      const window = source.Properties['MaximumBatchingWindowInSeconds'] ?? 0;
      assert.equal(
        visibility,
        name.startsWith('worker-') || name === 'deliver' || name === 'requests'
          ? timeout + 60
          : 6 * timeout + window,
      );
      const wanted =
        USUAL.find((descriptor) => name === `worker-${descriptor.id}`)?.concurrency ??
        (name === 'deliver' ? 5 : 2);
      assert.equal(source.Properties['ScalingConfig'].MaximumConcurrency, Math.max(2, wanted));
    }
  },
);

test('a request of an operator lives until its queue has given it up', () => {
  for (const { id } of USUAL) {
    const { VisibilityTimeout, RedrivePolicy } = queue(`worker-${id}`).Properties;
    assert.ok(RedrivePolicy.maxReceiveCount * VisibilityTimeout * SECOND < REQUEST_LIFE);
    assert.equal(RedrivePolicy.maxReceiveCount, 5);
    const router = queue('requests').Properties;
    assert.ok(
      (router['RedrivePolicy'].maxReceiveCount * router['VisibilityTimeout'] +
        RedrivePolicy.maxReceiveCount * VisibilityTimeout) *
        SECOND <
        REQUEST_LIFE,
      'both queues together',
    );
  }
});

test(
  'findings go from the bus to alert, promotions to deliver, new current versions from the default bus ' +
    'to reconcile, alarms and own signals to health, reports of scanners to leaks',
  () => {
    const rules = FULL.of('AWS::Events::Rule').map(([, rule]) => ({
      bus: rule.Properties['EventBusName'] && FULL.text(rule.Properties['EventBusName']),
      pattern: resolved(rule.Properties['EventPattern']),
      to: FULL.text(rule.Properties['Targets'][0].Arn).split(':').at(-1),
      dead: FULL.text(rule.Properties['Targets'][0].DeadLetterConfig.Arn).split(':').at(-1),
    }));
    // What goes to other installations and comes from them: staging.test.ts.
    const own = rules.filter(
      ({ pattern, to }) =>
        !to?.startsWith('event-bus/') && !FULL.list(pattern['account'] ?? []).includes('777788889999'),
    );
    assert.deepEqual(
      own.toSorted((a, b) => String(a.to).localeCompare(String(b.to))),
      [
        {
          bus: 'keyturn-main',
          pattern: {
            account: ['111122223333'],
            source: [EVENT_SOURCE],
            'detail-type': [DETAIL_TYPES.finding, CANARY_DETAIL_TYPE],
          },
          to: 'keyturn-main-alert',
          dead: 'keyturn-main-alert-dlq',
        },
        {
          bus: undefined,
          pattern: {
            source: ['aws.secretsmanager'],
            'detail-type': ['Secret Label Updated'],
            detail: { labelUpdated: ['AWSCURRENT'] },
          },
          to: 'keyturn-main-changes',
          dead: 'keyturn-main-changes-dlq',
        },
        {
          bus: 'keyturn-main',
          pattern: {
            account: ['111122223333'],
            source: [EVENT_SOURCE],
            'detail-type': [DETAIL_TYPES.lifecycle],
            detail: { what: ['rotated', 'rolled-back'] },
          },
          to: 'keyturn-main-deliver',
          dead: 'keyturn-main-deliver-dlq',
        },
        {
          bus: undefined,
          pattern: {
            source: ['aws.cloudwatch'],
            'detail-type': ['CloudWatch Alarm State Change'],
            detail: { state: { value: ['ALARM'] } },
          },
          to: 'keyturn-main-health',
          dead: 'keyturn-main-health-dlq',
        },
        {
          bus: 'keyturn-main',
          pattern: {
            account: ['111122223333'],
            'detail-type': [HEALTH_SIGNAL],
            detail: { state: ['ALARM'] },
          },
          to: 'keyturn-main-health',
          dead: 'keyturn-main-health-dlq',
        },
        {
          bus: undefined,
          pattern: { source: ['com.example.scanner'], 'detail-type': ['Credential Leaked'] },
          to: 'keyturn-main-leaks',
          dead: 'keyturn-main-leaks-dlq',
        },
        {
          bus: undefined,
          pattern: {
            source: ['aws.secretsmanager', 'aws.kms'],
            'detail-type': ['AWS API Call via CloudTrail'],
            detail: {
              $or: [
                {
                  eventSource: Object.keys(WATCHED),
                  eventName: Object.values(WATCHED).flatMap((calls) => Object.keys(calls)),
                },
                {
                  eventSource: ['secretsmanager.amazonaws.com'],
                  eventName: ['ListSecrets'],
                  errorCode: DENIED.map((prefix) => ({ prefix })),
                },
              ],
            },
          },
          to: 'keyturn-main-trail',
          dead: 'keyturn-main-trail-dlq',
        },
      ],
    );
  },
);

test('only the rules of a queue may send to it, and command queues take nothing from services', () => {
  for (const name of ['health', 'health-dlq']) {
    const services = linesOfQueuePolicy(FULL, `keyturn-main-${name}`);
    assert.equal(services.length, 2);
    for (const rule of ['AlarmWentOff', 'SignalFired'])
      assert.ok(
        services.some(
          (line) =>
            line.startsWith('events.amazonaws.com sqs:SendMessage if aws:SourceArn=') &&
            line.includes(`KeyturnHealth${rule}`),
        ),
        rule,
      );
  }
  for (const name of [
    'alert',
    'alert-dlq',
    'changes',
    'changes-dlq',
    'leaks',
    'leaks-dlq',
    'deliver',
    'deliver-dlq',
    'trail',
    'trail-dlq',
  ]) {
    const services = linesOfQueuePolicy(FULL, `keyturn-main-${name}`).filter(
      (line) =>
        !line.includes('KeyturnStaging') &&
        !(name.startsWith('changes') && line.startsWith('sns.amazonaws.com')),
    );
    assert.equal(services.length, 1);
    assert.match(
      services[0] ?? '',
      /^events\.amazonaws\.com sqs:SendMessage if aws:SourceArn=.*Keyturn(AlertsFindingChanged|ReconcileLabelMoved|LeaksLeaked|DeliveryPromoted|DetectionCalled)/,
    );
  }
  for (const { id } of USUAL) assert.deepEqual(linesOfQueuePolicy(FULL, `keyturn-main-worker-${id}`), []);
});

test('sweep, reconcile and alert repeat at their intervals, with few tries and a dead-letter queue', () => {
  const synth = FULL;
  for (const [name, expression] of [
    ['sweep', 'rate(15 minutes)'],
    ['reconcile', 'rate(15 minutes)'],
    ['alert', 'rate(15 minutes)'],
  ] as const) {
    const { ScheduleExpression, Target, FlexibleTimeWindow } = synth.named(
      'AWS::Scheduler::Schedule',
      'Name',
      `keyturn-main-${name}`,
    )[1].Properties;
    assert.equal(ScheduleExpression, expression);
    assert.equal(FlexibleTimeWindow.Mode, 'OFF');
    assert.equal(Target.RetryPolicy.MaximumRetryAttempts, 2);
    assert.equal(
      synth.text(Target.DeadLetterConfig.Arn).split(':').at(-1),
      `keyturn-main-${name}-schedule-dlq`,
    );
  }
});

test('mail and pager hear everything: alarms carry no attributes that a filter could let through', () => {
  const subscriptions = FULL.of('AWS::SNS::Subscription').map(([, one]) => one.Properties);
  assert.deepEqual(
    subscriptions
      .filter((one) => one['Protocol'] === 'email')
      .map((one) => [one['Endpoint'], one['FilterPolicy']]),
    [
      ['sre@example.com', undefined],
      ['security@example.com', undefined],
    ],
  );
  const pager = subscriptions.find(
    (one) => one['Protocol'] === 'sqs' && FULL.text(one['Endpoint']).endsWith('pager'),
  );
  assert.match(FULL.text(pager?.['Endpoint']), /:keyturn-main-pager$/);
  assert.deepEqual([pager?.['FilterPolicy'], pager?.['RawMessageDelivery']], [undefined, true]);
  assert.match(FULL.text(pager?.['RedrivePolicy'].deadLetterTargetArn), /:keyturn-main-pager-dlq$/);
  for (const name of ['pager', 'pager-dlq'])
    assert.deepEqual(linesOfQueuePolicy(FULL, `keyturn-main-${name}`), [
      'sns.amazonaws.com sqs:SendMessage if ' +
        'aws:SourceArn=arn:aws:sns:eu-central-1:111122223333:keyturn-main-alerts',
    ]);
});

test('a chat room has a topic of its own, fed through a queue, and may do nothing', () => {
  const chat = FULL.of('AWS::SNS::Subscription')
    .map(([, one]) => one.Properties)
    .find((one) => one['Protocol'] === 'sqs' && FULL.text(one['Endpoint']).endsWith('chat'));
  assert.deepEqual(
    [FULL.text(chat?.['TopicArn']).split(':').at(-1), chat?.['FilterPolicy'], chat?.['RawMessageDelivery']],
    ['keyturn-main-alerts', undefined, true],
  );
  const slack = FULL.only('AWS::Chatbot::SlackChannelConfiguration').Properties;
  assert.deepEqual(
    [
      slack['SlackWorkspaceId'],
      slack['SlackChannelId'],
      FULL.list(slack['SnsTopicArns']).map((arn) => arn.split(':').at(-1)),
    ],
    ['T0123ABCDEF', 'C0123ABCDEF', ['keyturn-main-chat']],
  );
  assert.match(FULL.text(slack['GuardrailPolicies'][0]), /:iam::aws:policy\/AWSDenyAll$/);
  assert.deepEqual(permissionsOfRole(FULL, slack['IamRoleArn']['Fn::GetAtt'][0]), {});
  assert.deepEqual(synthesised({ alerts: { chat: {} } }).of('AWS::Chatbot::SlackChannelConfiguration'), []);
});

test('each address is subscribed once, to what it is to hear', () => {
  const synth = synthesised({
    alerts: {
      emails: ['all@x.com'],
      routes: [
        { owner: 'a', emails: ['a@x.com', 'both@x.com', 'all@x.com'], minSeverity: 'warning' },
        { owner: 'b', emails: ['both@x.com'] },
      ],
      fallbackOwner: 'b',
      escalateTo: ['boss@x.com', 'all@x.com'],
    },
  });
  const filters = Object.fromEntries(
    synth
      .of('AWS::SNS::Subscription')
      .filter(([, one]) => one.Properties['Protocol'] === 'email')
      .map(([, one]) => [one.Properties['Endpoint'], one.Properties['FilterPolicy']]),
  );
  const [a, b] = [
    { route: ['a'], severity: ['warning', 'critical'] },
    { route: ['b'], severity: ['info', 'warning', 'critical'] },
  ];
  assert.deepEqual(filters, {
    'all@x.com': undefined,
    'a@x.com': a,
    'both@x.com': { $or: [a, b] },
    'boss@x.com': { change: ['reminder'] },
  });
  const { ROUTED_OWNERS, FALLBACK_OWNER, REMIND_AFTER } =
    synth.fn('keyturn-main-alert').Properties['Environment'].Variables;
  assert.deepEqual([ROUTED_OWNERS, FALLBACK_OWNER, REMIND_AFTER], ['["a","b"]', 'b', '4h']);
});

test('without a pager in the settings there is none', () => {
  const plain = synthesised();
  assert.deepEqual(
    plain
      .of('AWS::SNS::Subscription')
      .filter(([, one]) => FULL.text(one.Properties['TopicArn']).endsWith('-alerts')),
    [],
  );
  assert.throws(() => plain.fn('keyturn-main-pager'));
});

test('the topic is encrypted, refuses plain connections, and takes alarms of this account', () => {
  const topic = FULL.named('AWS::SNS::Topic', 'TopicName', 'keyturn-main-alerts')[1];
  assert.match(FULL.text(topic.Properties['KmsMasterKeyId']), /KeysData/);
  const policy = FULL.of('AWS::SNS::TopicPolicy')
    .map(([, one]) => one)
    .find((one) => one.Properties['PolicyDocument'].Statement.length === 2);
  assert.ok(policy);
  const [plain, alarms] = policy.Properties['PolicyDocument'].Statement;
  assert.deepEqual([plain.Effect, plain.Condition], ['Deny', { Bool: { 'aws:SecureTransport': 'false' } }]);
  assert.deepEqual(alarms.Principal, { Service: 'cloudwatch.amazonaws.com' });
  assert.equal(FULL.text(alarms.Condition.StringEquals['aws:SourceAccount']), '111122223333');
});

test(
  'canaries come out of a topic of their own, under the same key, into the queue of reconcile: no people ' +
    'are subscribed to it',
  () => {
    const [alerts, canary] = ['alerts', 'canary'].map(
      (name) => FULL.named('AWS::SNS::Topic', 'TopicName', `keyturn-main-${name}`)[1],
    );
    assert.deepEqual(canary?.Properties['KmsMasterKeyId'], alerts?.Properties['KmsMasterKeyId']);
    const own = FULL.of('AWS::SNS::Subscription')
      .map(([, one]) => one.Properties)
      .filter((one) => FULL.text(one['TopicArn']).endsWith(':keyturn-main-canary'));
    assert.deepEqual(
      own.map((one) => [
        one['Protocol'],
        FULL.text(one['Endpoint']).split(':').at(-1),
        one['RawMessageDelivery'],
        FULL.text(one['RedrivePolicy'].deadLetterTargetArn).split(':').at(-1),
      ]),
      [['sqs', 'keyturn-main-changes', true, 'keyturn-main-changes-dlq']],
    );
    for (const name of ['changes', 'changes-dlq'])
      assert.deepEqual(
        linesOfQueuePolicy(FULL, `keyturn-main-${name}`).filter((line) => line.startsWith('sns')),
        [
          'sns.amazonaws.com sqs:SendMessage if ' +
            'aws:SourceArn=arn:aws:sns:eu-central-1:111122223333:keyturn-main-canary',
        ],
      );
  },
);

test(
  'services that name their account publish under the key for it alone; EventBridge cannot, and each ' +
    'queue that takes its events names the rule instead',
  () => {
    const [, key] = FULL.of('AWS::KMS::Key').find(([id]) => id.includes('KeysData')) ?? [];
    const services = FULL.list(
      key?.Properties['KeyPolicy'].Statement.filter(
        (one: { Principal: { Service?: unknown } }) => one.Principal.Service !== undefined,
      ).map((one: { Sid: string }) => one.Sid),
    );
    assert.deepEqual(services.toSorted(), ['EncryptLogs', 'EventsEncrypted', 'PublishEncrypted']);
    const statement = (sid: string) =>
      key?.Properties['KeyPolicy'].Statement.find((one: { Sid?: string }) => one.Sid === sid);
    assert.equal(
      FULL.text(statement('PublishEncrypted').Condition.StringEquals['aws:SourceAccount']),
      '111122223333',
    );
    assert.deepEqual(
      [statement('EventsEncrypted').Principal, statement('EventsEncrypted').Condition],
      [{ Service: 'events.amazonaws.com' }, undefined],
    );
    const targets = new Set(
      FULL.of('AWS::Events::Rule')
        .flatMap(([, rule]) =>
          rule.Properties['Targets'].flatMap((one: { Arn: unknown; DeadLetterConfig: { Arn: unknown } }) => [
            FULL.text(one.Arn),
            FULL.text(one.DeadLetterConfig.Arn),
          ]),
        )
        .filter((arn) => arn.includes(':sqs:')),
    );
    assert.ok(targets.size > 10);
    for (const arn of targets)
      assert.match(
        linesOfQueuePolicy(FULL, arn.split(':').at(-1) ?? '').find((line) => line.startsWith('events')) ?? '',
        /^events\.amazonaws\.com sqs:SendMessage if aws:SourceArn=.+/,
        arn,
      );
  },
);

test('detection gets read-only events too, says what it needs, and is not there unless asked for', () => {
  const rule = FULL.of('AWS::Events::Rule')
    .map(([, one]) => one.Properties)
    .find((one) => FULL.text(one['Targets'][0].Arn).endsWith(':keyturn-main-trail'));
  assert.equal(rule?.['State'], 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  assert.ok(JSON.stringify(rule?.['EventPattern']).length <= 2_048, 'EventBridge takes no longer pattern');
  assert.ok(Object.values(FULL.outputs).some((one) => one.Value === DETECTION_NEEDS));
  const plain = synthesised();
  assert.throws(() => plain.fn('keyturn-main-detect'));
  assert.ok(plain.of('AWS::Events::Rule').every(([, one]) => one.Properties['State'] === 'ENABLED'));
});

test(
  'reconcile knows who is to be subscribed: each address once with what it hears, the pager, and the ' +
    'room with its topic',
  () => {
    const Routes = ReconcileEnv.pick({ MAIL_ROUTES: true, QUEUE_ROUTES: true });
    const routesIn = (settings: Partial<SettingsInput>): unknown => {
      const { MAIL_ROUTES, QUEUE_ROUTES } =
        synthesised(settings).fn('keyturn-main-reconcile').Properties['Environment'].Variables;
      return Object.values(
        Routes.parse({ MAIL_ROUTES, QUEUE_ROUTES: synthesised(settings).text(QUEUE_ROUTES) }),
      ).flat();
    };
    const arn = (service: string, name: string): string =>
      `arn:aws:${service}:eu-central-1:111122223333:keyturn-main-${name}`;
    assert.deepEqual(routesIn(ALL_SETTINGS), [
      { to: 'sre@example.com' },
      { to: 'security@example.com' },
      { to: arn('sqs', 'chat'), on: arn('sns', 'chat') },
      { to: arn('sqs', 'pager'), minSeverity: 'critical' },
    ]);
    const routes = [
      { owner: 'team-billing', emails: ['b@example.com', 'sre@example.com'], minSeverity: 'warning' },
      { owner: 'team-ops', emails: ['b@example.com'] },
    ] as const;
    assert.deepEqual(
      routesIn({
        alerts: {
          emails: ['sre@example.com'],
          routes: routes.map((one) => ({ ...one, emails: [...one.emails] })),
          escalateTo: ['cto@example.com'],
        },
      }),
      [
        { to: 'sre@example.com' },
        { to: 'b@example.com', owners: { 'team-billing': 'warning', 'team-ops': 'info' } },
        { to: 'cto@example.com', owners: {} },
      ],
    );
  },
);

test(
  'a hundred teams with an address each fit into what Lambda takes; what does not is refused in one ' +
    'sentence',
  () => {
    const teams = (count: number): Partial<SettingsInput> => ({
      alerts: {
        routes: Array.from({ length: count }, (_, index) => ({
          owner: `team-${(index * 7919).toString(36)}`,
          emails: [`${(index * 104729).toString(36)}@example.com`],
        })),
      },
    });
    assert.equal(
      synthesised(teams(100))
        .of('AWS::SNS::Subscription')
        .filter(([, one]) => one.Properties['Protocol'] === 'email').length,
      100,
    );
    assert.throws(() => synthesised(teams(400)), {
      name: 'SettingsError',
      message:
        /^The function keyturn-main-[a-z-]+ has \d+ bytes of environment, and Lambda takes at most 4096\. Name fewer alerts\.routes, /,
    });
  },
);
