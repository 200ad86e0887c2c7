// Makes one file of the command's sources, which starts faster than they do. npm runs this when it has
// installed the packages. JavaScript, since that may be an older Node.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PROGRAM } from './program.cjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../..');
const MADE = join(HERE, 'dist');

/**
 * Node reads every export of a module of its own that is imported, and two of node:http are getters that load
 * all of fetch: a tenth of a command's processor time. What is asked for by name loads nothing else.
 */
const HTTP_ALONE = {
  name: 'http-alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: 'built-in' }));
    onLoad({ filter: /./, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/**
 * What zod makes of a schema by compiling pays when many values are read. A command reads few, and compiling
 * is an eighth of its processor time.
 */
const ZOD_UNCOMPILED = {
  name: 'zod-uncompiled',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^zod$/, namespace: 'file' }, ({ path }) => ({ path, namespace: 'uncompiled' }));
    onLoad({ filter: /./, namespace: 'uncompiled' }, ({ path }) => ({
      contents: `import { config } from '${path}'; config({ jitless: true }); export * from '${path}';`,
      resolveDir: HERE,
    }));
  },
};

rmSync(MADE, { recursive: true, force: true });
const { metafile, outputFiles } = await build({
  write: false,
  absWorkingDir: ROOT,
  entryPoints: [join(HERE, 'run.ts')],
  outfile: join(MADE, PROGRAM),
  bundle: true,
  platform: 'node',
  // As CommonJS, what a command imports is run when it is first used, and nothing else is.
  format: 'cjs',
  target: 'node24',
  // A script that V8 has compiled before cannot import; it requires, which Node 24 does of ES modules too.
  supported: { 'dynamic-import': false },
  // Only ES modules lose what is not used.
  mainFields: ['module', 'main'],
  // A package of its own, which brings a compiler and a database.
  external: [join(ROOT, 'lib/sandbox/*')],
  plugins: [HTTP_ALONE, ZOD_UNCOMPILED],
  // As ES modules are.
  banner: { js: '"use strict";' },
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});

mkdirSync(MADE);
for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.map') ? text : inAscii(text));
compile();
const sources = Object.keys(metafile.inputs).filter(
  (path) => !/node_modules\/|^(built-in|uncompiled):/.test(path),
);
// Last: a program that was not made to its end has none, and is not run.
writeFileSync(join(MADE, 'made-from.json'), JSON.stringify(sources.map(stampOf)));

/**
 * A program with its other characters escaped: esbuild leaves those of regular expressions as they are, and V8
 * keeps a text at two bytes a character for the sake of one.
 */
function inAscii(program) {
  // oxlint-disable-next-line no-control-regex
  return program.replace(/[^\x00-\x7f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** In a process of its own, which finds no settings of the user's. Without it the program starts later. */
function compile() {
  const { status } = spawnSync(process.execPath, [join(HERE, 'compile.js')], {
    cwd: MADE,
    stdio: 'ignore',
    env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', HOME: MADE },
  });
  if (status !== 0) process.stderr.write('keyturn will start more slowly: its program could not be run.\n');
}

/** A source as it is now: its path from here, when it was changed, and its bytes. */
function stampOf(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return [join('../..', path), mtimeMs, size];
}
