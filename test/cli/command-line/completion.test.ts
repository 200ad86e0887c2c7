import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { allCommands } from '../../../lib/cli/command-line/commands.ts';
import { COMMON_OPTIONS } from '../../../lib/cli/command-line/common-options.ts';
import { bench } from '../harness.ts';

const COMMANDS = await allCommands();

async function scriptFor(shell: string): Promise<string> {
  const { exit, out } = await bench().keyturn('completion', shell);
  assert.equal(exit, 0);
  return out;
}

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe('the completion of bash', () => {
  /** What bash offers behind these words, the last of which is not ended. */
  async function offered(...words: string[]): Promise<string[]> {
    const test =
      'COMP_WORDS=(keyturn ' +
      `${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length}\n_keyturn\nprintf ` +
      `'%s\\n' "\${COMPREPLY[@]}"\n`;
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc'], {
      input: `${await scriptFor('bash')}${test}`,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('offers every first word, and the second ones of a noun', async () => {
    assert.deepEqual(new Set(await offered('')), new Set(COMMANDS.map(({ name }) => name.split(' ')[0])));
    assert.deepEqual(await offered('ro'), ['rotate', 'rollback']);
    assert.deepEqual(await offered('consumer', ''), [
      'list',
      'deliver',
      'confirm',
      'record-deployment',
      'record-undeployment',
    ]);
    assert.deepEqual(await offered('--json', 'review', 'a'), ['approve']);
  });

  it('offers the options of a command beside those of every command', async () => {
    for (const { name, options } of COMMANDS) {
      const seen = new Set(await offered(...name.split(' '), '--'));
      for (const option of [...Object.keys(options), ...Object.keys(COMMON_OPTIONS)])
        assert.ok(seen.has(`--${option}`), `${name} --${option}`);
    }
  });

  it('offers the words that an argument may be', async () => {
    assert.deepEqual(await offered('completion', ''), ['bash', 'zsh', 'fish']);
    assert.deepEqual(await offered('help', 'rev'), ['revoke', 'review']);
  });
});

describe('the completion of zsh', { skip: !isThere('zsh') }, () => {
  it('is a script that zsh takes, and offers commands and options', async () => {
    // compadd and _describe need a line editor; the words that they would get are printed instead.
    const stubs =
      'compdef() { :; }\n_files() { print FILES; }\ncompadd() { shift; print -l -- "$@"; ' +
      '}\n_describe() { local name; for name in "${@[2,-1]}"; do [[ $name == -- ]] || print -l -- ' +
      '${(P)name%%:*}; done; }\n';
    const script = await scriptFor('zsh');
    const offered = (words: string, prefix = ''): string[] => {
      const count = words.split(' ').length;
      const { status, stdout, stderr } = spawnSync('zsh', ['-f'], {
        input: `${stubs}${script}\nwords=(${words})\nCURRENT=${count + 1}\nPREFIX='${prefix}'\n_keyturn\n`,
        encoding: 'utf8',
      });
      assert.deepEqual([status, stderr], [0, '']);
      return stdout.split('\n').filter((line) => line !== '');
    };
    assert.ok(offered('keyturn').includes('rotate'));
    assert.deepEqual(offered('keyturn review'), ['list', 'approve', 'reject']);
    assert.ok(offered('keyturn report-leak', '--').includes('--since'));
    assert.deepEqual(offered('keyturn plan'), ['FILES']);
  });
});

describe('the completion of fish', { skip: !isThere('fish') }, () => {
  it('offers commands, second words and options', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-fish-'));
    const path = join(folder, 'keyturn.fish');
    writeFileSync(path, await scriptFor('fish'));
    const offered = (line: string): string[] => {
      const { status, stdout, stderr } = spawnSync(
        'fish',
        ['--no-config', '-c', `source ${path}; complete -C '${line}'`],
        {
          encoding: 'utf8',
          env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
        },
      );
      assert.deepEqual([status, stderr], [0, '']);
      return stdout
        .split('\n')
        .map((one) => one.split('\t')[0] ?? '')
        .filter((one) => one !== '');
    };
    assert.ok(offered('keyturn ').includes('rotate'));
    assert.deepEqual(new Set(offered('keyturn review ')), new Set(['list', 'approve', 'reject']));
    assert.ok(offered('keyturn report-leak --').includes('--since'));
    assert.ok(!offered('keyturn rotate --').includes('--since'));
    rmSync(folder, { recursive: true });
  });
});

it('another shell is told which there are', async () => {
  assert.deepEqual(await bench().keyturn('completion', 'bsh'), {
    exit: 2,
    out: '',
    err: 'There is no completion for "bsh". Did you mean bash or zsh?\n',
  });
  assert.equal((await bench().keyturn('completion')).exit, 2);
});
