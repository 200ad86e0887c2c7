import { formatInstant, parseDuration } from '../../functions/core/time.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { SANDBOX_FOLDER } from './sandbox-file.ts';

export const sandbox: CliCommand = {
  name: 'sandbox',
  summary: 'Run Keyturn on this machine against an AWS of its own, until Ctrl-C; or move the clock of one that runs',
  usage: 'keyturn sandbox [--port NUMBER] [--folder FOLDER] [--fast] | keyturn sandbox advance LENGTH [--sandbox=FOLDER]',
  examples: [
    ['keyturn sandbox', 'start one, and leave it running'],
    ['keyturn --sandbox status', 'in another window: look at its tokens'],
    ['keyturn sandbox advance 1d', 'let a day go by in it'],
  ],
  options: {
    port: { type: 'string', hint: 'NUMBER', summary: 'where it listens; a free port unless told' },
    folder: { type: 'string', hint: 'FOLDER', summary: `where it keeps its files; ${SANDBOX_FOLDER} unless told` },
    fast: { type: 'boolean', summary: 'let time run as fast as the work allows' },
  },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [action, length] = context.args.positionals;
  if (action === undefined) return start(context);
  if (action === 'advance') return advance(length, context);
  throw new CliError(EXIT.usage, `There is no \`keyturn sandbox ${action}\`: there is \`keyturn sandbox\` and \`keyturn sandbox advance 1d\`.`);
}

async function start(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const folder = args.value('folder') ?? SANDBOX_FOLDER;
  const running = await context.startSandbox({ folder, port: portFrom(args.value('port')), fast: args.has('fast') });
  const flag = folder === SANDBOX_FOLDER ? '--sandbox' : `--sandbox=${folder}`;
  out.line(`The sandbox runs at ${running.endpoint}. Stop it with Ctrl-C.`);
  out.line();
  out.line('Look at its tokens, and let a day go by:');
  out.line(`  keyturn status ${flag}`);
  out.line(`  keyturn sandbox advance 1d ${flag}`);
  out.line();
  out.line('Point the AWS CLI, or any SDK, at it:');
  for (const [name, value] of Object.entries(running.environment)) out.line(`  export ${name}=${value}`);
  out.line('  aws secretsmanager list-secrets');
  await running.ended;
  return EXIT.ok;
}

/** Errors: {@link CliError}. */
function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CliError(EXIT.usage, `--port is "${text}": write a number from 1 to 65535.`);
}

async function advance(text: string | undefined, context: CommandContext): Promise<ExitCode> {
  const length = text === undefined ? undefined : parseDuration(text);
  if (length === undefined || length === 0) throw new CliError(EXIT.usage, `How far? Write a length of time, like keyturn sandbox advance 1d${text === undefined ? '' : ` (not "${text}")`}.`);
  const { control } = await context.ports();
  if (!control) throw new CliError(EXIT.usage, 'Only the clock of a sandbox can be moved: leave out --region and --profile, and add --sandbox.');
  context.out.line(`It is ${formatInstant(await control.advance(length))} in the sandbox now.`);
  return EXIT.ok;
}
