import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamodbInventory } from '../../../functions/adapters/dynamodb/inventory.ts';
import type { InstallationRecord } from '../../../functions/core/inventory/installation.ts';
import { tokenIdOf } from '../../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Principal } from '../../../lib/sandbox/aws/types.ts';
import { callerId } from '../../../lib/sandbox/aws/sts.ts';
import { createSandbox, type Sandbox } from '../../../lib/sandbox/index.ts';
import { SANDBOX_SETTINGS } from '../../../lib/sandbox/runtime/settings.ts';
import { alertsAreTested } from './alerts-tested.ts';
import { CONSUMER } from './consumer.ts';
import { SETTINGS, TOKEN_TAGS } from './stack-settings.ts';
import { leakCost } from '../../bench/leak.ts';
import { permissionsOf } from '../../infra/permissions.ts';
import { synthesised } from '../../infra/synth.ts';
import { DONE_BY_AWS, PERMISSION_OF, UNCALLED } from '../../infra/uncalled.ts';
import { ISSUER_PATH } from '../../../lib/sandbox/runtime/thread/requests.ts';
import { digestOf } from '../../../lib/cli/leaks/scanner-reports.ts';
import { GithubAlertsSimulator, type GithubDelivery } from '../../../lib/sandbox/issuers/github-alerts.ts';
import { GitlabSimulator } from '../../../lib/sandbox/issuers/gitlab.ts';

const NAME = 'billing/gitlab';

let sandbox: Sandbox;
let gitlab: GitlabSimulator;
let github: GithubAlertsSimulator;
let operator: SecretsManagerClient;
let started: number;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));
  sandbox = await createSandbox({
    folder,
    removeOnClose: true,
    settings: SETTINGS,
    issuers: async ({ clock }) => {
      github = new GithubAlertsSimulator({
        clock,
        webhookSecret: 'hook-key-canary',
        token: 'github-token-canary',
      });
      return [(gitlab = new GitlabSimulator({ clock }))];
    },
    hosts: new Map([['github.acme.test', (request) => github.fetch(request)]]),
    grants: { gitlab: [NAME] },
  });
  started = sandbox.clock.now();
  const { endpoint, region, credentials } = sandbox.operate();
  operator = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 });
});

after(async () => {
  operator.destroy();
  await sandbox.close();
  assert.equal(existsSync(sandbox.folder), false, 'the folder is left behind');
});

function failures(): string[] {
  return sandbox.runs.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]));
}

async function live(): Promise<string[]> {
  return (await gitlab.credentials(NAME))
    .filter((credential) => credential.live)
    .map((credential) => credential.value);
}

async function current(): Promise<unknown> {
  return (await read(NAME)).token;
}

async function read(SecretId: string): Promise<Record<string, unknown>> {
  const { SecretString } = Object(
    await sandbox.aws.call({
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      input: { SecretId },
      principal: CONSUMER,
    }),
  );
  return JSON.parse(SecretString);
}

test('the deployed stack enrols a tagged secret, rotates it, and revokes the old after grace', async () => {
  const begun: unknown[] = [];
  sandbox.aws.ecs.add({
    cluster: 'prod',
    service: 'billing-api',
    onStart: () => void read('prod/app').then(({ GITLAB_TOKEN }) => begun.push(GITLAB_TOKEN)),
  });
  await operator.send(
    new CreateSecretCommand({ Name: 'prod/app', SecretString: '{"DB":"db-canary",\n "GITLAB_TOKEN":""}' }),
  );
  const Tags = TOKEN_TAGS.map(([Key, Value]) => ({ Key, Value }));
  await operator.send(
    new CreateSecretCommand({ Name: NAME, SecretString: await gitlab.createByHand(NAME), Tags }),
  );
  const rotate = `keyturn-main-rotate-gitlab`;
  await operator.send(
    new RotateSecretCommand({
      SecretId: NAME,
      RotationLambdaARN: sandbox.aws.lambda.arnOf(rotate),
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    }),
  );
  const [first] = await live();

  await sandbox.advance(DAY);
  assert.deepEqual(failures(), []);
  assert.deepEqual(await live(), [first]);
  const stepsBefore = sandbox.runs.filter(({ name }) => name === rotate).length;

  await sandbox.advance(DAY + 12 * HOUR);
  assert.equal(sandbox.runs.filter(({ name }) => name === rotate).length - stepsBefore, 4);
  const after = await live();
  assert.equal(after.length, 1);
  assert.notEqual(after[0], first);
  assert.equal(await current(), after[0]);
  const [github, webhook] = sandbox.destinations;
  assert.equal(await github?.held(), after[0], 'GitHub can open the new value');
  assert.ok(await webhook?.held(), 'the webhook was told');
  assert.equal(
    sandbox.aws.log.filter((one) => one.operation === 'UpdateService').length,
    1,
    'the ECS service was deployed anew, once',
  );
  assert.deepEqual(await read('prod/app'), { DB: 'db-canary', GITLAB_TOKEN: after[0] });
  assert.equal(begun.at(-1), after[0], 'its tasks were started when the secret had the new value');
  const [old, young] = await gitlab.credentials(NAME);
  assert.ok(old && young);
  assert.equal(old.live, false);
  assert.deepEqual(failures(), []);
  assert.deepEqual(sandbox.mails, []);
});

