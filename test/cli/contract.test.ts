import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { Credential } from '../../functions/core/token/credential.ts';
import { COMMAND_NAMES, allCommands } from '../../lib/cli/command-line/commands.ts';
import { GROUPS, type CliCommand } from '../../lib/cli/command-line/command.ts';
import { COMMON_OPTIONS } from '../../lib/cli/command-line/common-options.ts';
import { usageLine } from '../../lib/cli/command-line/nouns.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { OWN_FILES, textOfFile } from '../providers/own/files.ts';
import { bench, type Bench, type Run } from './harness.ts';

const COMMANDS = await allCommands();
const PROGRAM = new URL('../../lib/cli/keyturn.cjs', import.meta.url).pathname;

const CURRENT: Credential = {
  id: 'v-2',
  handle: '8214',
  state: 'current',
  origin: 'minted',
  fingerprint: 'f1',
  issuedAt: T0,
  promotedAt: T0,
  versionId: 'v-2',
};
const PREVIOUS: Credential = {
  ...CURRENT,
  id: 'v-1',
  handle: '8219',
  state: 'previous',
  fingerprint: 'f2',
  supersededAt: T0,
  versionId: 'v-1',
};
/** Not enabled yet, as its issuer says. One that is being revoked would keep `detach` waiting. */
const DISABLED: Credential = {
  ...PREVIOUS,
  id: 'v-0',
  handle: '8210',
  supersededAt: T0 - 1,
  fingerprint: 'f0',
  disabledAt: T0,
  versionId: 'v-0',
};
const MANIFEST = 'version: 1\ntokens:\n  - { secret: prod/y, issuer: gitlab, owner: a }\n';

/** An installation in which every command has something to do. */
async function world(): Promise<Bench> {
  const it = bench();
  await it.put(
    aToken({
      name: 'prod/x',
      credentials: [DISABLED, PREVIOUS, CURRENT],
      findings: [
        {
          kind: 'token-inactive',
          subject: '',
          severity: 'critical',
          detail: 'x',
          state: 'open',
          openedAt: T0,
          seenAt: T0,
          sequence: 1,
        },
      ],
      noted: [
        { kind: 'reader-unrecognized', subject: 'role/report', severity: 'warning', detail: 'x', seenAt: T0 },
      ],
      consumers: [
        { name: 'ci', kind: 'github', target: 'acme/x:T' },
        {
          name: 'api',
          kind: 'service',
          target: 'billing-api',
          uses: [{ version: '2', credentialId: 'v-1', notedAt: T0, by: 'ci' }],
        },
      ],
    }),
  );
  it.files.set('t.yaml', MANIFEST);
  it.files.set('own-hub.yaml', textOfFile(OWN_FILES.jupyterhub));
  it.meanwhile = () => it.change('prod/x-AbC123', (token) => ({ ...token, inspectedAt: T0 + 1 }));
  it.dlq = [{ name: 'keyturn-main-alert-dlq', arn: 'arn:alert', messages: 2, backTo: 'arn:work' }];
  const state = { now: T0, installation: 'sandbox' };
  it.control = {
    state: async () => state,
    advance: async () => state,
    grant: async () => state,
    fault: async () => state,
  };
  it.startSandbox = async () => ({
    endpoint: 'http://127.0.0.1:1',
    operator: {},
    reader: {},
    access: [],
    tokens: ['prod/x'],
    ended: Promise.resolve(),
  });
  it.input = 'glpat-of-somebody-0001';
  return it;
}

