import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR, SECOND } from '../../../functions/core/basics/time.ts';
import type { Sandbox } from '../../../lib/sandbox/index.ts';
import { START, tinySandbox } from './tiny.ts';

/** Starts a function and moves time on until it has ended. */
async function run(sandbox: Sandbox, name: string, event: unknown = {}): Promise<unknown> {
  const answer = sandbox.invoke(name, event);
  const moving = sandbox.advance(DAY);
  const result = await answer;
  await moving;
  return result;
}

test('a function sees the virtual time, in every form of Date', async (t) => {
  const body =
    'return { now: Date.now(), made: new Date().toISOString(), text: Date(), copy: new ' +
    'Date(0).getTime(), same: new Date() instanceof Date, kind: new Date().constructor === Date };';
  const sandbox = await tinySandbox(t, { clock: { body } });
  assert.deepEqual(await sandbox.invoke('clock', {}), {
    payload: {
      now: START,
      made: '2026-11-20T09:30:00.000Z',
      text: new Date(START).toString(),
      copy: 0,
      same: true,
      kind: true,
    },
  });
});

test('waiting takes virtual time and no real time, by every kind of timer', async (t) => {
  const head =
    `import { setTimeout as wait, setInterval as every, scheduler } from 'node:timers/promises'; import ` +
    `{ promisify } from 'node:util';`;
  const body = `
    const times = [];
    await new Promise((resolve) => setTimeout(resolve, 10_000)); times.push(Date.now());
    await wait(20_000); times.push(Date.now());
    await promisify(setTimeout)(30_000); times.push(Date.now());
    await scheduler.wait(40_000); times.push(Date.now());
    for await (const _ of every(5_000)) break; times.push(Date.now());
    let ticks = 0;
    await new Promise((resolve) => {
      const timer = setInterval(() => { if (++ticks === 3) { clearInterval(timer); resolve(); } }, 1_000);
    });
    times.push(Date.now());
    const signal = AbortSignal.timeout(60_000); setTimeout(() => undefined, 60_001);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    times.push(Date.now(), signal.reason.name);
    return times;`;
  const sandbox = await tinySandbox(t, { waiter: { head, body, timeout: 900 } });
  const after = [10, 30, 60, 100, 105, 108, 168].map((seconds) => START + seconds * SECOND);
  assert.deepEqual(await run(sandbox, 'waiter'), { payload: [...after, 'TimeoutError'] });
});

test('a cancelled timer does not fire, and a turn of the event loop takes no time', async (t) => {
  const body = `
    let fired = false;
    clearTimeout(setTimeout(() => { fired = true; }, 100));
    await new Promise((resolve) => setTimeout(resolve, 0));
    await new Promise((resolve) => setImmediate(resolve));
    return { fired, now: Date.now() };`;
  const sandbox = await tinySandbox(t, { cancel: { body } });
  assert.deepEqual(await sandbox.invoke('cancel', {}), { payload: { fired: false, now: START } });
});

test('a function is stopped when its virtual time is over, and works again after', async (t) => {
  const body =
    'if (event.long) await new Promise((resolve) => setTimeout(resolve, 60_000)); return ' +
    'context.getRemainingTimeInMillis();';
  const sandbox = await tinySandbox(t, { slow: { body, timeout: 3 } });
  const answer = await run(sandbox, 'slow', { long: true });
  assert.ok(answer && typeof answer === 'object' && 'errorMessage' in answer);
  assert.match(String(answer.errorMessage), /Task timed out after 3\.00 seconds/);
  assert.deepEqual(
    sandbox.runs.map(({ startedAt, endedAt }) => endedAt - startedAt),
    [3 * SECOND],
  );
  assert.deepEqual(await sandbox.invoke('slow', {}), { payload: 3_000 });
});

test('a thrown error and a crash fail the invocation only; a crash starts everything anew', async (t) => {
  const head = `let count = 0;`;
  const body = `
    count++;
    if (event.how === 'throw') throw new TypeError('no such thing');
    if (event.how === 'crash') process.exit(7);
    if (event.how === 'later') {
      setTimeout(() => { throw new RangeError('too late'); }, 1_000);
      await new Promise(() => undefined);
    }
    return count;`;
  const sandbox = await tinySandbox(t, { fragile: { head, body, timeout: 30 } });
  assert.deepEqual(await sandbox.invoke('fragile', {}), { payload: 1 });
  assert.deepEqual(await sandbox.invoke('fragile', { how: 'throw' }), {
    functionError: 'TypeError',
    errorMessage: 'no such thing',
  });
  assert.deepEqual(await sandbox.invoke('fragile', {}), { payload: 3 });
  const crash = await sandbox.invoke('fragile', { how: 'crash' });
  assert.match(JSON.stringify(crash), /Runtime\.ExitError.*exit status 7/);
  assert.deepEqual(await sandbox.invoke('fragile', {}), { payload: 1 });
  assert.deepEqual(await run(sandbox, 'fragile', { how: 'later' }), {
    functionError: 'RangeError',
    errorMessage: 'too late',
  });
  assert.deepEqual(await sandbox.invoke('fragile', {}), { payload: 1 });
});

