import { parseArgs } from 'node:util';
import { DEFAULT_FOLDER } from '../runtime/settings.ts';
import type { Choice } from './choice.ts';
import { Display, type Terminal } from './display.ts';
import { morning, prologue } from './opening.ts';
import { SAFETIES } from './safeties.ts';

const HELP = `Shows Keyturn in a sandbox on this machine, then leaves the sandbox running until Ctrl-C.

  npm start                          four tokens for a week, a bad rotation and a leak
  npm start -- --all                 everything that Keyturn does, in eight days
  npm start -- --once --json         end after it; one JSON object on stdout, the rest on stderr

Options:
  --all                       the whole story
  --once                      end when the story is over
  --verbose                   tell routine too, line by line
  --json                      print one JSON object on stdout; the story goes to stderr
  --folder FOLDER             where mails and logs go; default: ${DEFAULT_FOLDER}
  --port NUMBER               where the sandbox listens; default: a free port
  --without grace|evidence    take a safety out of the policies, by the owners' tags, and see what goes wrong
  --help                      this text

It ends with status 0 only if every promise of the story held.
`;

/** A wrong command line, in one sentence. */
class UsageError extends Error {}

/** Where it writes. */
export interface Streams {
  readonly out: Terminal;
  readonly err: Terminal;
}

/**
 * Runs the command line and resolves to the exit status: 0 when every promise held, 1 when not, 2 for a
 * wrong command line.
 */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const { help, ...choice } = choiceOf(argv);
    if (!help) return await run(choice, streams);
    streams.out.write(HELP);
    return 0;
  } catch (error) {
    streams.err.write(`${error instanceof Error ? error.message : 'The story could not be told.'}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Something is shown at once; what takes seconds to load is loaded after it. */
async function run(choice: Choice, { out, err }: Streams): Promise<number> {
  const display = new Display(choice.json ? err : out, () => performance.now());
  const start = morning();
  prologue(display, { start, without: choice.without });
  display.progress(() => 'loading the sandbox');
  try {
    const { show } = await import('./show.ts');
    return await show({ choice, start, display, out });
  } finally {
    display.end();
  }
}

function choiceOf(argv: readonly string[]): Choice & { readonly help: boolean } {
  const { folder, port, without, ...flags } = parsed(argv);
  const safety = SAFETIES.find((one) => one === without);
  if (without !== undefined && safety === undefined)
    throw new UsageError(`--without is "${without}": write ${SAFETIES.join(' or ')}.`);
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (!Number.isInteger(number) || number < 1 || number > 65_535))
    throw new UsageError(`--port is "${port}": write a number from 1 to 65535.`);
  return { ...flags, folder, port: number, without: safety };
}

interface Given extends Pick<Choice, 'all' | 'once' | 'verbose' | 'json'> {
  readonly help: boolean;
  readonly folder?: string;
  readonly port?: string;
  readonly without?: string;
}

function parsed(argv: readonly string[]): Given {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const flags = { all: flag, once: flag, verbose: flag, json: flag, help: flag };
  try {
    return parseArgs({
      args: [...argv],
      options: { ...flags, folder: text, port: text, without: text },
    }).values;
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : 'The command line is wrong.'} See npm start -- --help.`,
    );
  }
}
