import { formatInstant, parseDuration } from '../../functions/core/time.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { PROVIDER_IDS } from './manifest/schema.ts';
import { suggestion } from './nearest.ts';
import type { SandboxControl } from './sandbox-control.ts';
import { SANDBOX_FOLDER } from './sandbox-file.ts';

export const sandbox: CliCommand = {
  name: 'sandbox',
  effect: 'changes',
  summary: 'Run Keyturn on this machine against an AWS of its own, until Ctrl-C; or tell one that runs what to do',
  usage: 'keyturn sandbox [--port NUMBER] [--folder FOLDER] [--fast] | keyturn sandbox advance LENGTH | keyturn sandbox grant PROVIDER SECRET…',
  examples: [
    ['keyturn sandbox', 'start one, and leave it running'],
    ['keyturn --sandbox status', 'in another window: look at its tokens'],
    ['keyturn sandbox advance 1d', 'let a day go by in it'],
    ['keyturn sandbox grant gitlab my/token', "let a secret have credentials at the sandbox's GitLab, before `keyturn --sandbox apply` registers it"],
  ],
  options: {
    port: { type: 'string', hint: 'NUMBER', summary: 'where it listens; a free port unless told' },
    folder: { type: 'string', hint: 'FOLDER', summary: `where it keeps its files; ${SANDBOX_FOLDER} unless told` },
    fast: { type: 'boolean', summary: 'let time run as fast as the work allows' },
  },
  takes: 50,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const [action] = context.args.positionals;
  if (action === undefined) return start(context);
  if (action === 'advance') return advance(context);
  if (action === 'grant') return grant(context);
  throw new CliError(EXIT.usage, `There is no \`keyturn sandbox ${action}\`.${suggestion(action, ['advance', 'grant']) || ' There are advance and grant.'}`);
}

async function start(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const folder = args.value('folder') ?? SANDBOX_FOLDER;
  const port = portFrom(args.value('port'));
  context.err.line('Starting; this takes some seconds.', 'dim');
  const running = await context.startSandbox({ folder, port, fast: args.has('fast') });
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

async function advance(context: CommandContext): Promise<ExitCode> {
  const [, text, extra] = context.args.positionals;
  const length = text === undefined ? undefined : parseDuration(text);
  if (length === undefined || length === 0 || extra !== undefined) throw new CliError(EXIT.usage, 'How far? Write one length of time, like keyturn sandbox advance 1d.');
  const { now } = await (await controlOf(context)).advance(length);
  context.out.line(`It is ${formatInstant(now)} in the sandbox now.`);
  return EXIT.ok;
}

async function grant(context: CommandContext): Promise<ExitCode> {
  const [, provider, ...secrets] = context.args.positionals;
  if (provider === undefined || secrets.length === 0) throw new CliError(EXIT.usage, 'What to whom? Write keyturn sandbox grant PROVIDER SECRET.');
  if (!PROVIDER_IDS.includes(provider)) throw new CliError(EXIT.usage, `There is no provider "${provider}".${suggestion(provider, PROVIDER_IDS) || ` There are ${PROVIDER_IDS.join(', ')}.`}`);
  await (await controlOf(context)).grant(provider, secrets);
  context.out.line(`${secrets.join(', ')} may have credentials at the sandbox's ${provider} now.`);
  return EXIT.ok;
}

/** Errors: {@link CliError} for an installation in AWS. */
async function controlOf(context: CommandContext): Promise<SandboxControl> {
  const { control } = await context.ports();
  if (control) return control;
  throw new CliError(EXIT.usage, 'This can be asked of a sandbox only.');
}
