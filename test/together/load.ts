import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TESTS = join(import.meta.dirname, '..');

/** Folders whose files are small, by the file here that loads them. */
export const TOGETHER = {
  core: ['core'],
  cli: ['cli'],
  providers: ['providers'],
  rest: ['use-cases', 'adapters', 'handlers', 'couriers', 'detect', 'docs'],
} as const;

/** Loads every test file of some folders into this process: small ones take longer to start than to run. Error: a folder without tests. */
export async function loadTogether(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const files = globSync(`${folder}/**/*.test.ts`, { cwd: TESTS }).toSorted();
    if (files.length === 0) throw new Error(`There is no test in test/${folder}.`);
    for (const file of files) await import(pathToFileURL(join(TESTS, file)).href);
  }
}
