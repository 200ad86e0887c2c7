import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { SANDBOX_FOLDER } from '../../lib/cli/sandbox/folder.ts';
import { classOf } from './command-classes.ts';
import { DONE, readPage } from './pages.ts';
import { commandsOf } from './shell.ts';

const ROOT = join(import.meta.dirname, '../..');
/** `npm start` says so when its story is over, and the sandbox is for whoever reads it. */
const READY = /Stop it with Ctrl-C/;
const PATIENCE_MS = 15 * 60_000;
/** What `npm start` ends with when it fails. */
const FAILED = 1;
/** What somebody might have found, in a file or in the clipboard: no credential of the sandbox. */
const LOST = 'glpat-0123456789abcdefABCD\n';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * The README's commands in a new clone of the commit, then every other command that a page names, there or in
 * the sandbox that `npm start` leaves running.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-pages-'));
  try {
    const problems = await tryAll(folder);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(folder: string): Promise<string[]> {
  const first = run(firstBlock(), folder, [0]);
  if (first !== undefined) return [first];
  const clone = join(folder, 'keyturn');
  const { child, ready } = startIn(clone);
  const problems: string[] = [];
  try {
    await ready;
    const commands = [...new Set(DONE.flatMap((page) => commandsOf(readPage(page))))];
    problems.push(
      ...commands.filter((one) => classOf(one)?.in === 'clone').flatMap((one) => inClone(one, clone)),
      ...inSandbox(commands, clone),
    );
  } finally {
    // Its live log goes on telling whatever the commands did.
    if ((await stop(child)) === FAILED) problems.push('npm start ended with an error of its own');
  }
  return problems;
}

/**
 * What the README begins with, up to the command that does not end by itself. The address of the repository
 * is where this one lies.
 */
function firstBlock(): string {
  const block = /^```sh\n([^]*?)```/m.exec(readPage('README.md'))?.[1] ?? '';
  return `set -e\n${block.replace('REPOSITORY-URL', `'${ROOT}'`).replace(' && npm start', '')}`;
}

/** What was run already, or cannot end by itself, is not run again. */
function inClone(command: string, clone: string): string[] {
  if (/^(git clone|cd|npm ci|npm start)\b/.test(command)) return [];
  // Without a command it prints its help, and calls that wrong usage.
  const problem = run(command, clone, command === 'npx --no keyturn' ? [2] : [0]);
  return problem === undefined ? [] : [problem];
}

/** Reading commands first: they find what the changing ones would take away. */
function inSandbox(commands: readonly string[], clone: string): string[] {
  const filled = wordsFor(clone);
  const rows = commands.flatMap((command) => {
    const is = classOf(command);
    return is?.in === 'sandbox' ? [{ command, exits: is.exits }] : [];
  });
  return rows
    .toSorted((a, b) => a.exits.length - b.exits.length)
    .flatMap(({ command, exits }) => {
      const said = run(typed(command, filled), clone, exits);
      return said === undefined ? [] : [said];
    });
}

/**
 * A command as somebody types it who has read the page: names of the sandbox in the place of words in
 * capitals, and yes to every question.
 */
function typed(command: string, words: ReadonlyMap<string, string>): string {
  const text = command.replaceAll(/\b[A-Z]{4,}\b/g, (word) => words.get(word) ?? word);
  return text.replace(/ < \S+$| --yes|$/, (end) => (end.includes('--yes') ? end : ` --yes${end}`));
}

const Shown = z.looseObject({ credentials: z.array(z.looseObject({ id: z.string() })).min(1) });

/**
 * The README's first token, which declares a consumer here so that commands about one have something to do.
 */
const TOKEN = 'billing/gitlab-read';
const CONSUMER = 'ci';

/**
 * Makes the files that pages speak of, and the token and the credential for the words in capitals. Error:
 * what is wrong with a command that this takes.
 */
function wordsFor(clone: string): ReadonlyMap<string, string> {
  const [, manifest = ''] = /```yaml\n([^]*?)```/.exec(readPage('README.md')) ?? [];
  const consumers = `    consumers: [{ name: ${CONSUMER}, kind: ack, target: team-billing }]\n`;
  writeFileSync(join(clone, 'tokens.yaml'), manifest + consumers);
  writeFileSync(join(clone, 'gitleaks.json'), '[]\n');
  for (const name of ['why', '.env']) writeFileSync(join(clone, name), LOST);
  for (const words of [
    `sandbox grant gitlab ${TOKEN}`,
    'apply tokens.yaml --yes',
    `rotate ${TOKEN} --wait`,
  ]) {
    const problem = run(`npx --no keyturn ${words}`, clone, [0]);
    if (problem !== undefined) throw new Error(problem);
  }
  const [credential] = Shown.parse(asked(`show ${TOKEN}`, clone)).credentials;
  const id = credential?.id ?? '';
  return new Map([
    ['TOKEN', TOKEN],
    ['CONSUMER', CONSUMER],
    ['NAME', CONSUMER],
    ['CREDENTIAL', id],
    ['VERSION', id],
    // A rotation goes by the version that it made.
    ['ROTATION', id],
    ['FILE', 'gitleaks.json'],
    ['TEXT', 'why'],
  ]);
}

function asked(command: string, clone: string): unknown {
  const argv = ['--no', 'keyturn', ...command.split(' '), '--json'];
  return JSON.parse(execFileSync('npx', argv, { cwd: clone, env: environment(clone), encoding: 'utf8' }));
}

function environment(clone: string): NodeJS.ProcessEnv {
  return { ...process.env, KEYTURN_SANDBOX: join(clone, SANDBOX_FOLDER), NO_COLOR: '1' };
}

/** Runs a line of a shell; resolves to what is wrong with it, with what it said. */
function run(line: string, cwd: string, exits: readonly number[]): string | undefined {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], {
    cwd,
    env: environment(cwd),
    encoding: 'utf8',
    input: LOST,
    timeout: PATIENCE_MS,
  });
  say(`${status}  ${((Date.now() - began) / 1000).toFixed(1)} s  ${line}`);
  if (status !== null && exits.includes(status)) return undefined;
  return `${line}\n  ended with ${status}, not ${exits.join(' or ')}:\n${stdout}${stderr}`;
}

interface Started {
  readonly child: ChildProcess;
  /** Resolves when the story is over. Error: with what was said until then. */
  readonly ready: Promise<void>;
}

function startIn(clone: string): Started {
  const child = spawn('npm', ['start'], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`npm start was not ready in time:\n${said}`)),
      PATIENCE_MS,
    );
    child.once('exit', (status) => reject(new Error(`npm start ended with ${status}:\n${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!READY.test(said)) return;
      clearTimeout(late);
      say('npm start has told its story');
      resolve();
    });
  });
  return { child, ready };
}

/** Ctrl-C, as the sandbox's last line says. Resolves to the exit status; null where a signal ended it. */
async function stop(child: ChildProcess): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGINT');
  await ended;
  return child.exitCode;
}

await main();
