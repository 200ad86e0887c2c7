import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { createSandbox, type Sandbox } from '../../../lib/sandbox/index.ts';
import { GitlabSimulator } from '../../../lib/sandbox/issuers/gitlab.ts';
import { START, temporaryFolder, tinyAssembly, tinySandbox } from './tiny.ts';

async function ask(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(new URL(path, sandbox.endpoint), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: Object(await response.json()) };
}

test('another process moves time and reads state and log through the port', async (t) => {
  const Schedule = {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'tick',
      ScheduleExpression: 'rate(1 hour)',
      Target: {
        Arn: { 'Fn::GetAtt': ['tick', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Input: '{"from":"schedule"}',
      },
    },
  };
  const Policy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': ['tick', 'Arn'] } },
        ],
      },
    },
  };
  const sandbox = await tinySandbox(
    t,
    { tick: { body: 'return event.from;' } },
    { resources: { Schedule, Policy } },
  );
  const moved = await ask(sandbox, 'POST', '/_keyturn/advance', { by: '3h' });
  assert.deepEqual(
    [moved.status, moved.body['now'], moved.body['runs'], moved.body['failedRuns']],
    [200, '2026-11-20T12:30:00Z', 3, 0],
  );
  assert.deepEqual((await ask(sandbox, 'GET', '/_keyturn/state')).body, moved.body);
  const { body } = await ask(sandbox, 'GET', '/_keyturn/log?last=2');
  assert.deepEqual(
    body['runs'],
    [2, 3].map((hours) => ({ name: 'tick', startedAt: START + hours * HOUR, endedAt: START + hours * HOUR })),
  );
});

test('what cannot be asked is answered with a sentence', async (t) => {
  const sandbox = await tinySandbox(t, {});
  assert.match(
    String((await ask(sandbox, 'POST', '/_keyturn/advance', { by: 'soon' })).body['message']),
    /"soon" is no duration: write 30s, 15m, 12h or 90d/,
  );
  assert.equal((await ask(sandbox, 'POST', '/_keyturn/advance', { by: 'soon' })).status, 400);
  assert.equal((await ask(sandbox, 'GET', '/_keyturn/nothing')).status, 404);
  assert.match(
    String(
      (await ask(sandbox, 'POST', '/_keyturn/grant', { provider: 'none', secrets: ['a'] })).body['message'],
    ),
    /No issuer none runs/,
  );
  assert.match(
    String(
      (await ask(sandbox, 'POST', '/_keyturn/fault', { provider: 'none', kind: 'unavailable' })).body[
        'message'
      ],
    ),
    /There is no issuer none in this sandbox/,
  );
  assert.equal(
    (await ask(sandbox, 'POST', '/_keyturn/fault', { provider: 'gitlab', kind: 'odd' })).status,
    400,
  );
  const { status, body } = await ask(sandbox, 'GET', '/_keyturn/issuers/nobody.test/x');
  assert.deepEqual([status, body['message']], [404, 'No issuer nobody.test runs in this sandbox.']);
});

test('its file says how to reach it, to its user only', async (t) => {
  const sandbox = await tinySandbox(t, {});
  const file = join(sandbox.folder, 'sandbox.json');
  const { endpoint, region, account, credentials, installation } = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual({ endpoint, region, account, credentials }, sandbox.operate());
  assert.equal(installation, 'main');
});

test('grants add up in the admin secret', async (t) => {
  const sandbox = await createSandbox({
    folder: temporaryFolder(t),
    assembly: tinyAssembly(t, {}),
    issuers: async ({ clock }) => [new GitlabSimulator({ clock })],
    grants: { gitlab: ['one'] },
  });
  t.after(() => sandbox.close());
  await sandbox.grant('gitlab', ['two', 'one']);
  const { SecretString } = Object(
    await sandbox.aws.call({
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      input: { SecretId: 'keyturn/admin/gitlab' },
      principal: { kind: 'root' },
    }),
  );
  assert.deepEqual(
    JSON.parse(SecretString).grants.map(({ secret }: { secret: string }) => secret),
    ['one', 'two'],
  );
});

test('followed time flows by itself, and stops when told', async (t) => {
  const sandbox = await tinySandbox(t, {});
  const stop = sandbox.follow(60_000);
  await new Promise<void>((resolve) => void sandbox.clock.after(5 * MINUTE, resolve));
  await stop();
  const stoodAt = sandbox.clock.now();
  assert.ok(stoodAt >= START + 5 * MINUTE);
  const stopFast = sandbox.follow('fast');
  await new Promise<void>((resolve) => void sandbox.clock.after(400 * DAY, resolve));
  await stopFast();
  assert.equal(sandbox.clock.now(), stoodAt + 400 * DAY);
});

