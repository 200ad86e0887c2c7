#!/usr/bin/env node
// What is imported below needs Node 24; only what any version can read stands before the check of the
// version.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `The story needs Node.js 24 or newer, and this is ${process.versions.node}: install it, or run ` +
      `\`npm start\`, which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import('node:module');
  // What was compiled once is kept beside other temporary files: what is shown first is shown sooner.
  enableCompileCache();
  const { main } = await import('../lib/sandbox/story/command.ts');
  const { leaveWhenUnread, terminalOf } = await import('../lib/sandbox/story/terminal.ts');
  leaveWhenUnread([process.stdout, process.stderr]);
  process.exitCode = await main(process.argv.slice(2), {
    out: terminalOf(process.stdout),
    err: terminalOf(process.stderr),
  });
}