test('a credential revoked at the issuer is reported by mail and pager, replaced, and resolved', async () => {
  const ended = (await gitlab.credentials(NAME)).find((credential) => credential.live);
  assert.ok(ended);
  await gitlab.revokeByHand(ended.handle);
  await sandbox.advance(2 * DAY);
  const [replacement] = await live();
  assert.ok(replacement);
  assert.equal(await current(), replacement);
  const subjects = sandbox.mails
    .map(({ subject }) => subject)
    .filter((subject) => !subject.startsWith('[still open]'));
  assert.equal(subjects.length, 2, subjects.join('; '));
  assert.match(subjects[0] ?? '', /billing\/gitlab/);
  assert.ok(sandbox.mails.every(({ to }) => to === 'team@keyturn.test'));
  assert.match(
    readFileSync(sandbox.mails[0]?.file ?? '', 'utf8'),
    /^Date: .+\nFrom: .+\nTo: team@keyturn\.test\nSubject: /,
  );
  // What stays open is paged again under the same key, which rings no second incident.
  assert.deepEqual([...new Set(sandbox.pages.map(({ action }) => action))], ['trigger', 'resolve']);
  assert.equal(new Set(sandbox.pages.map(({ dedupKey }) => dedupKey)).size, 1);
});

test('a leaked value is known by its digest, revoked within a minute, and written nowhere', async () => {
  const before = sandbox.runs.length;
  // How long it takes in real time is the bench's to say.
  const { virtual } = await leakCost(sandbox);
  assert.ok(
    virtual.replacedSeconds <= virtual.revocationVerifiedSeconds && virtual.revocationVerifiedSeconds <= 60,
    JSON.stringify(virtual),
  );
  assert.deepEqual(failures(), []);
  assert.ok(sandbox.runs.slice(before).some(({ name }) => name === 'keyturn-main-leaks'));
  const [leaked] = await gitlab.credentials('bench/leaked');
  assert.ok(leaked && !leaked.live);
  const logs = sandbox.functions
    .map((name) => join(sandbox.folder, 'logs', `${name}.jsonl`))
    .filter((file) => existsSync(file));
  const text =
    logs.map((file) => readFileSync(file, 'utf8')).join('\n') +
    JSON.stringify([sandbox.aws.log, sandbox.aws.events]);
  assert.ok(!text.includes(leaked.value));
});

/** What GitHub does: it posts to the public URL. */
async function post(delivery: GithubDelivery): Promise<number> {
  const { host } = new URL(sandbox.outputs.get('KeyturnIntakeUrl') ?? '');
  const response = await fetch(`${sandbox.endpoint}${ISSUER_PATH}${host}/`, {
    method: 'POST',
    headers: delivery.headers,
    body: delivery.body,
  });
  await response.body?.cancel();
  return response.status;
}

