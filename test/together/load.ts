import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TESTS = join(import.meta.dirname, '..');

/**
 * Files that take long have a process of their own, longest first; the first one makes the assembly that the
 * story runs from too.
 */
export const ALONE = [
  'proofs/races.test.ts',
  'sandbox/runtime/stack.test.ts',
  'sandbox/story/story.test.ts',
  'proofs/tables.test.ts',
  'faults/faults.test.ts',
  'infra/app.test.ts',
  'proofs/pending-label.test.ts',
  'proofs/value-place.test.ts',
  'proofs/whose.test.ts',
  'proofs/forged-records.test.ts',
  'proofs/lost-mints.test.ts',
  'sandbox/runtime/threads.test.ts',
] as const;

/** Folders whose files are small, by the file here that loads them. */
export const TOGETHER = {
  proofs: ['proofs'],
  cli: ['cli'],
  sandbox: ['sandbox', 'faults', 'walks', 'soak', 'fakes'],
  rest: ['use-cases', 'adapters', 'handlers', 'couriers', 'detect', 'docs'],
  infra: ['infra'],
  providers: ['providers'],
  core: ['core'],
} as const;

/** Whether `npm test` runs a file when none is named; `npm run test:long` runs the others. */
export function isShort(file: string): boolean {
  return !file.endsWith('.long.test.ts');
}

/**
 * The test files of some folders that have no process of their own, relative to `test/`. Error: a folder
 * without tests.
 */
export function filesTogether(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const files = globSync(`${folder}/**/*.test.ts`, { cwd: TESTS }).filter(isShort).toSorted();
    if (files.length === 0) throw new Error(`There is no test in test/${folder}.`);
    return files.filter((file) => !ALONE.some((one) => one === file));
  });
}

/** Loads the small test files of some folders into this process: they take longer to start than to run. */
export async function loadTogether(folders: readonly string[]): Promise<void> {
  for (const file of filesTogether(folders)) await import(pathToFileURL(join(TESTS, file)).href);
}
