import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamodbAlertLedger } from '../../functions/adapters/dynamodb/alert-ledger.ts';
import { dynamodbInventory } from '../../functions/adapters/dynamodb/inventory.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { packed } from '../../functions/handlers/common.env.ts';
import { localDynamo } from '../adapters/dynalite.ts';
import { T0, aFinding, aToken } from '../fakes/tokens.ts';

const dynamo = await localDynamo();
after(() => dynamo.close());

const run = promisify(execFile);
const ROOT = new URL('../../', import.meta.url).pathname;
const CANARY = 'canary-5f1d';

interface Outcome {
  readonly answer: unknown;
  readonly error: string | undefined;
  /** Everything the function wrote. */
  readonly output: string;
}

/** Calls an exported handler in a process of its own, as a cold start does. */
async function invoke(
  file: string,
  name: string,
  event: object,
  env: Record<string, string>,
): Promise<Outcome> {
  const script = `
    const module = await import(${JSON.stringify(`${ROOT}functions/handlers/${file}.ts`)});
    const context = { getRemainingTimeInMillis: () => 60_000 };
    const failed = (error) => ({ error: String(error.message), stack: String(error.stack) });
    const result = await module[${JSON.stringify(name)}](JSON.parse(process.env.EVENT), context)
      .then((answer) => ({ answer }), failed);
    console.log('RESULT' + JSON.stringify(result));`;
  const base = {
    PATH: process.env['PATH'] ?? '',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    EVENT: JSON.stringify(event),
  };
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...base, ...env },
  });
  const result = JSON.parse(stdout.split('RESULT')[1] ?? '{}');
  return { answer: result.answer, error: result.error, output: stdout + stderr };
}

async function environment(): Promise<{
  env: Record<string, string>;
  table: Awaited<ReturnType<typeof dynamo.table>>;
}> {
  const table = await dynamo.table();
  const endpoint = await dynamo.client.config.endpoint?.();
  const env = {
    KEYTURN_INSTALLATION: 'main',
    KEYTURN_ACCOUNT: '111122223333',
    TABLE_NAME: table.name,
    BUS_NAME: 'bus',
    POLICY_DEFAULTS: '{}',
    WORKER_QUEUES: 'https://sqs.example/act-* gitlab',
    DELIVERY_QUEUE: '',
    DELIVERY_KINDS: '',
    ROTATIONS_AT_ONCE: '3',
    RECONCILE_EVERY: '60',
    TRAIL: 'off',
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:keyturn-main-alerts',
    MAIL_ROUTES: packed([]),
    QUEUE_ROUTES: '[]',
    ISSUER_LIMITS: 'gitlab=20/120',
    KEYTURN_PROVIDER: 'gitlab',
    ADMIN_PREFIX: 'keyturn/admin/gitlab',
    HMAC_KEY_ID: 'key',
    ALLOWED_HOSTS: '',
    WORKER_QUEUE: 'https://sqs.example/act',
    COMMANDS_ARN: 'arn:aws:sqs:eu-west-1:111122223333:act',
    SENDERS: JSON.stringify({
      router: 'AROA1',
      sweep: 'AROA2',
      reconcile: 'AROA3',
      rotate: 'AROA4',
      leaks: 'AROA5',
      health: 'AROA6',
    }),
    AWS_ENDPOINT_URL_DYNAMODB: `http://${endpoint?.hostname}:${endpoint?.port}`,
  };
  return { env, table };
}

const DAMAGED = 'prod/x-AbC123';

/** A record that no version of Keyturn wrote, and that is due. */
async function putDamagedRecord({ client, name }: Table): Promise<void> {
  const item = marshall({ pk: `T#${DAMAGED}`, sk: 'META', recordShard: '0', dueShard: '0', dueAt: 1 });
  await client.send(new PutItemCommand({ TableName: name, Item: item }));
}

