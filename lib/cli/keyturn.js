#!/usr/bin/env node
// JavaScript, since an older Node must read it too, and since the cache has to be on before the first file of
// TypeScript is loaded.
const OLDEST = 24;

function isNewEnough(version) {
  return Number(version.split('.')[0]) >= OLDEST;
}

/** Runs the command in this process. */
async function runHere() {
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  // What was compiled once is kept beside other temporary files: sources then start in half the time.
  enableCompileCache();
  const { run } = isMade() ? await made() : await import('./run.ts');
  await run();
}

/** The program that bundle.js made of the sources. */
async function made() {
  const { programIn, tracedProgramIn } = await import('./program.js');
  const folder = `${import.meta.dirname}/dist`;
  return process.argv.includes('--debug') ? tracedProgramIn(folder) : programIn(folder);
}

/** Whether bundle.js made one program of the sources, and every source is as it was when it was made. */
function isMade() {
  const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
  const { dirname } = import.meta;
  try {
    const stamps = JSON.parse(readFileSync(`${dirname}/dist/made-from.json`, 'utf8'));
    return stamps.every(([path, changed, size]) => {
      const now = statSync(`${dirname}/${path}`);
      return now.mtimeMs === changed && now.size === size;
    });
  } catch {
    return false;
  }
}

/** The program of the Node that npm installed here; undefined where there is none that is new enough. */
async function installedNode() {
  const { createRequire } = await import('node:module');
  const { resolve } = createRequire(import.meta.url);
  const { readFileSync } = await import('node:fs');
  try {
    const { version } = JSON.parse(readFileSync(resolve('node/package.json'), 'utf8'));
    return isNewEnough(version) ? resolve('node/bin/node') : undefined;
  } catch {
    return undefined;
  }
}

/** Runs it in a process of that Node, or says what to install. */
async function handOver() {
  const node = await installedNode();
  if (node === undefined) {
    process.stderr.write(
      `keyturn needs Node.js ${OLDEST} or newer, and this is ${process.versions.node}: ` +
        "install it, or run npm ci in Keyturn's folder.\n",
    );
    process.exitCode = 1;
    return;
  }
  const { spawn } = await import('node:child_process');
  const { fileURLToPath } = await import('node:url');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 1;
    if (signal === null) return;
    process.off(signal, pass);
    process.kill(process.pid, signal);
  });
}

await (isNewEnough(process.versions.node) ? runHere() : handOver());
