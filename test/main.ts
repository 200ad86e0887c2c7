import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { TOGETHER } from './together/load.ts';

const ROOT = join(import.meta.dirname, '..');

/** They take longest, so they begin first; the first one makes the assembly that the story runs from too. */
const LONGEST = [
  'faults/bundles.test.ts',
  'proofs/races.test.ts',
  'sandbox/story/story.test.ts',
  'sandbox/runtime/stack.test.ts',
  'proofs/tables.test.ts',
  'faults/faults.test.ts',
  'infra/app.test.ts',
  'proofs/pending-label.test.ts',
  'proofs/lost-mints.test.ts',
  'proofs/value-place.test.ts',
  'proofs/whose.test.ts',
  'proofs/forged-records.test.ts',
  'together/cli.ts',
  'together/providers.ts',
  'together/rest.ts',
  'proofs/reach.test.ts',
  'walks/walks.test.ts',
  'proofs/bad-input.test.ts',
  'together/core.ts',
].map((name) => `test/${name}`);

function place(file: string): number {
  const at = LONGEST.indexOf(file);
  return at === -1 ? LONGEST.length : at;
}

function allFiles(): string[] {
  const folders = Object.values(TOGETHER).flat();
  const alone = globSync(['test/**/*.test.ts'], { cwd: ROOT }).filter((file) => !folders.some((folder) => file.startsWith(`test/${folder}/`)));
  return [...alone, ...Object.keys(TOGETHER).map((name) => `test/together/${name}.ts`)];
}

/** `npm test`, or `npm test -- FILE…`: test files in processes of their own, small ones together. What they compile is kept: all of them load the same modules. */
function main(patterns: readonly string[]): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/keyturn/compiled');
  const found = patterns.length === 0 ? allFiles() : globSync(patterns, { cwd: ROOT });
  if (found.length === 0) throw new Error(`No test file is named so: ${patterns.join(' ')}.`);
  const moved = patterns.length === 0 ? LONGEST.find((file) => !found.includes(file)) : undefined;
  if (moved !== undefined) throw new Error(`${moved} is not there any more: correct its name in test/main.ts.`);
  const files = found.toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const running = run({ files, cwd: ROOT, concurrency: 2 });
  running.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  });
  running.compose(spec).pipe(process.stdout);
}

main(process.argv.slice(2));
