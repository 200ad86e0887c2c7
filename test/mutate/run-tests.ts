import { run } from 'node:test';

/** Runs test files in this one process and ends at the first test that fails: a mutant needs no second one. */
function main(files: readonly string[]): void {
  const running = run({ files: [...files], isolation: 'none' });
  running.on('test:fail', ({ name, todo }) => {
    if (todo !== undefined && todo !== false) return;
    process.stderr.write(`${name}\n`);
    process.exit(1);
  });
  running.resume();
}

main(process.argv.slice(2));