/** A service that gives everyone the same answer. */
async function answering(text: string): Promise<{ url: string; close(): void }> {
  const server = createServer(
    (request, response) => void request.resume().on('end', () => response.end(text)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close: () => void server.close(),
  };
}

describe('a cold start', () => {
  it('of sweep reads the table that its environment names', async () => {
    const { env } = await environment();
    const { error, output } = await invoke('sweep', 'handler', {}, env);
    assert.equal(error, undefined);
    assert.match(output, /"message":"swept".*"looked":0/);
  });

  it('of sweep fails after its work when a token could not be swept', async () => {
    const { env, table } = await environment();
    await putDamagedRecord(table);
    const { error, output } = await invoke('sweep', 'handler', {}, env);
    assert.equal(error, '1 token could not be swept: see the log.');
    assert.match(output, /"message":"swept".*"failed":1/);
  });

  it('of reconcile fails after its pass when a secret could not be looked at', async () => {
    const { env, table } = await environment();
    await putDamagedRecord(table);
    const secretsManager = await answering(
      JSON.stringify({
        SecretList: [
          {
            ARN: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${DAMAGED}`,
            Tags: [{ Key: 'keyturn:installation', Value: 'main' }],
          },
        ],
      }),
    );
    const bus = await answering('{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}');
    const { error, output } = await invoke(
      'reconcile',
      'handler',
      {},
      { ...env, AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url, AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url },
    );
    secretsManager.close();
    bus.close();
    assert.match(
      output,
      /"part":"canary".*"Heartbeat":1/,
      'whatever becomes of the pass, it says that the way of findings is open',
    );
    assert.doesNotMatch(output, /canary could not/);
    assert.equal(error, '1 secret could not be reconciled: see the log.');
    assert.match(output, /"message":"reconciled".*"registered":1.*"failed":1/);
  });

  it('without an environment fails with one sentence, in every function', async () => {
    process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
    const provider = await import('../../functions/handlers/issuers/gitlab.ts');
    const others = ['sweep', 'reconcile', 'alert'].map(
      async (file): Promise<unknown> => (await import(`../../functions/handlers/${file}.ts`)).handler,
    );
    for (const handler of [provider.rotate, provider.worker, ...(await Promise.all(others))]) {
      assert.ok(typeof handler === 'function');
      const call: Promise<unknown> = Reflect.apply(handler, undefined, [
        { Records: [] },
        { getRemainingTimeInMillis: () => 0 },
      ]);
      await assert.rejects(call, {
        code: 'bad-request',
        message: /^The environment variable [A-Z_]+ is missing: [^.]+\.$/,
      });
    }
  });

  it('of rotate shows nothing of an event that it refuses', async () => {
    const { env } = await environment();
    const { error, output } = await invoke(
      'issuers/gitlab',
      'rotate',
      { Step: 'create_secret', RotationToken: CANARY },
      { ...env, POWERTOOLS_LOGGER_LOG_EVENT: 'true', POWERTOOLS_LOG_LEVEL: 'DEBUG' },
    );
    assert.match(error ?? '', /no step of a rotation, at "Step"/);
    assert.doesNotMatch(output, new RegExp(CANARY));
  });

  it('of act drops a command that is late or has no known token, and returns any other message', async () => {
    const { env } = await environment();
    const command = { kind: 'rotate', tokenId: 't', notAfter: 1 };
    const bodies = [
      JSON.stringify({ command, requestedBy: 'AIDAUSER' }),
      `{"kind":"${CANARY}"}`,
      JSON.stringify(command),
    ];
    const Records = bodies.map((body, index) => ({
      messageId: `m${index}`,
      body,
      eventSourceARN: env['COMMANDS_ARN'],
      attributes: { SenderId: index === 2 ? 'AROAX:ci' : 'AROA1:router' },
    }));
    const { answer, output } = await invoke('issuers/gitlab', 'worker', { Records }, env);
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }] });
    assert.match(output, /a command came too late and was dropped/);
    assert.match(output, /unknown sender.*"sender":"AROAX:ci"/);
    assert.doesNotMatch(output, new RegExp(CANARY));
  });

  it('of router looks a token up, hands a request on and drops one that is about nothing', async () => {
    const { env, table } = await environment();
    const taken: string[] = [];
    const sqs = createServer((request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (chunk: string) => taken.push(chunk))
        .on('end', () =>
          response
            .setHeader('content-type', 'application/x-amz-json-1.0')
            .end('{"Successful":[{"Id":"0","MessageId":"1","MD5OfMessageBody":"x"}],"Failed":[]}'),
        );
    }).listen(0, '127.0.0.1');
    await once(sqs, 'listening');
    const address = sqs.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    await dynamodbInventory(table).save(aToken(), 0);
    const notAfter = Date.now() + 60_000;
    const bodies = [aToken().id, 'none-AbC123'].map((tokenId) =>
      JSON.stringify({ kind: 'rotate', tokenId, notAfter }),
    );
    const Records = bodies.map((body, index) => ({
      messageId: `m${index}`,
      body,
      attributes: { SenderId: 'AIDAUSER' },
    }));
    const { output } = await invoke(
      'router',
      'handler',
      { Records },
      { ...env, WORKER_QUEUES: `${url}/1/act-* gitlab`, AWS_ENDPOINT_URL_SQS: url },
    );
    sqs.close();
    assert.equal(taken.length, 1);
    const [entry] = JSON.parse(taken[0] ?? '').Entries;
    assert.deepEqual(JSON.parse(entry.MessageBody), {
      command: { kind: 'rotate', tokenId: aToken().id, notAfter },
      requestedBy: 'AIDAUSER',
    });
    assert.match(output, /a request was dropped.*none-AbC123/);
  });

  it('of alert publishes a finding, notes it, and then is quiet about it', async () => {
    const { env, table } = await environment();
    const inventory = dynamodbInventory(table);
    const known = aFinding({ sequence: T0 });
    const finding = {
      kind: known.kind,
      subject: '',
      severity: known.severity,
      detail: known.detail,
      state: 'open' as const,
      openedAt: T0,
      seenAt: T0,
      sequence: T0,
    };
    await inventory.save(aToken({ findings: [finding] }), 0);
    const published: string[] = [];
    const sns = createServer((request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (chunk: string) => published.push(chunk))
        .on('end', () =>
          response.end(
            '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
          ),
        );
    }).listen(0, '127.0.0.1');
    await once(sns, 'listening');
    const address = sns.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const alertEnv = {
      ...env,
      TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:alerts',
      CANARY_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:canary',
      RUNBOOK_URL: '',
      ROUTED_OWNERS: '["team-billing"]',
      FALLBACK_OWNER: '',
      REMIND_AFTER: '4h',
      DIGEST: 'off',
      QUIET_HOURS: 'sat 00:00-12:00 UTC\nsun 00:00-12:00 UTC',
      AWS_ENDPOINT_URL_SNS: `http://127.0.0.1:${port}`,
    };
    const body = JSON.stringify({
      source: 'keyturn',
      'detail-type': 'Keyturn Finding Changed',
      detail: { ...known, sequence: Number.MAX_SAFE_INTEGER, detail: CANARY },
    });
    const event = {
      Records: [1, 2].map((number) => ({ messageId: `m${number}`, body, attributes: { SenderId: 's' } })),
    };
    const { answer } = await invoke('alert', 'handler', event, alertEnv);
    sns.close();
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.equal(published.length, 1);
    assert.equal(
      new URLSearchParams(published[0]).get('Subject'),
      '[critical] gitlab token prod/billing/ci: Token expires soon',
    );
    assert.doesNotMatch(published[0] ?? '', new RegExp(CANARY));
    assert.match(
      new URLSearchParams(published[0]).get('Message') ?? '',
      /"installation\\":\{\\"account\\":\\"111122223333/,
    );
    assert.equal(await dynamodbAlertLedger(table, 'alert').told('prod/billing/ci-AbC123/token-expiring'), T0);
    assert.match(
      (await invoke('alert', 'handler', { source: 'keyturn.schedule' }, alertEnv)).output,
      /"message":"told what waited".*"digests":0,"reminders":0/,
    );
  });
});
