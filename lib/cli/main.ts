import { checked, takeApart, type Arguments, type Parsed } from './command-line/arguments.ts';
import { allCommands } from './command-line/commands.ts';
import { COMMON_OPTIONS } from './command-line/common-options.ts';
import type { CliCommand, CliPorts, CommandContext } from './command-line/command.ts';
import { CliError, EXIT, type ExitCode } from './command-line/exit.ts';
import { findCommand } from './command-line/finding-command.ts';
import { usageLine } from './command-line/nouns.ts';
import { SETTINGS_VARIABLE } from './issuers/settings-variable.ts';
import { patienceOf } from './tokens/patience.ts';
import { SANDBOX_FOLDER } from './sandbox/folder.ts';

/** Which installation is meant, and where. */
export interface Choice {
  readonly installation: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The folder of the sandbox to use instead of AWS. */
  readonly sandbox: string | undefined;
}

/** The world of the command, apart from its arguments. */
export interface Surroundings extends Omit<
  CommandContext,
  'args' | 'effect' | 'ports' | 'commands' | 'issuers' | 'ownIssuers'
> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly connect: (choice: Choice) => Promise<CliPorts>;
}

/** Runs one command line and resolves to its exit code. Does not throw. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const common = takeApart(argv, COMMON_OPTIONS);
  const choice = choiceOf(common, surroundings.environment);
  const here = isGiven(common, 'no-color')
    ? { ...surroundings, out: surroundings.out.plain(), err: surroundings.err.plain() }
    : surroundings;
  try {
    return await dispatch(argv, choice, here);
  } catch (error) {
    return await explain(error, choice, { here, isDebug: isGiven(common, 'debug') });
  }
}

/** Loaded where something failed: the sentences know a good deal. */
async function explain(
  error: unknown,
  choice: Choice,
  { here, isDebug }: { here: Surroundings; isDebug: boolean },
): Promise<ExitCode> {
  const { failureOf } = await import('./aws/failures.ts');
  const failure = failureOf(error, {
    installation: choice.installation ?? 'main',
    sandbox: choice.sandbox,
  });
  here.err.line(failure.text, 'bad');
  if (!isDebug) return failure.exit;
  const { framesOf } = await import('../../functions/core/basics/frames.ts');
  for (const line of framesOf(error)) here.err.line(line, 'dim');
  return failure.exit;
}

async function dispatch(
  argv: readonly string[],
  choice: Choice,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const found = await findCommand(argv);
  if (!found) return withoutCommand(takeApart(argv, COMMON_OPTIONS), surroundings);
  const { command, parsed } = found;
  const args = checked(parsed, { ...COMMON_OPTIONS, ...command.options }, command.name);
  if (args.has('help')) {
    const { printHelp } = await import('./command-line/help.ts');
    printHelp(command, surroundings.out);
    return EXIT.ok;
  }
  requireFew(args, command);
  requireNoneEmpty(args, command);
  patienceOf({ args });
  const { environment, connect, ...world } = surroundings;
  const named = environment[SETTINGS_VARIABLE];
  const issuers = once(async () =>
    (await import('./issuers/known-issuers.ts')).knownIssuers(world.readFile, named),
  );
  return command.run({
    ...world,
    args,
    commands: allCommands,
    effect: command.effect,
    issuers,
    ownIssuers: async () => (await import('./issuers/known-issuers.ts')).ownEntries(world.readFile, named),
    ports: once(async () => withIssuers(await connect(choice), issuers, world.err)),
  });
}

/** Only options, or nothing at all: the help is what was asked for, or what is needed. */
async function withoutCommand(parsed: Parsed, { out, err, version }: Surroundings): Promise<ExitCode> {
  const args = checked(parsed, COMMON_OPTIONS, '');
  if (args.has('version')) {
    const { printVersion } = await import('./command-line/version.ts');
    return printVersion({ args, out, version });
  }
  const { printOverview } = await import('./command-line/help.ts');
  printOverview(await allCommands(), args.has('help') ? out : err);
  return args.has('help') ? EXIT.ok : EXIT.usage;
}

function requireFew(args: Arguments, command: CliCommand): void {
  const extra = args.positionals[command.takes];
  if (extra === undefined) return;
  const hint =
    args.has('sandbox') && args.value('sandbox') === undefined
      ? ' The folder of a sandbox is written --sandbox=DIR.'
      : '';
  throw new CliError(
    EXIT.usage,
    `"${extra}" is one argument too many: the usage is ${usageLine(command)}.${hint}`,
  );
}

/**
 * An empty argument is a variable of a shell or pipeline that was not set: what it stands for must not be
 * taken for left out.
 */
function requireNoneEmpty({ positionals }: Arguments, command: CliCommand): void {
  const place = positionals.findIndex((text) => text.trim() === '');
  if (place === -1) return;
  throw new CliError(
    EXIT.usage,
    `Argument ${place + 1} of ${command.name} is empty: is a variable not set? The usage is ` +
      `${usageLine(command)}.`,
  );
}

function isGiven({ given }: Parsed, name: keyof typeof COMMON_OPTIONS): boolean {
  return given.some((one) => one.name === name);
}

function choiceOf(parsed: Parsed, environment: Surroundings['environment']): Choice {
  const values = new Map(parsed.given.map((one) => [one.name, one.value]));
  // What is asked of a sandbox goes to one, named or not.
  const isSandbox = values.has('sandbox') || parsed.positionals[0] === 'sandbox';
  const named = [
    values.get('sandbox'),
    environment['KEYTURN_SANDBOX'],
    ...(isSandbox ? [SANDBOX_FOLDER] : []),
  ];
  return {
    installation: values.get('installation') ?? environment['KEYTURN_INSTALLATION'],
    region: values.get('region'),
    profile: values.get('profile'),
    sandbox: named.find((folder) => folder !== undefined && folder !== ''),
  };
}

/**
 * With the issuers of the user's own. A faulty file of one is said, and holds up nothing else: an incident
 * does not wait for it.
 */
async function withIssuers(
  ports: CliPorts,
  issuers: CommandContext['issuers'],
  err: CommandContext['err'],
): Promise<CliPorts> {
  const known = await issuers().catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    err.line(error.message, 'warn');
    return [];
  });
  const own = known.filter((one) => one.own);
  if (own.length === 0) return ports;
  return {
    ...ports,
    providers: [...ports.providers, ...own.map(({ id }) => id)],
    descriptor: (id) => own.find((one) => one.id === id) ?? ports.descriptor(id),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