test('a resource type it does not know is named, and nothing stays behind', async (t) => {
  const folder = temporaryFolder(t);
  const assembly = tinyAssembly(t, {}, { Bucket: { Type: 'AWS::S3::Bucket' } });
  await assert.rejects(
    createSandbox({ folder, assembly, issuers: () => Promise.resolve([]), removeOnClose: true }),
    /does not know the resource type AWS::S3::Bucket \(Bucket\)/,
  );
  assert.equal(existsSync(folder), false);
});

test('a taken port is said in one sentence', async (t) => {
  const sandbox = await tinySandbox(t, {});
  const port = Number(new URL(sandbox.endpoint).port);
  await assert.rejects(tinySandbox(t, {}, { port }), {
    message: `The port ${port} is taken: stop what listens there, or choose another port.`,
  });
});

test('a folder with a running sandbox is left alone; one that was left behind is taken over', async (t) => {
  const folder = temporaryFolder(t);
  const first = await tinySandbox(t, {}, { folder });
  const file = join(folder, 'sandbox.json');
  const described = readFileSync(file, 'utf8');
  await assert.rejects(tinySandbox(t, {}, { folder }), {
    message: `A sandbox runs in ${folder} already, at ${first.endpoint}: stop it, or choose another folder.`,
  });
  assert.equal(readFileSync(file, 'utf8'), described);
  await first.close();
  writeFileSync(file, described);
  await tinySandbox(t, {}, { folder });
  assert.notEqual(readFileSync(file, 'utf8'), described);
});

test('closing takes away what is its own and nothing else', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const sandbox = await tinySandbox(t, {}, { folder, removeOnClose: true });
  await sandbox.close();
  assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
  assert.equal(existsSync(join(folder, 'sandbox.json')), false);
  await assert.rejects(sandbox.advance(1), /closed/);
});

test('after closing, mails and logs can be read, and the sandbox is not found', async (t) => {
  const sandbox = await tinySandbox(t, { one: { body: 'console.log("{}"); return 1;' } });
  await sandbox.invoke('one', {});
  await sandbox.close();
  assert.deepEqual(readdirSync(sandbox.folder).sort(), ['logs', 'mail']);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'logs')), ['one.jsonl']);
});

test('a start that is given up takes away what it began', async (t) => {
  const folder = join(temporaryFolder(t), 'sandbox');
  const controller = new AbortController();
  const starting = createSandbox({
    folder,
    signal: controller.signal,
    settings: { installation: 'given-up' },
    removeOnClose: true,
  });
  setTimeout(() => controller.abort(new Error('Ctrl-C')), 50);
  await assert.rejects(starting, { message: 'Ctrl-C' });
  assert.equal(existsSync(folder), false);
});

test('a process that closes its sandbox ends: no thread, port or timer holds it', async (t) => {
  const folder = join(temporaryFolder(t), 'sandbox');
  const assembly = tinyAssembly(t, { one: { body: 'setInterval(() => undefined, 1_000); return 1;' } });
  const script = join(temporaryFolder(t), 'script.ts');
  const index = join(import.meta.dirname, '../../../lib/sandbox/index.ts');
  const source = `
    import { createSandbox } from ${JSON.stringify(index)};
    const assembly = ${JSON.stringify({ ...assembly, assets: [...assembly.assets] })};
    const sandbox = await createSandbox({
      folder: ${JSON.stringify(folder)},
      assembly: { ...assembly, assets: new Map(assembly.assets) },
      removeOnClose: true,
    });
    await sandbox.invoke('one', {});
    await sandbox.close();
    process.stdout.write('closed');`;
  writeFileSync(script, source);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => void (said += String(chunk)));
  const tooLate = setTimeout(() => child.kill(), 60_000);
  await once(child, 'close');
  clearTimeout(tooLate);
  assert.deepEqual([said, child.exitCode], ['closed', 0]);
  assert.equal(existsSync(folder), false);
});

test('what AWS leaves open is settable: here reads of values lag behind', async (t) => {
  const sandbox = await tinySandbox(
    t,
    {},
    { aws: { staleReads: { get: MINUTE }, rotation: { pendingLabel: 'stays' } } },
  );
  const call = (operation: string, input: Record<string, unknown>): Promise<unknown> =>
    sandbox.aws.call({ service: 'secretsmanager', operation, input, principal: { kind: 'root' } });
  await call('CreateSecret', { Name: 'app/token', SecretString: 'one' });
  await assert.rejects(call('GetSecretValue', { SecretId: 'app/token' }), {
    code: 'ResourceNotFoundException',
  });
  await sandbox.advance(MINUTE);
  assert.equal(Object(await call('GetSecretValue', { SecretId: 'app/token' })).SecretString, 'one');
});
