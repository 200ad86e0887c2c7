import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { ALONE, AT_LENGTH, TOGETHER, filesTogether, isShort } from './together/load.ts';

const ROOT = join(import.meta.dirname, '..');
const WITHOUT_HOOKS = join(import.meta.dirname, 'together/without-hooks.cjs');

/** The files of ALONE, each of which has to be there. */
function filesAlone(): string[] {
  const gone = ALONE.find((file) => !existsSync(join(ROOT, 'test', file)));
  if (gone !== undefined)
    throw new Error(`test/${gone} is not there any more: correct its name in test/together/load.ts.`);
  return ALONE.map((file) => `test/${file}`);
}

function roomFile(name: string): string {
  return `test/together/${name}.ts`;
}

/**
 * Every test file once, without those that are named as long: the longest room of small ones, what takes a
 * while alone, the other rooms, then what is in neither.
 */
function allFiles(): string[] {
  const alone = filesAlone();
  const together = filesTogether(Object.values(TOGETHER).flat()).map((file) => `test/${file}`);
  const others = globSync(['test/**/*.test.ts'], { cwd: ROOT }).filter(
    (file) => isShort(file) && !alone.includes(file) && !together.includes(file),
  );
  const rooms = Object.keys(TOGETHER).map(roomFile);
  return [...rooms.slice(0, 1), ...alone, ...rooms.slice(1), ...others.toSorted()];
}

/** What `npm test` leaves out, and the rooms of which it takes a part. */
function longFiles(): string[] {
  const long = globSync(['test/**/*.test.ts'], { cwd: ROOT }).filter((file) => !isShort(file));
  const alone = filesAlone().filter((file) => AT_LENGTH.some((room) => file.startsWith(`test/${room}/`)));
  return [...AT_LENGTH.map(roomFile), ...alone, ...long.toSorted()];
}

function filesOf(patterns: readonly string[], whole: boolean): string[] {
  if (patterns.length > 0) return globSync(patterns, { cwd: ROOT }).toSorted();
  return whole ? longFiles() : allFiles();
}

/**
 * `npm test`, `npm run test:long`, or `npm test -- [--whole] FILE…`: test files in processes of their own,
 * small ones together. What they compile is kept: all of them load the same modules.
 */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { whole: { type: 'boolean', default: false } },
  });
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/keyturn/compiled');
  if (values.whole) process.env['KEYTURN_TESTS'] = 'whole';
  else if (positionals.length === 0) process.env['KEYTURN_TESTS'] = 'part';
  const files = filesOf(positionals, values.whole);
  if (files.length === 0) throw new Error(`No test file is named so: ${positionals.join(' ')}.`);
  if (positionals.length === 0 && !values.whole)
    process.on('exit', () =>
      process.stdout.write(
        'A part of what is tried for every issuer and at every call: npm run test:long tries all.\n',
      ),
    );
  const running = run({ files, cwd: ROOT, concurrency: 2, execArgv: ['--require', WITHOUT_HOOKS] });
  running.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  });
  running.compose(spec).pipe(process.stdout);
}

main();