test('an alert of GitHub by webhook, or an event of a scanner, ends the credential', async () => {
  for (const [Name, SecretString] of [
    ['ops/github-webhook', 'hook-key-canary'],
    ['ops/github-token', 'github-token-canary'],
  ] as const)
    await sandbox.aws.call({
      service: 'secretsmanager',
      operation: 'CreateSecret',
      input: { Name, SecretString },
      principal: { kind: 'root' },
    });
  const [found] = await live();
  assert.ok(found);
  const delivery = github.find('acme/app', found);
  assert.equal(await post({ ...delivery, body: delivery.body.replace('acme', 'evil') }), 401);
  assert.deepEqual([await post(delivery), await post(delivery)], [202, 202]);
  await sandbox.advance(MINUTE);
  const [replacement, ...others] = await live();
  assert.ok(replacement && replacement !== found);
  assert.deepEqual(others, []);
  assert.equal(await current(), replacement);
  assert.equal(github.asked.length, 1);
  const Entries = [
    {
      Source: 'com.example.scanner',
      DetailType: 'Credential Leaked',
      Detail: JSON.stringify({ sha256: digestOf(replacement) }),
    },
  ];
  await sandbox.aws.call({
    service: 'events',
    operation: 'PutEvents',
    input: { Entries },
    principal: { kind: 'root' },
  });
  await sandbox.advance(MINUTE);
  assert.ok(!(await live()).includes(replacement));
  assert.deepEqual(failures(), []);
});

test('an alarm of CloudWatch that fires and is over reaches mail and pager by the topic', async () => {
  const arn = sandbox.outputs.get('KeyturnAlertTopicArn') ?? '';
  const told = [sandbox.mails.length, sandbox.pages.length];
  const cloudwatch: Principal = {
    kind: 'service',
    service: 'cloudwatch.amazonaws.com',
    sourceArn: 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:keyturn-main-sweep-silent',
  };
  for (const NewStateValue of ['ALARM', 'OK']) {
    const StateChangeTime = new Date(sandbox.clock.now()).toISOString().replace('Z', '+0000');
    sandbox.aws.sns.deliver(cloudwatch, arn, {
      body: JSON.stringify({
        AlarmName: 'keyturn-main-sweep-silent',
        AlarmDescription: 'The sweep does not run.',
        NewStateValue,
        NewStateReason: 'no data',
        StateChangeTime,
        Region: 'EU (Frankfurt)',
      }),
    });
    await sandbox.advance(MINUTE);
  }
  assert.equal(sandbox.mails.length, (told[0] ?? 0) + 2);
  const pages = sandbox.pages.slice(told[1]);
  assert.deepEqual(
    pages.map(({ action, dedupKey }) => [action, dedupKey]),
    ['trigger', 'resolve'].map((action) => [
      action,
      'keyturn/111122223333/eu-central-1/main/alarm/keyturn-main-sweep-silent',
    ]),
  );
  assert.deepEqual(failures(), []);
});

test('the daily reconcile runs as deployed, finds an unregistered secret, and reads none', async () => {
  await sandbox.aws.call({
    service: 'secretsmanager',
    operation: 'CreateSecret',
    input: { Name: 'prod/datadog-api-key', SecretString: 'nobody-reads-this' },
    principal: { kind: 'root' },
  });
  const reads = (): number => sandbox.aws.log.filter((one) => one.operation === 'GetSecretValue').length;
  const before = reads();
  await sandbox.invoke('keyturn-main-discover', {});
  assert.equal(reads(), before);
  await sandbox.advance(MINUTE);
  assert.ok(
    sandbox.aws.events.some((event) => JSON.stringify(event.detail).includes('prod/datadog-api-key')),
    'it was not told',
  );
  assert.deepEqual(failures(), []);
});

test('the operator reads no value, and a caller without a key is unknown', async () => {
  const { endpoint, region } = sandbox.operate();
  await assert.rejects(operator.send(new GetSecretValueCommand({ SecretId: NAME })), {
    name: 'AccessDeniedException',
  });
  const outsider = new SecretsManagerClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await assert.rejects(outsider.send(new GetSecretValueCommand({ SecretId: NAME })), {
    name: 'UnrecognizedClientException',
  });
  outsider.destroy();
});

test('an unknown reader is found from the trail, and reported with what was expected', async () => {
  const { region, account } = sandbox.aws;
  const Resource = `arn:aws:secretsmanager:${region}:${account}:secret:${NAME}-??????`;
  const policies = [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource }],
    },
  ];
  const laptop = new SecretsManagerClient({
    ...sandbox.aws.clientConfig({
      kind: 'role',
      name: 'laptop',
      session: 'x',
      policies,
      from: { address: '198.51.100.7', agent: 'aws-cli/2.15' },
    }),
    maxAttempts: 1,
  });
  const told = sandbox.mails.length;
  await laptop.send(new GetSecretValueCommand({ SecretId: NAME }));
  await sandbox.advance(3 * MINUTE);
  assert.deepEqual(failures(), []);
  const mail = sandbox.mails.slice(told).find((one) => one.subject.includes('A new reader'));
  const text = readFileSync(mail?.file ?? '', 'utf8');
  assert.match(text, /role\/laptop read it from 198\.51\.0\.0\/16 in eu-central-1 with aws-cli at/);
  assert.match(text, /known readers are role\/billing-api/);
});

