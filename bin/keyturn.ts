#!/usr/bin/env node
// What is imported below needs Node 24; only what any version can read stands before the check of the version.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(`keyturn needs Node.js 24 or newer, and this is ${process.versions.node}: install it, or run keyturn through the one that npm installed with \`npx keyturn\`.\n`);
  process.exitCode = 1;
} else {
  const { main } = await import('../lib/cli/main.ts');
  const { processWorld } = await import('../lib/cli/process-world.ts');
  const { default: settings } = await import('../package.json', { with: { type: 'json' } });
  process.exitCode = await main(process.argv.slice(2), processWorld(settings.version));
}
