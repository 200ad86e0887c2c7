import { once } from 'node:events';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_FOLDER, type Sandbox } from '../index.ts';
import { reportOf } from './report.ts';
import { SAFETIES, type Safety } from './cast.ts';
import { tellStory } from './story.ts';

const HELP = `Tells the story of four tokens and their consumers in a sandbox, then leaves the sandbox running until Ctrl-C.

  npm start                          the story, then the sandbox for you
  npm start -- --once                end when the story is over
  npm start -- --once --json         one JSON object on stdout, the story on stderr

Options:
  --once                      end after the story
  --json                      print one JSON object on stdout; the story goes to stderr
  --folder FOLDER             where mails and logs go; ${DEFAULT_FOLDER} unless told
  --port NUMBER               where the sandbox listens; a free port unless told
  --without grace|evidence    take a safety out of the policies, by the owners' tags, and see what goes wrong
  --help                      this text

It ends with status 0 only if every promise of the story held.
`;

/** A wrong command line, in one sentence. */
class UsageError extends Error {}

interface Choice {
  readonly once: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly folder: string | undefined;
  readonly port: number | undefined;
  readonly without: Safety | undefined;
}

/** Where it writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs the command line and resolves to the exit status: 0 when every promise held, 1 when not, 2 for a wrong command line. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const choice = choiceOf(argv);
    if (!choice.help) return await run(choice, streams);
    streams.out(HELP);
    return 0;
  } catch (error) {
    streams.err(`${error instanceof Error ? error.message : 'The story could not be told.'}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function choiceOf(argv: readonly string[]): Choice {
  const { folder, port, without, once, json, help } = parsed(argv);
  const safety = SAFETIES.find((one) => one === without);
  if (without !== undefined && safety === undefined)
    throw new UsageError(`--without is "${without}": write ${SAFETIES.join(' or ')}.`);
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (!Number.isInteger(number) || number < 1 || number > 65_535))
    throw new UsageError(`--port is "${port}": write a number from 1 to 65535.`);
  return { once, json, help, folder, port: number, without: safety };
}

function parsed(argv: readonly string[]): {
  once: boolean;
  json: boolean;
  help: boolean;
  folder?: string;
  port?: string;
  without?: string;
} {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: { once: flag, json: flag, help: flag, folder: text, port: text, without: text },
    }).values;
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : 'The command line is wrong.'} See npm start -- --help.`,
    );
  }
}

async function run(
  { once: endsThen, json, folder, port, without }: Choice,
  { out, err }: Streams,
): Promise<number> {
  const started = performance.now();
  const say = (line: string): void => (json ? err : out)(`${line}\n`);
  const interrupted = interruption();
  const told = await tellStory({ say, folder, port, without, interrupted });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  say(`${told.virtualDays} days in ${seconds} seconds.`);
  if (json) out(`${JSON.stringify(reportOf(told, seconds))}\n`);
  if (!endsThen) await stay(told.sandbox, interrupted, say);
  await told.sandbox.close();
  return told.checks.every(({ held }) => held) ? 0 : 1;
}

/** What a shell calls a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

/**
 * The first Ctrl-C ends the story, or the sandbox after it, in order; a second one ends the process.
 * The listener stays: libraries that clean up end the process when they find themselves the only listeners.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return controller.signal;
}

/** Time flows as outside from now on; other processes may move it. */
async function stay(sandbox: Sandbox, interrupted: AbortSignal, say: (line: string) => void): Promise<void> {
  const stopTime = sandbox.follow(1);
  const folder = relative(process.cwd(), sandbox.folder);
  const flag =
    folder === DEFAULT_FOLDER
      ? '--sandbox'
      : `--sandbox=${folder.startsWith('..') ? sandbox.folder : folder}`;
  for (const line of invitation(sandbox.endpoint, flag)) say(line);
  if (!interrupted.aborted) await once(interrupted, 'abort');
  await stopTime();
}

function invitation(endpoint: string, flag: string): string[] {
  return [
    '',
    `The sandbox runs on at ${endpoint}, in real time. Stop it with Ctrl-C. In another window:`,
    `  npx keyturn status ${flag}`,
    `  npx keyturn history checkout/okta-client ${flag}`,
    `  npx keyturn rotate ci/npm-publish --wait ${flag}`,
    `  npx keyturn sandbox advance 3d ${flag}`,
  ];
}
