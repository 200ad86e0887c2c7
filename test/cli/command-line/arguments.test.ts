import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { allCommands } from '../../../lib/cli/command-line/commands.ts';
import { printable } from '../../../lib/cli/output/screen.ts';
import { screenOn } from '../../../lib/cli/output/screen.ts';
import { briefly } from '../../../lib/cli/output/words.ts';
import { bench } from '../harness.ts';
import { healthy } from '../tokens.ts';

const COMMANDS = await allCommands();
const PROGRAM = new URL('../../../lib/cli/keyturn.cjs', import.meta.url).pathname;

test('help names every command, and each command its options and examples', async () => {
  const self = bench();
  const overview = await self.keyturn('help');
  assert.equal(overview.exit, 0);
  for (const command of COMMANDS) {
    assert.ok(command.name === 'sandbox start' || overview.out.includes(`  ${command.name} `), command.name);
    const asked =
      command.name === 'sandbox'
        ? await self.keyturn('sandbox', '--help')
        : await self.keyturn('help', ...command.name.split(' '));
    assert.equal(asked.exit, 0);
    for (const option of Object.keys(command.options))
      assert.ok(asked.out.includes(`--${option}`), `${command.name} --${option}`);
    for (const [line] of command.examples) assert.ok(asked.out.includes(line));
    assert.equal((await self.keyturn(...command.name.split(' '), '--help')).out, asked.out);
    assert.ok(command.examples.length > 0);
  }
  assert.deepEqual(self.choices, [], 'help connects to nothing');
});

test('options that share a name are of one type, so that they may stand before the command', () => {
  const types = new Map<string, string>();
  for (const [name, option] of COMMANDS.flatMap((command) => Object.entries(command.options))) {
    assert.equal(types.get(name) ?? option.type, option.type, name);
    types.set(name, option.type);
  }
});

test('without a command the help goes to standard error, with status 2', async () => {
  const { exit, out, err } = await bench().keyturn();
  assert.deepEqual([exit, out], [2, '']);
  assert.match(err, /Usage: keyturn COMMAND/);
});

const WRONG: readonly [argv: string[], sentence: string][] = [
  [['statsu'], 'There is no command "statsu". Did you mean status?'],
  [
    ['xyzzy'],
    'There is no command "xyzzy". There are ' +
      `${[...new Set(COMMANDS.map(({ name }) => name.split(' ')[0]))].join(', ')}.`,
  ],
  [['help', 'rotat'], 'There is no command "rotat". Did you mean rotate?'],
  [['status', '--jsn'], 'There is no option --jsn: did you mean --json?'],
  [['status', '--limit', 'x'], 'There is no option --limit: `keyturn help status` lists its options.'],
  [
    ['consumer'],
    'What about consumer? There are list, deliver, confirm, record-deployment, record-undeployment.',
  ],
  [['consumer', 'lst', 'x'], 'There is no `keyturn consumer lst`. Did you mean list?'],
  [['status', '--json=yes'], 'The option --json takes no value: write it alone.'],
  [['status', '--owner'], 'The option --owner needs a value: write --owner NAME.'],
  [
    ['status', 'x'],
    '"x" is one argument too many: the usage is keyturn status [--owner NAME] [--issuer ID] ' +
      '[--environment NAME] [--all].',
  ],
  [['sandbox', 'advance'], 'How far? Write one length of time, like keyturn sandbox advance 1d.'],
  [['sandbox', 'advanc', '1d'], 'There is no `keyturn sandbox advanc`. Did you mean advance?'],
  [
    ['sandbox', 'advance', '1d', '2d'],
    '"2d" is one argument too many: the usage is keyturn sandbox advance LENGTH.',
  ],
  [['sandbox', '--port', 'x'], '--port is "x": write a number from 1 to 65535.'],
];

for (const [argv, sentence] of WRONG)
  test(`keyturn ${argv.join(' ')} is refused with one sentence`, async () => {
    assert.deepEqual(await bench().keyturn(...argv), { exit: 2, out: '', err: `${sentence}\n` });
  });

test('where to connect comes from options first, then the environment', async () => {
  const self = bench();
  self.environment = { KEYTURN_INSTALLATION: 'env', KEYTURN_SANDBOX: '' };
  await self.keyturn('--installation', 'flag', '--region=eu-west-1', 'status', '--profile', 'p');
  await self.keyturn('status');
  await self.keyturn('status', '--sandbox');
  await self.keyturn('--sandbox=/x', 'status');
  self.environment = { KEYTURN_SANDBOX: '/y' };
  await self.keyturn('status');
  assert.deepEqual(self.choices, [
    { installation: 'flag', region: 'eu-west-1', profile: 'p', sandbox: undefined },
    { installation: 'env', region: undefined, profile: undefined, sandbox: undefined },
    { installation: 'env', region: undefined, profile: undefined, sandbox: '.keyturn/sandbox' },
    { installation: 'env', region: undefined, profile: undefined, sandbox: '/x' },
    { installation: undefined, region: undefined, profile: undefined, sandbox: '/y' },
  ]);
});

test('a folder written after --sandbox is explained, not taken for a token', async () => {
  const { err } = await bench().keyturn('status', '--sandbox', 'folder');
  assert.match(err, /The folder of a sandbox is written --sandbox=DIR\.\n$/);
});

test('a token whose name begins with a hyphen can be named after --', async () => {
  const self = bench();
  await self.put(healthy('-odd'));
  assert.equal((await self.keyturn('show', '--', '-odd')).exit, 0);
});

test('the version is printed', async () => {
  assert.deepEqual(await bench().keyturn('--version'), { exit: 0, out: '1.2.3\n', err: '' });
});

test('no text that is printed can steer a terminal', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(printable(text)),
    ),
  );
});

test('colour is used where asked for only', () => {
  const written = (colour: boolean): string => {
    let text = '';
    screenOn((part) => void (text += part), { colour }).line('x', 'bad');
    return text;
  };
  assert.equal(written(true), '\u001b[31mx\u001b[0m\n');
  assert.equal(written(false), 'x\n');
});

test('lengths of time are told in their largest unit', () => {
  assert.deepEqual([0, 1_999, 119_000, 120_000, 7_200_000, 172_799_999, 172_800_000].map(briefly), [
    '0s',
    '1s',
    '119s',
    '2m',
    '2h',
    '47h',
    '2d',
  ]);
});

test('the command runs as a program, and tells apart what it was asked for from what went wrong', () => {
  assert.match(
    execFileSync(process.execPath, [PROGRAM, '--version'], { encoding: 'utf8' }),
    /^\d+\.\d+\.\d+\n$/,
  );
  const wrong = spawnSync(process.execPath, [PROGRAM, 'statsu'], { encoding: 'utf8' });
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
});

test('a reader who closes the output early sees no error', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [complaint, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.deepEqual([complaint, status], ['', 0]);
});
