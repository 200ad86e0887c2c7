import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TESTS = join(import.meta.dirname, '..');

/** Files that take long have a process of their own, longest first. */
export const ALONE = [
  'proofs/races.test.ts',
  'proofs/tables.test.ts',
  'faults/faults.test.ts',
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
  core: ['core', 'architecture', 'mutate'],
} as const;

/** The rooms of which `npm test` takes a part (see test/extent.ts), and `npm run test:long` all. */
export const AT_LENGTH = ['proofs', 'providers'] as const satisfies readonly (keyof typeof TOGETHER)[];

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
