import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commitNow, mutate, share, type FileScore } from './mutate.ts';
import { TARGETS } from './targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const HELP = `Changes the code that guards credentials in small ways, one at a time, and runs the tests that
have to notice. What they do not notice is printed.

  npm run mutate                                 every file in test/mutate/targets.ts
  npm run mutate -- --file core/claims           files whose path has this in it
  npm run mutate -- --json                       one JSON object on stdout
`;

const { values } = parseArgs({
  options: {
    file: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function describe(one: FileScore): string {
  const lines = one.survived.map(
    ({ line, operator, was, became }) =>
      `    ${one.file}:${line} ${operator}: ${oneLine(was)}  ->  ${oneLine(became)}`,
  );
  return [`${one.file}: ${one.killed + one.timeout} of ${one.mutants} noticed`, ...lines].join('\n');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

async function main(): Promise<void> {
  const started = performance.now();
  const chosen = Object.entries(TARGETS).filter(
    ([file]) => values.file?.some((part) => file.includes(part)) ?? true,
  );
  if (chosen.length === 0)
    throw new Error(`No file in test/mutate/targets.ts has ${values.file?.join(' or ')} in its path.`);
  const files: FileScore[] = [];
  for (const [file, tests] of chosen) {
    const one = await mutate(file, tests, readFileSync(join(ROOT, file), 'utf8'));
    say(describe(one));
    files.push(one);
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  say(
    `${share(files)} per cent of ${files.reduce((sum, one) => sum + one.mutants, 0)} mutants noticed ` +
      `in ${seconds} s`,
  );
  if (values.json)
    process.stdout.write(`${JSON.stringify({ commit: commitNow(), score: share(files), seconds, files })}\n`);
}

if (values.help) say(HELP);
else await main();
