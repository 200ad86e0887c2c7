import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { SANDBOX_FOLDER } from './folder.ts';

/** `keyturn sandbox start`, by its full name. */
export const sandboxStart: CliCommand = {
  name: 'sandbox start',
  group: 'Start',
  effect: 'changes',
  summary: 'Run Keyturn on this machine against a simulated AWS, until Ctrl-C',
  usage: '[--port NUMBER] [--fast]',
  examples: [
    ['keyturn sandbox start', 'start one, and leave it running'],
    ['keyturn sandbox start --sandbox=/tmp/box --fast', 'in a folder of its own, with time running fast'],
  ],
  options: {
    port: { type: 'string', hint: 'NUMBER', summary: 'the port it listens on; default: a free one' },
    fast: { type: 'boolean', summary: 'let time run as fast as the work allows' },
  },
  takes: 0,
  run,
};

/** The same without its second word. */
export const sandbox: CliCommand = {
  ...sandboxStart,
  name: 'sandbox',
  examples: [
    ['keyturn sandbox', 'start one, and leave it running'],
    ['keyturn --sandbox status', 'in another window: list its tokens'],
  ],
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const folder = args.value('sandbox') ?? SANDBOX_FOLDER;
  const port = portFrom(args.value('port'));
  context.err.line('Starting; this takes some seconds.', 'dim');
  const running = await context.startSandbox({ folder, port, fast: args.has('fast') });
  const { endpoint, environment } = running;
  if (args.has('json')) out.json({ endpoint, folder, environment });
  else say(running, folder, context);
  await running.ended;
  return EXIT.ok;
}

function say(
  { endpoint, environment }: { endpoint: string; environment: Readonly<Record<string, string>> },
  folder: string,
  { out }: CommandContext,
): void {
  const flag = folder === SANDBOX_FOLDER ? '--sandbox' : `--sandbox=${folder}`;
  out.line(`The sandbox runs at ${endpoint}. Stop it with Ctrl-C.`);
  out.line();
  out.line('List its tokens, and let a day pass:');
  out.line(`  keyturn status ${flag}`);
  out.line(`  keyturn sandbox advance 1d ${flag}`);
  out.line();
  out.line('Point the AWS CLI, or any SDK, at it:');
  for (const [name, value] of Object.entries(environment)) out.line(`  export ${name}=${value}`);
  out.line('  aws secretsmanager list-secrets');
}

/** Errors: {@link CliError}. */
function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CliError(EXIT.usage, `--port is "${text}": write a number from 1 to 65535.`);
}