test(
  'a run can be stopped in the middle of a call: what it sent is done, the others go on, and everything ' +
    'starts anew',
  async (t) => {
    const head = `let count = 0;`;
    const body = `
    count++;
    if (event.call) await fetch(new URL(event.call, process.env.AWS_ENDPOINT_URL));
    return count;`;
    const killed: number[] = [];
    const seen: string[] = [];
    const outside = {
      provider: 'outside',
      host: 'outside.test',
      adminSecret: () => '{}',
      consume: () => new Request('https://outside.test'),
      credentials: async () => [],
      log: () => [],
      createByHand: async () => '',
      revokeByHand: async () => undefined,
      close: async () => undefined,
    };
    const fetch = async (request: Request): Promise<Response> => {
      seen.push(new URL(request.url).pathname);
      killed.push(sandbox.kill('victim'));
      return new Response('too late');
    };
    const functions = { victim: { head, body, timeout: 30 }, other: { head, body, timeout: 30 } };
    const sandbox: Sandbox = await tinySandbox(t, functions, { with: [{ ...outside, fetch }] });
    assert.equal(sandbox.kill('victim'), 0, 'nothing runs');
    assert.deepEqual(await sandbox.invoke('victim', {}), { payload: 1 });
    assert.match(
      JSON.stringify(await sandbox.invoke('victim', { call: '/_keyturn/issuers/outside.test/x' })),
      /Runtime\.ExitError.*signal: killed/,
    );
    assert.deepEqual([seen, killed], [['/x'], [1]]);
    assert.equal(sandbox.clock.now(), START);
    await sandbox.advance(HOUR);
    assert.deepEqual(await sandbox.invoke('victim', {}), { payload: 1 });
    assert.deepEqual(await sandbox.invoke('other', { call: '/_keyturn/issuers/outside.test/y' }), {
      payload: 1,
    });
  },
);

test('a bundle that cannot be loaded fails every invocation with its own words', async (t) => {
  const sandbox = await tinySandbox(t, {
    broken: { head: `throw new SyntaxError('not like this');`, body: '' },
  });
  for (let count = 0; count < 2; count++)
    assert.deepEqual(await sandbox.invoke('broken', {}), {
      functionError: 'SyntaxError',
      errorMessage: 'not like this',
    });
});

test('concurrent invocations run in environments of their own, up to a limit, on one clock', async (t) => {
  const head = `let running = 0;`;
  const body =
    'running++; await new Promise((resolve) => setTimeout(resolve, 3_600_000)); running--; return { ' +
    'alone: running === 0, now: Date.now() };';
  const sandbox = await tinySandbox(t, { busy: { head, body, timeout: 7200 } });
  const answers = Promise.all(Array.from({ length: 6 }, () => sandbox.invoke('busy', {})));
  await sandbox.advance(DAY);
  const ended = (await answers).map((answer) => ('payload' in answer ? answer.payload : undefined));
  assert.deepEqual(
    ended,
    [1, 1, 1, 1, 2, 2].map((hours) => ({ alone: true, now: START + hours * HOUR })),
  );
});

test("a function has its template's variables and Lambda's own, and nothing of this machine", async (t) => {
  const sandbox = await tinySandbox(t, {
    seer: { body: 'return process.env;', environment: { TABLE: 'x', WHERE: { Ref: 'AWS::Region' } } },
  });
  const answer = await sandbox.invoke('seer', {});
  assert.ok('payload' in answer && typeof answer.payload === 'object' && answer.payload !== null);
  const env: Record<string, unknown> = { ...answer.payload };
  assert.equal(env['TABLE'], 'x');
  assert.equal(env['WHERE'], 'eu-central-1');
  assert.equal(env['AWS_LAMBDA_FUNCTION_NAME'], 'seer');
  assert.equal(env['AWS_ENDPOINT_URL'], sandbox.endpoint);
  assert.deepEqual(
    ['PATH', 'HOME', 'NODE_OPTIONS', 'npm_config_cache'].filter((name) => name in env),
    [],
  );
});

test('what a function writes becomes lines of JSON in its log file', async (t) => {
  const sandbox = await tinySandbox(t, {
    writer: {
      body: `console.log(JSON.stringify({ level: 'INFO', message: 'one' })); console.error('two'); return 1;`,
    },
  });
  await sandbox.invoke('writer', {});
  await sandbox.close();
  const lines = readFileSync(join(sandbox.folder, 'logs/writer.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  assert.deepEqual(lines, [
    { level: 'INFO', message: 'one' },
    { timestamp: '2026-11-20T09:30:00.000Z', level: 'INFO', message: 'two' },
  ]);
});
