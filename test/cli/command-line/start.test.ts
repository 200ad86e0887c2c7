import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bench } from '../harness.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'lib/cli/keyturn.cjs');
const { bin } = JSON.parse(readFileSync(join(ROOT, 'lib/cli/package.json'), 'utf8'));
/** What npm links to. */
const START = join(ROOT, 'lib/cli', String(bin.keyturn));

/** Makes a process believe that it runs on an older Node. */
const PRETEND = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '22.18.0' })`;

test('an older Node hands the command over to the one that npm installed', () => {
  const { status, stdout } = spawnSync(process.execPath, ['--import', PRETEND, PROGRAM, 'statsu', '--json'], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout], [2, '']);
  const version = spawnSync(process.execPath, ['--import', PRETEND, PROGRAM, '--version'], {
    encoding: 'utf8',
  });
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('where none is installed, it says so in one sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-alone-'));
  copyFileSync(PROGRAM, join(folder, 'keyturn.mjs'));
  const { status, stderr } = spawnSync(process.execPath, ['--import', PRETEND, join(folder, 'keyturn.mjs')], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  assert.equal(status, 1);
  assert.match(stderr, /^keyturn needs Node\.js 24 or newer, and this is 22\.18\.0: .*\n$/);
});

/** A folder with a `node` that is none, and the places that npm makes around a package. */
const folder = mkdtempSync(join(tmpdir(), 'keyturn start-'));
after(() => rmSync(folder, { recursive: true }));
for (const part of ['bin', 'app/node_modules/.bin', 'app/node_modules/@keyturn/cli'])
  mkdirSync(join(folder, part), { recursive: true });
const inApp = (name: string): string => join(folder, 'app/node_modules', name);
copyFileSync(START, inApp('@keyturn/cli/keyturn.sh'));
writeFileSync(inApp('@keyturn/cli/keyturn.cjs'), '');
writeFileSync(join(folder, 'bin/node'), '#!/bin/sh\necho "of the path: $@"\n', { mode: 0o755 });
symlinkSync('../@keyturn/cli/keyturn.sh', inApp('.bin/keyturn'));

/** What the command of that folder writes. */
function started(...argv: readonly string[]): string {
  const path = `${join(folder, 'bin')}:/usr/bin:/bin`;
  return spawnSync(inApp('.bin/keyturn'), argv, { encoding: 'utf8', env: { PATH: path } }).stdout;
}

test('it starts with the Node of the path where npm installed none, and every argument arrives', () => {
  assert.equal(
    started('show', 'a token', '--json'),
    `of the path: ${inApp('@keyturn/cli/keyturn.cjs')} show a token --json\n`,
  );
});

test('it starts with the Node that npm installed, whatever is in the path', () => {
  mkdirSync(inApp('node/bin'), { recursive: true });
  const installed = '#!/bin/sh\nfor one in "$@"; do echo "<$one>"; done\n';
  writeFileSync(inApp('node/bin/node'), installed, { mode: 0o755 });
  assert.deepEqual(started('show', 'a token').trimEnd().split('\n').slice(-3), [
    `<${inApp('@keyturn/cli/keyturn.cjs')}>`,
    '<show>',
    '<a token>',
  ]);
});

test('it runs from where npm links to it', async () => {
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/keyturn'), ['help'], {
    encoding: 'utf8',
    cwd: tmpdir(),
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
  });
  assert.deepEqual([stdout, stderr], [(await bench().keyturn('help')).out, '']);
});
