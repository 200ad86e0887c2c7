import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSandboxFile, type SandboxOptions } from '../../../lib/cli/sandbox/file.ts';
import { T0 } from '../../fakes/tokens.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { bench } from '../harness.ts';

test('sandbox starts one, says how to reach it, and stays until it has ended', async () => {
  const self = bench();
  const started: Omit<SandboxOptions, 'onStep' | 'onNews'>[] = [];
  let end = (): void => undefined;
  self.startSandbox = async (options) => {
    const { onStep, onNews, ...rest } = options;
    started.push(rest);
    onStep('0.1 s  the issuers run');
    onNews('2026-01-05 09:00  x: found', 'bad');
    return {
      endpoint: 'http://127.0.0.1:4566',
      operator: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_ACCESS_KEY_ID: 'A' },
      reader: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_ACCESS_KEY_ID: 'B' },
      access: ['with:', '  export AWS_ENDPOINT_URL=http://127.0.0.1:4566'],
      tokens: ['a', 'b'],
      ended: new Promise((resolve) => void (end = resolve)),
    };
  };
  let isOver = false;
  const running = self
    .keyturn('sandbox', '--port', '4566', '--sandbox=f', '--fast')
    .finally(() => (isOver = true));
  await new Promise(setImmediate);
  assert.equal(isOver, false);
  end();
  const { exit, out, err } = await running;
  assert.equal(exit, 0);
  assert.deepEqual(started, [{ folder: 'f', port: 4566, fast: true, issuers: [] }]);
  assert.match(err, /^0\.1 s {2}the issuers run$/m, 'steps of the start are no result');
  assert.match(out, /^2026-01-05 09:00 {2}x: found$/m);
  assert.match(out, /^It has 2 tokens: a, b\.$/m);
  assert.match(
    out,
    /^ {2}npx --no keyturn status --sandbox=f\n {2}npx --no keyturn sandbox advance 1d --sandbox=f$/m,
  );
  assert.match(out, /^ {2}export KEYTURN_SANDBOX=f$/m);
  assert.match(out, /^with:\n {2}export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:4566$/m);
  assert.deepEqual(self.choices, [], 'starting one connects to none');
});

test('sandbox simulates further issuers by their ids, and none that it does not know', async () => {
  const self = bench();
  const started: string[][] = [];
  self.startSandbox = async ({ issuers }) => {
    started.push(issuers.map(({ id }) => id));
    return {
      endpoint: 'http://127.0.0.1:4566',
      operator: {},
      reader: {},
      access: [],
      tokens: [],
      ended: Promise.resolve(),
    };
  };
  assert.equal((await self.keyturn('sandbox', '--issuers', 'cloudflare, auth0')).exit, 0);
  const wrong = await self.keyturn('sandbox', '--issuers', 'cloudflare,auht0');
  assert.equal(wrong.exit, 2);
  assert.match(wrong.err, /There is no issuer "auht0"\. Did you mean auth0\?/);
  assert.deepEqual(started, [['cloudflare', 'auth0']]);
});

test('advance and grant go to the control of the sandbox that is named', async () => {
  const self = bench();
  const asked: unknown[] = [];
  const state = { now: T0 + DAY, installation: 'sandbox' };
  self.control = {
    state: async () => state,
    advance: async (length) => (asked.push(length), state),
    grant: async (...what) => (asked.push(what), state),
    fault: async (...what) => (asked.push(what), state),
  };
  assert.equal(
    (await self.keyturn('sandbox', 'advance', '1d', '--sandbox=f')).out,
    'The time in the sandbox is 2026-01-06T09:00:00Z.\n',
  );
  assert.equal((await self.keyturn('sandbox', 'grant', 'gitlab', 'a', 'b')).exit, 0);
  assert.equal(
    (await self.keyturn('sandbox', 'fault', 'okta', 'throttled')).out,
    'okta of the sandbox: it answers every request with status 429.\n',
  );
  assert.deepEqual(asked.slice(0, -2), Array<number>(12).fill(2 * HOUR), 'a day, part by part');
  assert.deepEqual(asked.slice(-2), [
    ['gitlab', ['a', 'b']],
    ['okta', 'throttled'],
  ]);
  assert.deepEqual(
    self.choices.map((one) => one.sandbox),
    ['f', '.keyturn/sandbox', '.keyturn/sandbox'],
  );
  asked.length = 0;
  const { out, err } = await self.keyturn('sandbox', 'advance', '41h');
  assert.deepEqual(asked, [...Array<number>(13).fill(3 * HOUR), 2 * HOUR], 'part by part, and no further');
  assert.match(err, /^3h of 41h: the time in the sandbox is 2026-01-06T09:00:00Z$/m);
  assert.equal(out.split('\n').length, 2, 'the result is one line');
  const wrong = await self.keyturn('sandbox', 'grant', 'gitlub', 'a');
  assert.deepEqual(
    [wrong.exit, wrong.err],
    [2, 'There is no issuer "gitlub". Did you mean github or gitlab?\n'],
  );
});

test('the file of a sandbox is read by its schema', async () => {
  const good = {
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    installation: 'sandbox',
  };
  const found = await readSandboxFile(
    'f',
    async (path) => (assert.equal(path, 'f/sandbox.json'), JSON.stringify(good)),
  );
  assert.equal(found.endpoint, good.endpoint);
  await assert.rejects(
    readSandboxFile('f', async () => Promise.reject(new Error('ENOENT'))),
    /There is no running sandbox in f: start one/,
  );
  await assert.rejects(
    readSandboxFile('f', async () => '{"endpoint":"http://x"}'),
    /f\/sandbox\.json is not what a sandbox writes, at region/,
  );
  await assert.rejects(
    readSandboxFile('f', async () => 'not json'),
    /at the whole file/,
  );
});
