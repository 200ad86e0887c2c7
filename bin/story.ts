#!/usr/bin/env node
// What is imported below needs Node 24; only what any version can read stands before the check of the version.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `The story needs Node.js 24 or newer, and this is ${process.versions.node}: install it, or run \`npm start\`, which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('../lib/sandbox/story/command.ts');
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}
