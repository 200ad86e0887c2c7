#!/usr/bin/env node
// What is imported below needs Node 24; only what any version can read stands before the check of the version.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `keyturn needs Node.js 24 or newer, and this is ${process.versions.node}: install it, or run keyturn through the one that npm installed with \`npx keyturn\`.\n`,
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import('node:module');
  // What was compiled once is kept beside other temporary files: a command then starts in half the time.
  enableCompileCache();
  const { main } = await import('../lib/cli/main.ts');
  const { leaveOnInterrupt, processWorld } = await import('../lib/cli/aws/process-world.ts');
  const { default: settings } = await import('../package.json', { with: { type: 'json' } });
  leaveOnInterrupt();
  process.exitCode = await main(process.argv.slice(2), processWorld(settings.version));
}
