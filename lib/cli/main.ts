import { framesOf } from '../../functions/core/frames.ts';
import { accept } from './accept.ts';
import { ack } from './ack.ts';
import { apply } from './apply.ts';
import { confirmHost } from './confirm-host.ts';
import { deliver } from './deliver.ts';
import { detach } from './detach.ts';
import { retire } from './retire.ts';
import { review } from './review.ts';
import { checked, takeApart, type Arguments, type Options, type Parsed } from './arguments.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { failureOf } from './failures.ts';
import { GLOBAL_OPTIONS, printHelp, printOverview } from './help.ts';
import { forget } from './forget.ts';
import { history } from './history.ts';
import { leaked } from './leaked.ts';
import { moved } from './moved.ts';
import { suggestion } from './nearest.ts';
import { readers } from './readers.ts';
import { redrive } from './redrive.ts';
import { release } from './release.ts';
import { revoke } from './revoke.ts';
import { rollback } from './rollback.ts';
import { rotate } from './rotate.ts';
import { SANDBOX_FOLDER } from './sandbox-file.ts';
import { sandbox } from './sandbox.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { subscriptions } from './subscriptions.ts';
import { using } from './using.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [status, show, history, readers, ack, rotate, rollback, revoke, forget, accept, leaked, deliver, moved, using, release, retire, detach, review, subscriptions, redrive, confirmHost, apply, sandbox];

/** Which installation is meant, and where. */
export interface Choice {
  readonly installation: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The folder of the sandbox to use instead of AWS. */
  readonly sandbox: string | undefined;
}

/** The world of the command, apart from its arguments. */
export interface Surroundings extends Omit<CommandContext, 'args' | 'effect' | 'ports'> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly connect: (choice: Choice) => Promise<CliPorts>;
}

const ALL_OPTIONS: Options = Object.assign({}, GLOBAL_OPTIONS, ...COMMANDS.map((one) => one.options));

/** Runs one command line and resolves to its exit code. Does not throw. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const parsed = takeApart(argv, ALL_OPTIONS);
  const choice = choiceOf(parsed, surroundings.environment);
  try {
    return await dispatch(parsed, choice, surroundings);
  } catch (error) {
    const failure = failureOf(error, { installation: choice.installation ?? (choice.sandbox === undefined ? 'main' : 'sandbox'), sandbox: choice.sandbox });
    surroundings.err.line(failure.text, 'bad');
    if (surroundings.environment['KEYTURN_DEBUG'] === '1') for (const line of framesOf(error)) surroundings.err.line(line, 'dim');
    return failure.exit;
  }
}

async function dispatch(parsed: Parsed, choice: Choice, surroundings: Surroundings): Promise<ExitCode> {
  const [name, ...rest] = parsed.positionals;
  if (name === undefined || name === 'help') return overviewOr(name === undefined ? undefined : rest[0], parsed, surroundings);
  const command = commandNamed(name);
  const options: Options = { ...GLOBAL_OPTIONS, ...command.options };
  const args = checked({ positionals: rest, given: parsed.given }, options, command.name);
  if (args.has('help')) {
    printHelp(command, surroundings.out);
    return EXIT.ok;
  }
  requireFew(args, command);
  requireNoneEmpty(args, command);
  const { environment: _environment, version: _version, connect, ...world } = surroundings;
  return command.run({ ...world, args, effect: command.effect, ports: once(() => connect(choice)) });
}

function overviewOr(topic: string | undefined, parsed: Parsed, surroundings: Surroundings): ExitCode {
  const args = checked({ positionals: [], given: parsed.given }, GLOBAL_OPTIONS, '');
  if (args.has('version')) {
    surroundings.out.line(surroundings.version);
    return EXIT.ok;
  }
  if (topic !== undefined) {
    printHelp(commandNamed(topic), surroundings.out);
    return EXIT.ok;
  }
  const isAsked = args.has('help') || parsed.positionals[0] === 'help';
  printOverview(COMMANDS, isAsked ? surroundings.out : surroundings.err);
  return isAsked ? EXIT.ok : EXIT.usage;
}

function commandNamed(name: string): CliCommand {
  const found = COMMANDS.find((one) => one.name === name);
  if (found) return found;
  const known = COMMANDS.map((one) => one.name);
  throw new CliError(EXIT.usage, `There is no command "${name}".${suggestion(name, known) || ` There are ${known.join(', ')}.`}`);
}

function requireFew(args: Arguments, command: CliCommand): void {
  const extra = args.positionals[command.takes];
  if (extra === undefined) return;
  const hint = args.has('sandbox') && args.value('sandbox') === undefined ? ' The folder of a sandbox is written --sandbox=FOLDER.' : '';
  throw new CliError(EXIT.usage, `"${extra}" is one argument too many: the usage is ${command.usage}.${hint}`);
}

/** An empty argument is a variable of a shell or pipeline that was not set: what it stands for must not be taken for left out. */
function requireNoneEmpty({ positionals }: Arguments, command: CliCommand): void {
  const place = positionals.findIndex((text) => text.trim() === '');
  if (place === -1) return;
  throw new CliError(EXIT.usage, `Argument ${place + 1} of ${command.name} is empty: is a variable not set? The usage is ${command.usage}.`);
}

function choiceOf(parsed: Parsed, environment: Surroundings['environment']): Choice {
  const values = new Map(parsed.given.map((one) => [one.name, one.value]));
  // What is asked of a sandbox goes to one, named or not.
  const isSandbox = values.has('sandbox') || parsed.positionals[0] === 'sandbox';
  const named = [values.get('sandbox'), values.get('folder'), environment['KEYTURN_SANDBOX'], ...(isSandbox ? [SANDBOX_FOLDER] : [])];
  return {
    installation: values.get('installation') ?? environment['KEYTURN_INSTALLATION'],
    region: values.get('region'),
    profile: values.get('profile'),
    sandbox: named.find((folder) => folder !== undefined && folder !== ''),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