async function inspectedAt(tokenId: string): Promise<number | undefined> {
  const client = new DynamoDBClient({ ...sandbox.aws.clientConfig({ kind: 'root' }), maxAttempts: 1 });
  try {
    return (await dynamodbInventory({ client, name: 'keyturn-main' }).load(tokenId))?.token.inspectedAt;
  } finally {
    client.destroy();
  }
}

test('a request of a person reaches the worker in their name; a forged one goes nowhere', async () => {
  const { endpoint, region, credentials } = sandbox.operate();
  const people = new SQSClient({ endpoint, region, credentials, maxAttempts: 1 });
  const send = (queue: string, body: object): Promise<unknown> =>
    people.send(
      new SendMessageCommand({
        QueueUrl: sandbox.aws.sqs.urlOf(`keyturn-main-${queue}`),
        MessageBody: JSON.stringify(body),
      }),
    );
  const { ARN } = await operator.send(new DescribeSecretCommand({ SecretId: NAME }));
  const head = { tokenId: tokenIdOf(ARN ?? ''), notAfter: sandbox.clock.now() + HOUR };
  const before = await current();
  await send('worker-gitlab', {
    command: { ...head, kind: 'end', how: 'retire' },
    requestedBy: 'AROAOPERATOR:you',
  });
  await send('worker-gitlab', { ...head, kind: 'rotate' });
  await sandbox.advance(2 * MINUTE);
  assert.equal(await current(), before);
  assert.match(
    readFileSync(join(sandbox.folder, 'logs', 'keyturn-main-worker-gitlab.jsonl'), 'utf8'),
    /unknown sender[^\n]*"kind":"end"/,
  );
  await send('requests', { ...head, kind: 'rotate' });
  await sandbox.advance(2 * MINUTE);
  assert.notEqual(await current(), before);
  const inspected = (await inspectedAt(head.tokenId)) ?? 0;
  await send('requests', { ...head, kind: 'inspect', secretArn: ARN, provider: 'gitlab' });
  await sandbox.advance(MINUTE);
  assert.ok(((await inspectedAt(head.tokenId)) ?? 0) > inspected, 'a person may have Keyturn look');
  const history = Object(
    await sandbox.aws.call({
      service: 'dynamodb',
      operation: 'Query',
      input: {
        TableName: 'keyturn-main',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `H#${head.tokenId}` } },
      },
      principal: { kind: 'root' },
    }),
  );
  assert.match(JSON.stringify(history.Items), new RegExp(callerId(operatorPrincipal(), sandbox.aws.account)));
  people.destroy();
  assert.deepEqual(failures(), []);
});

test('a test of alerts that an operator asks for reaches mail and pager, and then is over', async () => {
  const before = await live();
  await alertsAreTested(sandbox);
  assert.deepEqual(await live(), before, 'no token is touched');
  assert.deepEqual(failures(), []);
});

function operatorPrincipal(): Principal {
  return { kind: 'role', name: 'operator', session: 'you', policies: [] };
}

/** What the root user does to the account. */
async function byRoot(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
  return Object(await sandbox.aws.call({ service, operation, input, principal: { kind: 'root' } }));
}

async function installationRecordNow(): Promise<InstallationRecord> {
  return (
    await dynamodbInventory({
      client: new DynamoDBClient(sandbox.aws.clientConfig({ kind: 'root' })),
      name: 'keyturn-main',
    }).loadInstallationRecord()
  ).installationRecord;
}

/**
 * What reconcile told CloudWatch, over all time: that as far as anybody knows the way of findings is open.
 */
function heartbeats(): number {
  return readFileSync(join(sandbox.folder, 'logs', 'keyturn-main-reconcile.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"part":"canary"') && line.includes('"Heartbeat":')).length;
}

const TOPIC = 'keyturn-main-canary';
const isCanary = (text: string): boolean => text.includes('"type":"canary"');

