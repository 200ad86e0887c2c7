import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { CliPorts } from '../command-line/command.ts';
import type { Choice, Surroundings } from '../main.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import type { RunningSandbox, SandboxOptions } from '../sandbox/file.ts';
import { screenOn, type Tone } from '../output/screen.ts';

/** This process: its streams, files, clock and network. */
export function processWorld(version: string): Surroundings {
  const { stdin, stdout, stderr, env } = process;
  const isPlain = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  for (const stream of [stdout, stderr]) stream.on('error', leaveWhenNobodyReads);
  const screen = (stream: NodeJS.WriteStream): Surroundings['out'] =>
    screenOn((text) => void stream.write(text), {
      colour: stream.isTTY && !isPlain,
      columns: stream.isTTY ? stream.columns : undefined,
    });
  return {
    out: screen(stdout),
    err: screen(stderr),
    isTty: stdin.isTTY && stderr.isTTY,
    ask: (question) => asked(question, process.stderr),
    askHidden,
    sleep: async (length) => setTimeout(length),
    readFile: async (path) => readable(await readFile(path)),
    readInput: async () => (stdin.isTTY ? undefined : readable(await buffer(stdin))),
    fetch: (request) => fetch(request),
    environment: env,
    version,
    connect,
    startSandbox,
  };
}

/** Error: {@link CliError} for what is no text: nobody could tell what is in it. */
async function readable(bytes: Buffer): Promise<string> {
  const { textOf } = await import('../leak-input/text.ts');
  const text = textOf(bytes);
  if (text !== undefined) return text;
  throw new CliError(
    EXIT.usage,
    'The input is not text in UTF-8 or UTF-16: unpack it, or send the bare value.',
  );
}

/**
 * Ctrl-C ends a command at once, with an exit code of its own: what was asked of Keyturn stays asked. A
 * sandbox ends in its own way.
 */
export function leaveOnInterrupt(): void {
  process.on('SIGINT', leave);
}

function leave(): void {
  process.exit(EXIT.interrupted);
}

/** Whoever reads the output may have had enough of it, as `head` has after ten lines: that is no failure. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

/**
 * Questions go to standard error: standard output is for what was asked for. Errors: {@link CliError} for
 * Ctrl-C.
 */
async function asked(question: string, output: NodeJS.WritableStream): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const ended = new AbortController();
  let isInterrupted = false;
  prompt.once('SIGINT', () => {
    isInterrupted = true;
    ended.abort();
  });
  // At the end of input there is no answer; without this the question would wait for ever.
  prompt.once('close', () => ended.abort());
  try {
    return await prompt.question(question, { signal: ended.signal });
  } catch {
    if (isInterrupted) throw new CliError(EXIT.interrupted, 'Nothing was done: it was stopped with Ctrl-C.');
    return '';
  } finally {
    prompt.close();
  }
}

/** The terminal echoes nothing: what is typed goes to a stream that drops it. */
async function askHidden(question: string): Promise<string> {
  // Loaded before the question is shown: what is typed after it must find the echo off.
  await import('node:readline/promises');
  process.stderr.write(question);
  const dropped = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await asked('', dropped);
  } finally {
    process.stderr.write('\n');
  }
}

async function connect({ installation, region, profile, sandbox }: Choice): Promise<CliPorts> {
  const { awsWorld, sandboxWorld } = await import('./world.ts');
  if (sandbox === undefined) return awsWorld({ installation: installation ?? 'main', region, profile });
  const { readSandboxFile } = await import('../sandbox/file.ts');
  return sandboxWorld(await readSandboxFile(sandbox, (path) => readFile(path, 'utf8')), installation);
}

/** Tones of what a sandbox tells, as the command has them. */
const TONES = {
  critical: 'bad',
  warning: 'warn',
  good: 'good',
  dim: 'dim',
  strong: undefined,
} as const satisfies Record<string, Tone | undefined>;

/**
 * The sandbox is loaded only when it is started: it brings a compiler and a database. An interrupt while it
 * starts takes away what was begun. Errors: {@link CliError} where it cannot start here, or was stopped.
 */
async function startSandbox({
  folder,
  port,
  fast,
  issuers,
  onStep,
  onNews,
}: SandboxOptions): Promise<RunningSandbox> {
  process.off('SIGINT', leave);
  const stop = new AbortController();
  const interrupted = interruption().then(() =>
    stop.abort(new CliError(EXIT.interrupted, 'The sandbox was stopped while it started.')),
  );
  const { openSandbox, SandboxRefusal } = await import('../../sandbox/index.ts');
  const opening = openSandbox({
    folder,
    isFast: fast,
    issuers,
    signal: stop.signal,
    onStep: ({ result, seconds }) => {
      if (result !== undefined) onStep(`${seconds.toFixed(1)} s  ${result}`);
    },
    onNews: (text, tone) => onNews(text, tone && TONES[tone]),
    ...(port !== undefined && { port }),
  });
  const { close, ...open } = await opening.catch((error: unknown) => {
    throw error instanceof SandboxRefusal
      ? new CliError(EXIT.refused, error.message, { cause: error })
      : error;
  });
  return { ...open, ended: interrupted.then(close) };
}

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
