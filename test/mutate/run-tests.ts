import { afterEach } from 'node:test';
import { pathToFileURL } from 'node:url';

/**
 * Runs test files in this one process and ends at the first test that fails: a mutant needs no second one.
 * What fails outside of a test, such as the loading of a file, ends the process as Node ends it.
 */
async function main(files: readonly string[]): Promise<void> {
  afterEach((context) => {
    if (!('passed' in context) || context.passed) return;
    process.stderr.write(`${context.name}\n`);
    process.exit(1);
  });
  for (const file of files) await import(pathToFileURL(file).href);
}

await main(process.argv.slice(2));
