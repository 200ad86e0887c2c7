import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

const ROOT = join(import.meta.dirname, '../..');
/** What a run may take beyond what it took without a mutant. Machines have other work too. */
const PATIENCE_MS = 10_000;

/** A change that no test noticed. */
export interface Survivor {
  readonly line: number;
  readonly operator: string;
  /** What stood there. */
  readonly was: string;
  readonly became: string;
}

/** One file's outcome. `timeout` counts those that never ended; they are noticed too. */
export interface FileScore {
  readonly file: string;
  readonly mutants: number;
  readonly killed: number;
  readonly timeout: number;
  readonly survived: readonly Survivor[];
}

export interface Mutated {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement: string | undefined;
  readonly location: { readonly start: Point; readonly end: Point };
}

interface Point {
  readonly line: number;
  readonly column: number;
}

/** One process a mutant: nothing that a mutant did is there for the next one. */
function commandFor(tests: readonly string[]): string {
  const node = JSON.stringify(process.execPath);
  return tests.map((test) => `${node} test/mutate/run-tests.ts ${test}`).join(' && ');
}

/**
 * Tries every mutant of one file, one after another, in a copy of the repository. Error: the tests fail
 * without any.
 */
export async function mutate(file: string, tests: readonly string[], text: string): Promise<FileScore> {
  process.env['NODE_COMPILE_CACHE'] = '.compiled';
  const stryker = new Stryker({
    testRunner: 'command',
    commandRunner: { command: commandFor(tests) },
    plugins: [join(import.meta.dirname, 'sentences.ts')],
    ignorers: ['sentences'],
    mutate: [file],
    ignorePatterns: ['cdk.out', 'docs'],
    // It would be rewritten with TypeScript's old interface. Nothing reads it here: types are stripped.
    tsconfigFile: 'none.json',
    concurrency: 1,
    coverageAnalysis: 'off',
    timeoutMS: PATIENCE_MS,
    reporters: [],
    logLevel: 'error' as never,
    allowConsoleColors: false,
  });
  const results = await stryker.runMutationTest().catch((cause: unknown) => {
    throw new Error(`Nothing could be tried on ${file}: do its tests pass as they are?`, { cause });
  });
  return scoreOf(file, text, results);
}

/**
 * Counts what became of a file's mutants. Those that were left out are no part of it. Error: a mutant that
 * was not tried.
 */
export function scoreOf(file: string, text: string, results: readonly Mutated[]): FileScore {
  const tried = results.filter(({ status }) => status !== 'Ignored');
  const odd = tried.find(({ status }) => !['Killed', 'Timeout', 'Survived'].includes(status));
  if (odd)
    throw new Error(`A mutant of ${file} came to nothing: ${odd.status} in line ${odd.location.start.line}.`);
  const counted = (status: string): Mutated[] => tried.filter((one) => one.status === status);
  const survived = counted('Survived').map((one): Survivor => ({
    line: one.location.start.line,
    operator: one.mutatorName,
    was: cut(text, one.location),
    became: one.replacement ?? '',
  }));
  return {
    file,
    mutants: tried.length,
    killed: counted('Killed').length,
    timeout: counted('Timeout').length,
    survived,
  };
}

function cut(text: string, { start, end }: Mutated['location']): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
    )
    .join('\n');
}

/** The share of mutants that were noticed, in per cent with one decimal; 100 where there are none. */
export function share(files: readonly Pick<FileScore, 'mutants' | 'killed' | 'timeout'>[]): number {
  const sum = (count: (one: Pick<FileScore, 'mutants' | 'killed' | 'timeout'>) => number): number =>
    files.reduce((total, one) => total + count(one), 0);
  const mutants = sum((one) => one.mutants);
  return mutants === 0 ? 100 : Math.round((sum((one) => one.killed + one.timeout) / mutants) * 1_000) / 10;
}

export function commitNow(): string {
  return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
}
