import { COMMAND_NAMES, allCommands, commandOf } from './commands.ts';
import { takeApart, type Options, type Parsed } from './arguments.ts';
import type { CliCommand } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { noCommand, nounsOf } from './nouns.ts';

/** A command line whose command is known. */
export interface Found {
  readonly command: CliCommand;
  /** What is left of the words behind the name of the command. */
  readonly parsed: Parsed;
}

/** The command of a command line; undefined where none is named. Errors: CliError with the nearest name. */
export async function findCommand(argv: readonly string[]): Promise<Found | undefined> {
  const plainly = takeApart(argv, COMMON_OPTIONS);
  const name = longestName(plainly.positionals);
  const command = name === undefined ? undefined : await commandOf(name);
  if (command) return found(command, takeApart(argv, { ...COMMON_OPTIONS, ...command.options }));
  if (plainly.positionals.length === 0) return undefined;
  // An option of a command may stand before its name, with a value that is no name.
  const parsed = takeApart(argv, await everyOption());
  const late = longestName(parsed.positionals);
  const other = late === undefined ? undefined : await commandOf(late);
  if (other) return found(other, parsed);
  const [first, second] = parsed.positionals;
  if (first !== undefined) throw noCommand(COMMAND_NAMES, first, second);
  return undefined;
}

function found(command: CliCommand, parsed: Parsed): Found {
  const words = command.name.split(' ').length;
  const [, second] = parsed.positionals;
  // `sandbox` is a command and a first word: what stands behind it was meant for a second one.
  if (second !== undefined && words === 1 && nounsOf(COMMAND_NAMES).some((one) => one.name === command.name))
    throw noCommand(COMMAND_NAMES, command.name, second);
  return { command, parsed: { ...parsed, positionals: parsed.positionals.slice(words) } };
}

/** The longest name that the words begin with. */
function longestName([first = '', second = '']: readonly string[]): string | undefined {
  return [`${first} ${second}`, first].find((name) => COMMAND_NAMES.includes(name));
}

async function everyOption(): Promise<Options> {
  return Object.assign({}, COMMON_OPTIONS, ...(await allCommands()).map((one) => one.options));
}
