import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { ALONE, TOGETHER, filesTogether, isShort } from './together/load.ts';

const ROOT = join(import.meta.dirname, '..');
const WITHOUT_HOOKS = join(import.meta.dirname, 'together/without-hooks.cjs');

/**
 * Every test file once, without those that are named as long: the longest room of small ones, what takes a
 * while alone, the other rooms, then what is in neither.
 */
function allFiles(): string[] {
  const alone = ALONE.map((file) => `test/${file}`);
  const gone = alone.find((file) => !existsSync(join(ROOT, file)));
  if (gone !== undefined)
    throw new Error(`${gone} is not there any more: correct its name in test/together/load.ts.`);
  const together = filesTogether(Object.values(TOGETHER).flat()).map((file) => `test/${file}`);
  const others = globSync(['test/**/*.test.ts'], { cwd: ROOT }).filter(
    (file) => isShort(file) && !alone.includes(file) && !together.includes(file),
  );
  const rooms = Object.keys(TOGETHER).map((name) => `test/together/${name}.ts`);
  return [...rooms.slice(0, 1), ...alone, ...rooms.slice(1), ...others.toSorted()];
}

/**
 * `npm test`, or `npm test -- FILE…`: test files in processes of their own, small ones together. What they
 * compile is kept: all of them load the same modules.
 */
function main(patterns: readonly string[]): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/keyturn/compiled');
  const files = patterns.length === 0 ? allFiles() : globSync(patterns, { cwd: ROOT }).toSorted();
  if (files.length === 0) throw new Error(`No test file is named so: ${patterns.join(' ')}.`);
  const running = run({ files, cwd: ROOT, concurrency: 2, execArgv: ['--require', WITHOUT_HOOKS] });
  running.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  });
  running.compose(spec).pipe(process.stdout);
}

main(process.argv.slice(2));