test('once a day a canary goes the whole way of a finding, and comes out where no people are', async () => {
  const sent = sandbox.aws.log.filter(
    ({ operation, resource }) => operation === 'Publish' && resource.endsWith(`:${TOPIC}`),
  ).length;
  const days = (sandbox.clock.now() - started) / DAY;
  assert.ok(sent >= Math.floor(days) && sent <= Math.ceil(days), `${sent} in ${days} days`);
  const { canary } = await installationRecordNow();
  assert.ok(canary && (canary.arrivedAt ?? Infinity) - canary.sentAt <= MINUTE, JSON.stringify(canary));
  assert.ok(heartbeats() >= 4 * 24 * Math.floor(days));
  assert.deepEqual(
    sandbox.mails.filter(({ file }) => /canar/i.test(readFileSync(file, 'utf8'))),
    [],
  );
  assert.deepEqual(
    sandbox.aws.sqs
      .names()
      .filter((name) => sandbox.aws.sqs.queue(name).messages.some(({ body }) => isCanary(body))),
    [],
  );
});

/** Functions of the issuer that runs here, and those that no provider has of its own. */
function functionsTried(): string[] {
  return sandbox.functions.filter((name) => !/-(okta|npm-registry)$/.test(name));
}

function callsOf(functionName: string): { action: string; denied: boolean }[] {
  const own = sandbox.aws.log.filter(({ principal }) => principal.endsWith(`/${functionName}`));
  return own.map(({ service, operation, errorCode }) => {
    const call = `${service === 'monitoring' ? 'cloudwatch' : service}:${operation}`;
    return { action: PERMISSION_OF[call] ?? call, denied: errorCode?.startsWith('AccessDenied') === true };
  });
}

test('no function was denied a call, and each grant was used or says why it is there', () => {
  const synth = synthesised({ ...SANDBOX_SETTINGS, ...SETTINGS });
  const unexplained: Record<string, string[]> = {};
  const explained: Record<string, string[]> = {};
  for (const name of functionsTried()) {
    const calls = callsOf(name);
    assert.deepEqual(
      calls.filter(({ denied }) => denied),
      [],
      name,
    );
    const called = new Set(calls.map(({ action }) => action));
    const granted = new Set(
      Object.entries(permissionsOf(synth, name)).flatMap(([resource, actions]) =>
        resource.startsWith('DENY') ? [] : actions.split(' '),
      ),
    );
    const part = name.replace('keyturn-main-', '');
    const uncalled = [...granted]
      .filter((action) => !called.has(action) && DONE_BY_AWS[action] === undefined)
      .sort();
    if (uncalled.length > 0) unexplained[part] = uncalled;
    const listed = Object.keys(UNCALLED[part] ?? {}).sort();
    if (listed.length > 0) explained[part] = listed;
  }
  assert.deepEqual(unexplained, explained);
});

test('no value of a credential is in a log, a mail or a page', async () => {
  const values = (await gitlab.credentials(NAME)).map(({ value }) => value);
  const written = [
    ...sandbox.functions.map((name) => join(sandbox.folder, 'logs', `${name}.jsonl`)),
    ...sandbox.mails.map(({ file }) => file),
    join(sandbox.folder, 'pages.jsonl'),
  ].filter((file) => existsSync(file));
  const text =
    written.map((file) => readFileSync(file, 'utf8')).join('\n') +
    JSON.stringify([sandbox.aws.log, sandbox.aws.events, sandbox.runs]);
  assert.ok(written.length > 5);
  assert.deepEqual(
    values.filter((value) => text.includes(value)),
    [],
  );
});

interface Break {
  readonly link: string;
  breakIt(): Promise<void>;
  mend(): Promise<void>;
}

const TOLD_ITEM = { pk: { S: 'A#alert#canary' }, sk: { S: 'ALERT' } };

async function ruleOfFindings(): Promise<object> {
  const { Rules } = await byRoot('events', 'ListRules', { EventBusName: 'keyturn-main' });
  const [rule] = (Array.isArray(Rules) ? Rules : []).filter(({ Name }) =>
    String(Name).includes('FindingChanged'),
  );
  return { Name: rule?.Name, EventBusName: 'keyturn-main' };
}

/** Puts the topic there anew under a key; who is subscribed to it stays. */
async function keyOfTopic(kmsKeyId: string): Promise<void> {
  sandbox.aws.sns.add({ name: TOPIC, kmsKeyId });
}

