import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { COMMAND_NAMES } from '../../lib/cli/command-line/commands.ts';

const ROOT = new URL('../../', import.meta.url);

/** Writes, when a process ends, the address of every module that it loaded, and the modules of Node's own. */
const COUNTER = module(`
  import { registerHooks } from 'node:module';
  const seen = [];
  registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
  process.on('exit', () => console.log('\\n' + [...seen, ...process.moduleLoadList].join('\\n')));`);

/** The address of a module with this code. */
function module(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/**
 * The modules that a command loads with the world it runs in, as paths of this repository and names of
 * packages.
 */
function loadedBy(...files: string[]): { ours: string[]; packages: Set<string> } {
  const code = ['lib/cli/run.ts', ...files]
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
    assert.ok(others.length <= 145, `${others.length} modules`);
  });

  it('what runs before the command is known: next to nothing', () => {
    const { ours, packages } = loadedBy();
    assert.deepEqual([...packages], []);
    assert.ok(ours.length <= 18, ours.join(' '));
  });
});

/** A copy of the command, which nothing was made of yet, with a cache of its own. */
const folder = mkdtempSync(join(tmpdir(), 'keyturn-program-'));
for (const part of ['functions', 'lib/cli'])
  cpSync(join(ROOT.pathname, part), join(folder, part), {
    recursive: true,
    filter: (path) => path !== join(ROOT.pathname, 'lib/cli/dist'),
  });
symlinkSync(join(ROOT.pathname, 'node_modules'), join(folder, 'node_modules'));
after(() => rmSync(folder, { recursive: true }));

/** An account of AWS whose endpoint is a port that nobody listens at. */
const NOBODY_ANSWERS = {
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_MAX_ATTEMPTS: '1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
};

/** What a process of the copied command writes. */
function runCopy(...argv: readonly string[]): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', COUNTER, join(folder, 'lib/cli/keyturn.cjs'), ...argv], {
    encoding: 'utf8',
    env: { ...NOBODY_ANSWERS, NODE_COMPILE_CACHE: join(folder, 'cache') },
  });
}

/** What a process of the copied command loads. */
function loadedByCopy(...argv: readonly string[]): { sources: string[]; made: string[]; all: string[] } {
  const all = runCopy(...argv).stdout.split('\n');
  return {
    sources: all.filter((url) => url.startsWith(`file://${folder}/`) && url.endsWith('.ts')),
    made: all.filter((url) => url.endsWith('/lib/cli/program.cjs')),
    all,
  };
}

/** Where what was made of the copy is kept, so that no test depends on what another one did to it. */
const KEPT = join(folder, 'kept');
const DIST = join(folder, 'lib/cli/dist');

function make(): void {
  if (!existsSync(KEPT)) {
    execFileSync(process.execPath, [join(folder, 'lib/cli/bundle.js')]);
    cpSync(DIST, KEPT, { recursive: true });
  }
  rmSync(DIST, { recursive: true });
  cpSync(KEPT, DIST, { recursive: true });
}

describe('the program of a command', () => {
  it('is its sources where none was made of them, and what strips types is loaded once', () => {
    const [first, second] = [loadedByCopy('version'), loadedByCopy('version')];
    for (const { sources, made } of [first, second]) {
      assert.ok(sources.length > 10);
      assert.deepEqual(made, []);
    }
    const strips = ({ all }: typeof first): boolean => all.some((name) => name.includes('amaro'));
    assert.deepEqual([strips(first), strips(second)], [true, false]);
  });

  it('loads no command for --version', () => {
    const { sources } = loadedByCopy('--version');
    assert.ok(sources.length > 10);
    assert.deepEqual(
      sources.filter((url) => /\/cli\/(tokens\/(?!patience)|manifest|leaks|operations)/.test(url)),
      [],
    );
  });

  it('is what was made of them: it loads no source, and no fetch to read a table', () => {
    make();
    const { sources, made, all } = loadedByCopy('status');
    assert.deepEqual(sources, []);
    assert.equal(made.length, 1);
    assert.ok(all.includes('NativeModule http'));
    assert.ok(!all.includes('NativeModule internal/deps/undici/undici'));
  });

  it('is compiled when it is made, and runs without that', () => {
    make();
    const program = join(folder, 'lib/cli/program.cjs');
    const code =
      `import { PROGRAM, compiledIn, scriptOf } from '${program}';` +
      `const script = scriptOf('${DIST}/' + PROGRAM, compiledIn('${DIST}'));` +
      'console.log(script.cachedDataRejected);';
    assert.equal(
      execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }),
      'false\n',
    );
    const version = runCopy('version').stdout.split('\n')[0];
    writeFileSync(join(DIST, 'run.v8'), 'of another V8');
    assert.equal(runCopy('version').stdout.split('\n')[0], version);
    rmSync(join(DIST, 'run.v8'));
    assert.equal(runCopy('version').stdout.split('\n')[0], version);
    assert.match(version ?? '', /^\d+\.\d+\.\d+$/);
  });

  it('is compiled by showing a token, of which nothing is in doubt', () => {
    make();
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'lib/cli/compile.js')], {
      cwd: DIST,
      encoding: 'utf8',
      env: NOBODY_ANSWERS,
    });
    assert.match(stdout, /^example\/token +ok +/m);
    assert.match(stdout, /^1 token, 0 critical findings, 0 warnings\.$/m);
    assert.equal(stderr, '');
  });

  it('is ASCII, which V8 keeps at one byte a character', () => {
    make();
    const program = readFileSync(join(DIST, 'run.cjs'));
    assert.ok(program.length > 100_000);
    assert.ok(program.every((byte) => byte < 0x80));
  });

  it('names the sources of an error with --debug', () => {
    make();
    const { stderr } = runCopy('status', '--debug');
    assert.match(stderr, /^ +at .*\/lib\/cli\/tokens\/status\.ts:\d+:\d+\)$/m);
    assert.doesNotMatch(runCopy('status').stderr, /^ +at /m);
  });

  it('is the sources again once one of them has changed', () => {
    make();
    const source = join(folder, 'lib/cli/tokens/status.ts');
    // Moved back, it is as old as it was.
    renameSync(source, `${source}.before`);
    writeFileSync(source, `${readFileSync(`${source}.before`, 'utf8')}\n`);
    const { sources, made } = loadedByCopy('version');
    assert.ok(sources.length > 10);
    assert.deepEqual(made, []);
    renameSync(`${source}.before`, source);
    assert.equal(loadedByCopy('version').made.length, 1);
  });

  it('is the sources where it was not made to its end', () => {
    make();
    assert.equal(loadedByCopy('version').made.length, 1);
    rmSync(join(DIST, 'made-from.json'));
    assert.deepEqual(loadedByCopy('version').made, []);
  });
});
