// Makes one file of the command's sources, which starts faster than they do. npm runs this when it has
// installed the packages. JavaScript, since that may be an older Node.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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

rmSync(MADE, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: [join(HERE, 'run.ts')],
  outfile: join(MADE, 'run.cjs'),
  bundle: true,
  platform: 'node',
  // As CommonJS, what a command imports is run when it is first used, and nothing else is. One file is found and
  // compiled once.
  format: 'cjs',
  target: 'node24',
  // Only ES modules lose what is not used.
  mainFields: ['module', 'main'],
  // A package of its own, which brings a compiler and a database.
  external: [join(ROOT, 'lib/sandbox/*')],
  plugins: [HTTP_ALONE],
  // As ES modules are.
  banner: { js: '"use strict";' },
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});

const sources = Object.keys(metafile.inputs).filter((path) => !/node_modules\/|^built-in:/.test(path));
// Last: a program that was not made to its end has none, and is not run.
writeFileSync(join(MADE, 'made-from.json'), JSON.stringify(sources.map(stampOf)));

/** A source as it is now: its path from here, when it was changed, and its bytes. */
function stampOf(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return [join('../..', path), mtimeMs, size];
}