const BREAKS: readonly Break[] = [
  {
    link: 'the alert function fails, since what it remembers is damaged',
    breakIt: async () =>
      void (await byRoot('dynamodb', 'PutItem', {
        TableName: 'keyturn-main',
        Item: { ...TOLD_ITEM, sequence: { S: 'x' } },
      })),
    mend: async () =>
      void (await byRoot('dynamodb', 'DeleteItem', { TableName: 'keyturn-main', Key: TOLD_ITEM })),
  },
  {
    link: 'the key of the topic is denied',
    breakIt: () =>
      keyOfTopic(
        sandbox.aws.kms.add({
          id: '00000000-0000-4000-8000-00000000c0de',
          spec: 'SYMMETRIC_DEFAULT',
          policy: { Version: '2012-10-17', Statement: [] },
        }),
      ),
    mend: () => keyOfTopic(sandbox.outputs.get('KeyturnDataKeyArn') ?? ''),
  },
  {
    link: 'the subscription is gone',
    breakIt: async () => {
      const { Subscriptions } = await byRoot('sns', 'ListSubscriptionsByTopic', {
        TopicArn: sandbox.aws.sns.arnOf(TOPIC),
      });
      for (const { SubscriptionArn } of Array.isArray(Subscriptions) ? Subscriptions : [])
        await byRoot('sns', 'Unsubscribe', { SubscriptionArn });
    },
    mend: async () =>
      void sandbox.aws.sns.subscribe(sandbox.aws.sns.arnOf(TOPIC), {
        protocol: 'sqs',
        endpoint: sandbox.aws.sqs.arnOf('keyturn-main-changes'),
        rawMessageDelivery: true,
      }),
  },
  {
    link: 'the rule is disabled',
    breakIt: async () => void (await byRoot('events', 'DisableRule', await ruleOfFindings())),
    mend: async () => void (await byRoot('events', 'EnableRule', await ruleOfFindings())),
  },
];

test('a lost canary is a finding and silences the heartbeat; both are over once one arrives', async () => {
  const isFound = async (): Promise<boolean> =>
    (await installationRecordNow()).findings.some(
      ({ subject, state }) => subject === 'canary' && state === 'open',
    );
  const [first, ...others] = BREAKS;
  assert.ok(first);
  await first.breakIt();
  await sandbox.advance(DAY + 2 * HOUR + 30 * MINUTE);
  let broken = first;
  for (const next of [...others, undefined]) {
    const before = heartbeats();
    assert.ok(await isFound(), broken.link);
    // One more is sent within an hour, and gets lost too.
    const sent = (await installationRecordNow()).canary?.id;
    await sandbox.advance(HOUR + 15 * MINUTE);
    assert.notEqual((await installationRecordNow()).canary?.id, sent);
    assert.ok(await isFound(), broken.link);
    assert.equal(heartbeats(), before, broken.link);
    if (next) await next.breakIt();
    await broken.mend();
    broken = next ?? broken;
  }
  await sandbox.advance(HOUR + 30 * MINUTE);
  assert.equal(await isFound(), false);
  const mended = heartbeats();
  await sandbox.advance(HOUR);
  assert.equal(heartbeats() - mended, 4);
  const told = sandbox.mails
    .filter(
      ({ subject, file }) =>
        subject.includes('Alerts do not reach') &&
        /Canaries take their path/.test(readFileSync(file, 'utf8')),
    )
    .map(({ subject }) => subject);
  assert.match(told[0] ?? '', /^\[critical\]/, 'people hear of it as long as their own way is open');
  assert.match(told.at(-1) ?? '', /^\[resolved\]/);
});

test('docs/guide.md, "A canary a day": a policy of the alert topic misses it; alerts wait', async () => {
  const deny = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
  } as const;
  sandbox.aws.sns.add({
    name: 'keyturn-main-alerts',
    kmsKeyId: sandbox.outputs.get('KeyturnDataKeyArn') ?? '',
    policy: deny,
  });
  const mails = sandbox.mails.length;
  const from = sandbox.clock.now();
  const [ended] = (await gitlab.credentials(NAME)).filter((credential) => credential.live);
  await gitlab.revokeByHand(ended?.handle ?? '');
  await sandbox.advance(DAY + 2 * HOUR);
  const { canary, findings } = await installationRecordNow();
  assert.ok((canary?.arrivedAt ?? 0) > from, 'if canaries meet it now, say so in the guide');
  assert.deepEqual(
    findings.filter(({ subject, state }) => subject === 'canary' && state === 'open'),
    [],
  );
  assert.equal(sandbox.mails.length, mails, 'nobody was told');
  assert.ok(sandbox.aws.sqs.queue('keyturn-main-alert-dlq').messages.length > 0, 'what was not told is lost');
});
