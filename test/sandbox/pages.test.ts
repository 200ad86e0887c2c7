import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { PAGES } from '../../lib/docs/index.ts';
import { TRAIL } from '../../lib/sandbox/aws/cloudtrail-trails.ts';
import { FIRST_TOKEN } from '../../lib/sandbox/story/cast.ts';
import { keyturn } from '../../lib/sandbox/story/keyturn-command.ts';
import { openSandbox, type OpenSandbox } from '../../lib/sandbox/story/open-sandbox.ts';
import { awsCommandsOf, type AwsCommand } from '../docs/aws-commands.ts';
import { readPage } from '../docs/pages.ts';
import { AWS_CLI, isInCli, runCli } from './aws-cli.ts';
import { callOf, send } from './aws-request.ts';

/** One issuer beside the usual ones. */
const TRIED = DESCRIPTORS.filter(({ id }) => id === 'cloudflare');

let folder: string;
let open: OpenSandbox;
const news: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-pages-'));
  open = await openSandbox({ folder, isFast: false, issuers: TRIED, onNews: (text) => void news.push(text) });
});
after(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

type Who = 'operator' | 'reader';

async function aws(line: string, who: Who = 'operator'): Promise<{ status: number; body: string }> {
  const [command] = awsCommandsOf(`\`aws ${line}\``);
  assert.ok(command, line);
  return run(command, who);
}

function run(command: AwsCommand, who: Who = 'operator'): Promise<{ status: number; body: string }> {
  const environment = open[who];
  if (AWS_CLI !== undefined && isInCli(command)) return runCli(AWS_CLI, command, environment);
  return send(
    {
      endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
      region: environment['AWS_DEFAULT_REGION'] ?? '',
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    },
    command.service,
    callOf(command),
  );
}

async function must(line: string): Promise<string> {
  const { status, body } = await aws(line);
  assert.equal(status, 200, `${line}: ${body}`);
  return body;
}

const REGISTERED = 'checkout/okta-client';

describe('a sandbox that people start', () => {
  test('has a token of each issuer, all healthy, and tells how they got there', async () => {
    const status = await keyturn(folder, ['status']);
    assert.ok(open.tokens.includes('trial/cloudflare'));
    for (const token of open.tokens) assert.match(status, new RegExp(`^${token} +ok +active`, 'm'));
    assert.ok(
      news.some((line) => line.includes('ci/npm-publish: its first credential works and is current')),
    );
  });

  test('takes the first token of the README word for word', async () => {
    const readme = readPage('README.md');
    const [, manifest = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
    assert.match(manifest, new RegExp(`secret: ${FIRST_TOKEN}$`, 'm'));
    const file = join(folder, 'tokens.yaml');
    writeFileSync(file, manifest);
    assert.match(await keyturn(folder, ['plan', file]), new RegExp(FIRST_TOKEN));
    await keyturn(folder, ['apply', file, '--yes']);
    await keyturn(folder, ['sandbox', 'advance', '1h']);
    assert.match(await keyturn(folder, ['status']), new RegExp(`^${FIRST_TOKEN} +ok +active`, 'm'));
  });

  test('lets a reader read values, and an operator not; neither the other way round', async () => {
    const read = `secretsmanager get-secret-value --secret-id ${REGISTERED}`;
    assert.equal((await aws(read, 'reader')).status, 200);
    assert.match((await aws(read)).body, /AccessDenied/);
    const admin = 'secretsmanager get-secret-value --secret-id keyturn/admin/gitlab';
    assert.match((await aws(admin, 'reader')).body, /AccessDenied/);
    const write = `secretsmanager put-secret-value --secret-id ${REGISTERED} --secret-string x`;
    assert.match((await aws(write, 'reader')).body, /AccessDenied/);
  });
});

/** A secret that only one test touches. */
async function spare(): Promise<string> {
  const name = `spare/${crypto.randomUUID()}`;
  await must(`secretsmanager create-secret --name ${name} --secret-string one`);
  return name;
}

const Outputs = z.object({ outputs: z.record(z.string(), z.string()) });

function output(name: string): string {
  const { outputs } = Outputs.parse(JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8')));
  const [, value] = Object.entries(outputs).find(([one]) => one.endsWith(name)) ?? [];
  assert.ok(value, name);
  return value;
}

function topic(part: string): string {
  return `arn:aws:sns:${open.operator['AWS_REGION']}:111122223333:keyturn-main-${part}`;
}

const Ids = z.object({ VersionId: z.string() });
/** The service answers in XML, of which the AWS CLI makes JSON. */
const Subscriptions = /SubscriptionArn(?:>|": ")(arn:[^<"]+)/;
const Rules = z.object({ Rules: z.array(z.object({ Name: z.string(), EventPattern: z.string() })) });

async function ruleNamed(): Promise<{ readonly Name: string; readonly EventPattern: string }> {
  const [rule] = Rules.parse(JSON.parse(await must('events list-rules'))).Rules;
  assert.ok(rule);
  return rule;
}

/**
 * What a page leaves to its reader: words in capitals, files, and options of a command that is only named in
 * a sentence. Some make it true first.
 */
const FILLED: Readonly<Record<string, () => Promise<AwsCommand['options']>>> = {
  'secretsmanager create-secret': async () => {
    // It is there already: whoever follows the page makes the first one.
    await must(
      'secretsmanager delete-secret --secret-id keyturn/admin/gitlab --force-delete-without-recovery',
    );
    return { 'secret-string': '{}' };
  },
  'secretsmanager put-secret-value': async () => ({ 'secret-id': await spare(), 'secret-string': 'two' }),
  'secretsmanager restore-secret': async () => {
    const name = await spare();
    await must(`secretsmanager delete-secret --secret-id ${name}`);
    return { 'secret-id': name };
  },
  'secretsmanager replicate-secret-to-regions': async () => ({
    'secret-id': await spare(),
    'add-replica-regions': 'Region=eu-west-1',
  }),
  'secretsmanager update-secret': async () => ({
    'secret-id': await spare(),
    'kms-key-id': output('DataKeyArn'),
  }),
  'secretsmanager get-resource-policy': async () => ({ 'secret-id': await spare() }),
  'secretsmanager update-secret-version-stage': async () => {
    const name = await spare();
    const put = async (): Promise<string> =>
      Ids.parse(
        JSON.parse(await must(`secretsmanager put-secret-value --secret-id ${name} --secret-string x`)),
      ).VersionId;
    return { 'secret-id': name, 'move-to-version-id': await put(), 'remove-from-version-id': await put() };
  },
  'sns subscribe': async () => ({ 'topic-arn': topic('alerts'), 'notification-endpoint': 'a@example.com' }),
  'sns unsubscribe': async () => {
    const listed = await must(`sns list-subscriptions-by-topic --topic-arn ${topic('alerts')}`);
    const [, arn] = Subscriptions.exec(listed) ?? [];
    assert.ok(arn, listed);
    return { 'subscription-arn': arn };
  },
  'sns list-subscriptions-by-topic': async () => ({ 'topic-arn': topic('canary') }),
  'cloudtrail get-trail-status': async () => ({ name: TRAIL }),
  'cloudtrail get-event-selectors': async () => ({ 'trail-name': TRAIL }),
  'cloudtrail start-logging': async () => ({ name: TRAIL }),
  'events describe-rule': async () => ({ name: (await ruleNamed()).Name }),
  'events put-rule': async () => {
    const { Name, EventPattern } = await ruleNamed();
    return { name: Name, 'event-pattern': EventPattern };
  },
  'kms schedule-key-deletion': async () => ({}),
  'kms cancel-key-deletion': async () => {
    await must(`kms schedule-key-deletion --key-id ${output('HmacKeyArn')}`);
    return { 'key-id': output('HmacKeyArn') };
  },
  'kms enable-key': async () => ({ 'key-id': output('HmacKeyArn') }),
  'dynamodb delete-item': async () => ({
    'table-name': 'keyturn-main',
    key: '{"pk":{"S":"none"},"sk":{"S":"none"}}',
  }),
};

/** Words that stand for an output of the stack. */
const OUTPUTS: Readonly<Record<string, string>> = { DATA_KEY_ARN: 'DataKeyArn', HMAC_KEY_ARN: 'HmacKeyArn' };
/** What takes the installation away comes last. */
const LAST = [
  'kms cancel-key-deletion',
  'kms enable-key',
  'kms schedule-key-deletion',
  'dynamodb update-table',
  'dynamodb delete-table',
];

function nameOf({ service, command }: AwsCommand): string {
  return `${service} ${command}`;
}

describe('commands of the AWS CLI on pages', () => {
  const all = Object.keys(PAGES).flatMap((page) => awsCommandsOf(readPage(page)));
  const distinct = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].toSorted(
    (a, b) => LAST.indexOf(nameOf(a)) - LAST.indexOf(nameOf(b)),
  );

  test('are found', () => assert.ok(distinct.length > 30, `${distinct.length}`));

  for (const command of distinct)
    test(
      `${nameOf(command)} ${command.positionals.join(' ')} ` + JSON.stringify(command.options),
      async () => {
        const filled = (await FILLED[nameOf(command)]?.()) ?? {};
        const said = Object.entries({ ...command.options, ...filled }).map(
          ([name, value]) =>
            [
              name,
              typeof value === 'string' && value in OUTPUTS ? output(OUTPUTS[value] ?? '') : value,
            ] as const,
        );
        const options = Object.fromEntries(said);
        const open = Object.values(options).filter(
          (value) => /^[A-Z_]+$|^file:/.test(String(value)) && value !== 'AWSCURRENT',
        );
        assert.deepEqual(open, [], 'words that nobody filled');
        const { status, body } = await run({ ...command, options });
        assert.equal(status, 200, body);
      },
    );
});