/** Arguments with which each command does its work. A command without its line here does not pass. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  sandbox: [],
  'sandbox start': [],
  'sandbox advance': ['1d'],
  'sandbox grant': ['gitlab', 'a'],
  'sandbox fault': ['gitlab', 'none'],
  validate: ['t.yaml'],
  plan: ['t.yaml'],
  apply: ['t.yaml'],
  status: [],
  show: ['prod/x'],
  history: ['prod/x'],
  rotate: ['prod/x'],
  rollback: ['prod/x'],
  revoke: ['prod/x'],
  refresh: ['prod/x'],
  retire: ['prod/x'],
  detach: ['prod/x'],
  enable: ['prod/x', 'v-0', '--reason', 'a test value'],
  forget: ['prod/x', 'v-1', '--reason', 'gone'],
  'report-leak': [],
  ack: ['prod/x'],
  dismiss: ['prod/x'],
  'review list': [],
  'review approve': ['prod/x'],
  'review reject': ['prod/x', '--reason', 'gone'],
  'consumer list': ['prod/x'],
  'consumer deliver': ['prod/x', 'ci'],
  'consumer confirm': ['prod/x', 'ci'],
  'consumer record-deployment': ['prod/x', 'billing-api', '3'],
  'consumer record-undeployment': ['billing-api', '2'],
  doctor: [],
  'alerts list': [],
  'alerts confirm': [],
  'alerts test': [],
  redrive: [],
  'confirm-host': ['gitlab', 'git.example.com'],
  'issuer list': [],
  'issuer show': ['okta'],
  'issuer test': ['own-hub.yaml'],
  completion: ['bash'],
  help: [],
  version: [],
};

function run(it: Bench, { name }: Pick<CliCommand, 'name'>, ...more: string[]): Promise<Run> {
  if (name === 'alerts confirm') it.input = 'a'.repeat(40);
  return it.keyturn(...name.split(' '), ...(ARGUMENTS[name] ?? []), ...more);
}

it('every command is tried here', () => assert.deepEqual(Object.keys(ARGUMENTS), COMMAND_NAMES));

for (const command of COMMANDS)
  describe(`keyturn ${command.name}`, () => {
    it('is declared: a group, a usage that begins with its name, examples that are commands of it', () => {
      assert.ok(GROUPS.includes(command.group));
      assert.ok(usageLine(command).startsWith(`keyturn ${command.name}`));
      assert.ok(command.examples.length > 0);
      assert.ok(command.summary.split(' ').length <= 25, 'a summary has at most 25 words');
      for (const [line] of command.examples) assert.ok(line.includes('keyturn '), line);
      for (const name of Object.keys(command.options))
        assert.ok(!(name in COMMON_OPTIONS), `--${name} is an option of every command`);
      for (const [, name = ''] of command.usage.matchAll(/--([a-z-]+)/g))
        assert.ok(name in command.options, `--${name} of the usage`);
    });

    it('describes itself, connected to nothing', async () => {
      const it = await world();
      const { exit, out } = await it.keyturn(...command.name.split(' '), '--help');
      assert.equal(exit, 0);
      assert.ok(out.includes(usageLine(command)));
      assert.deepEqual(it.choices, []);
    });

    it('takes the options of every command', async () => {
      const { exit, err } = await run(
        await world(),
        command,
        '--json',
        '--yes',
        '--timeout',
        '4s',
        '--no-color',
        '--debug',
        '--region',
        'eu-west-1',
        '--profile',
        'p',
        '--installation',
        'main',
      );
      assert.ok(exit === 0 || exit === 1, `${exit} ${err}`);
    });

    it('prints one object with --json, which says its schema first', async () => {
      const { out, err } = await run(await world(), command, '--json', '--yes');
      const view: Record<string, unknown> = JSON.parse(out);
      assert.equal(Object.keys(view)[0], 'schema', err);
      assert.equal(view['schema'], 1);
    });

    it(
      'is refused with one sentence and exit code 2 for an option ' +
        'that is not there, and a bad --timeout',
      async () => {
        for (const more of [['--no-such-option'], ['--timeout', 'soon']]) {
          const it = await world();
          const { exit, out, err } = await run(it, command, ...more);
          assert.deepEqual([exit, out], [2, '']);
          assert.match(err, /^[^\n]+[.?]\n$/);
          assert.deepEqual(it.sent, []);
        }
      },
    );
  });

it('Ctrl-C ends a command that waits with exit code 130', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'report-leak'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, KEYTURN_SANDBOX: '/nowhere' },
  });
  const exited = once(child, 'exit');
  setTimeout(() => child.kill('SIGINT'), 1_500);
  const [code] = await exited;
  assert.equal(code, 130);
});

it('the help of the program has the groups in their order', () => {
  const { stdout } = spawnSync(process.execPath, [PROGRAM, 'help'], { encoding: 'utf8' });
  const places = GROUPS.map((group) => stdout.indexOf(`\n${group}\n`));
  assert.ok(places.every((place) => place > 0));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(stdout.split('\n').every((line) => line.length <= 100));
});
