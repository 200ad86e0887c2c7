import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { COMMAND_NAMES } from '../../lib/cli/command-line/commands.ts';

const ROOT = new URL('../../', import.meta.url);

/** Writes the address of every module that a process loads, when it ends. */
const COUNTER = module(`
  import { registerHooks } from 'node:module';
  const seen = [];
  registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
  process.on('exit', () => console.log(seen.join('\\n')));`);

/**
 * Says, when a process ends, whether it loaded what strips types: that alone costs as much as all of Node's
 * own start.
 */
const STRIPPER = module(`
  const isStripper = (name) => name.includes('amaro');
  process.on('exit', () => console.log(process.moduleLoadList.some(isStripper)));`);

const PROGRAM = new URL('lib/cli/keyturn.js', ROOT).pathname;

/** The address of a module with this code. */
function module(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** The lines that the program prints with a module loaded before it. */
function lines(first: string, argv: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const out = execFileSync(process.execPath, ['--import', first, PROGRAM, ...argv], {
    encoding: 'utf8',
    env,
  });
  return out.trimEnd().split('\n');
}

/**
 * The modules that a command loads with the world it runs in, as paths of this repository and names of
 * packages.
 */
function loadedBy(...files: string[]): { ours: string[]; packages: Set<string> } {
  const code = ['lib/cli/main.ts', 'lib/cli/aws/process-world.ts', ...files]
    .map((file) => `await import('${new URL(file, ROOT).href}');`)
    .join('\n');
  const urls = execFileSync(process.execPath, ['--import', COUNTER, '--input-type=module', '--eval', code], {
    encoding: 'utf8',
  })
    .trimEnd()
    .split('\n');
  const packages = new Set(
    urls.flatMap((url) => /.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(url)?.[1] ?? []),
  );
  return {
    ours: urls
      .filter((url) => url.startsWith(ROOT.href) && !url.includes('/node_modules/'))
      .map((url) => url.slice(ROOT.href.length)),
    packages,
  };
}

describe('a command loads what it uses', () => {
  it('status: one client of AWS, no parser of manifests, no other command', () => {
    const { ours, packages } = loadedBy('lib/cli/tokens/status.ts', 'lib/cli/aws/world.ts');
    assert.deepEqual(
      [...packages].filter((name) => name.startsWith('@aws-sdk/client-')),
      ['@aws-sdk/client-dynamodb'],
    );
    for (const name of ['yaml', 'aws-cdk-lib', 'esbuild', '@humanwhocodes/momoa'])
      assert.ok(!packages.has(name), name);
    const names = new Set([...COMMAND_NAMES.filter((one) => one !== 'status'), 'failures', 'help-command']);
    assert.deepEqual(
      ours.filter((path) => path.startsWith('lib/cli/') && names.has(basename(path, '.ts'))),
      [],
    );
    assert.deepEqual(
      ours.filter((path) => /^lib\/cli\/.*(leak-input|manifest|completion)/.test(path)),
      [],
    );
    // One for each issuer, beside which their number does not grow.
    const others = ours.filter((path) => !/^functions\/providers\/[^/]+\/descriptor\.ts$/.test(path));
    assert.ok(others.length <= 140, `${others.length} modules`);
  });

  it('the program: what strips types is not loaded again once a command was compiled', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-compiled-'));
    const env = { ...process.env, NODE_COMPILE_CACHE: folder };
    const [first, second] = [0, 1].map(() => lines(STRIPPER, ['version'], env).at(-1));
    rmSync(folder, { recursive: true });
    assert.deepEqual([first, second], ['true', 'false']);
  });

  it('--version: no command at all', () => {
    const ours = lines(COUNTER, ['--version']).filter((url) =>
      url.startsWith(new URL('lib/cli/', ROOT).href),
    );
    assert.deepEqual(
      ours.filter((url) => /\/cli\/(tokens\/(?!patience)|manifest|leaks|operations)/.test(url)),
      [],
    );
  });

  it('what runs before the command is known: next to nothing', () => {
    const { ours, packages } = loadedBy();
    assert.deepEqual([...packages], []);
    assert.ok(ours.length <= 16, ours.join(' '));
  });
});
