#!/usr/bin/env node
'use strict';
// JavaScript, since an older Node must read it too. CommonJS, which starts sooner than an ES module.
const OLDEST = 24;
/** Room for what a command makes, in MiB, so that nothing of it is collected before it ends. */
const ROOMY = '--min-semi-space-size=16';

function isNewEnough(version) {
  return Number(version.split('.')[0]) >= OLDEST;
}

/** Runs the command in this process. */
async function runHere() {
  const { run } = isMade() ? made() : await sources();
  await run();
}

/** The program that bundle.js made of the sources. */
function made() {
  const { programIn, tracedProgramIn } = require('./program.cjs');
  const folder = `${__dirname}/dist`;
  return process.argv.includes('--debug') ? tracedProgramIn(folder) : programIn(folder);
}

/** The sources. What was compiled once is kept beside other temporary files, and starts in half the time. */
function sources() {
  require('node:module').enableCompileCache();
  return import('./run.ts');
}

/** Whether bundle.js made one program of the sources, and every source is as it was when it was made. */
function isMade() {
  const { readFileSync, statSync } = require('node:fs');
  try {
    const stamps = JSON.parse(readFileSync(`${__dirname}/dist/made-from.json`, 'utf8'));
    return stamps.every(([path, changed, size]) => {
      const now = statSync(`${__dirname}/${path}`);
      return now.mtimeMs === changed && now.size === size;
    });
  } catch {
    return false;
  }
}

/** The program of the Node that npm installed here; undefined where there is none that is new enough. */
function installedNode() {
  try {
    const { version } = JSON.parse(
      require('node:fs').readFileSync(require.resolve('node/package.json'), 'utf8'),
    );
    return isNewEnough(version) ? require.resolve('node/bin/node') : undefined;
  } catch {
    return undefined;
  }
}

/** Runs it in a process of that Node, or says what to install. */
function handOver() {
  const node = installedNode();
  if (node === undefined) {
    process.stderr.write(
      `keyturn needs Node.js ${OLDEST} or newer, and this is ${process.versions.node}: ` +
        "install it, or run npm ci in Keyturn's folder.\n",
    );
    process.exitCode = 1;
    return;
  }
  const { spawn } = require('node:child_process');
  const child = spawn(node, [ROOMY, __filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 1;
    if (signal === null) return;
    process.off(signal, pass);
    process.kill(process.pid, signal);
  });
}

if (isNewEnough(process.versions.node)) void runHere();
else handOver();
