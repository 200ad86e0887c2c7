import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const ROOT = join(import.meta.dirname, '..');

/** They take longest, so they begin first; the first one makes the assembly that the story runs from too. */
const LONGEST = ['faults/bundles', 'proofs/races', 'proofs/whose', 'sandbox/runtime/stack', 'proofs/tables', 'sandbox/story/story', 'faults/faults', 'infra/app', 'proofs/forging', 'proofs/bad-input', 'proofs/deletion', 'faults/walks', 'proofs/deliveries'].map((name) => `test/${name}.test.ts`);

function place(file: string): number {
  const at = LONGEST.indexOf(file);
  return at === -1 ? LONGEST.length : at;
}

/** `npm test`, or `npm test -- FILE…`: every test file in a process of its own. What they compile is kept: all of them load the same modules. */
function main(patterns: readonly string[]): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/keyturn/compiled');
  const found = globSync(patterns.length === 0 ? ['test/**/*.test.ts'] : patterns, { cwd: ROOT });
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
