import type { CliCommand, CommandContext } from '../command-line/command.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { issuerNamed } from '../issuers/find-issuer.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import type { RunningSandbox } from './file.ts';
import { SANDBOX_FOLDER } from './folder.ts';

/** `keyturn sandbox start`, by its full name. */
export const sandboxStart: CliCommand = {
  name: 'sandbox start',
  group: 'Start',
  effect: 'changes',
  summary: 'Run Keyturn on this machine against a simulated AWS, until Ctrl-C',
  usage: '[--port NUMBER] [--fast] [--issuers IDS]',
  examples: [
    ['keyturn sandbox start', 'start one, and leave it running'],
    ['keyturn sandbox start --sandbox=/tmp/box --fast', 'in a folder of its own, with time running fast'],
    ['keyturn sandbox start --issuers cloudflare,auth0', 'with a token of each of these issuers too'],
  ],
  options: {
    port: { type: 'string', hint: 'NUMBER', summary: 'the port it listens on; default: a free one' },
    fast: { type: 'boolean', summary: 'let time run as fast as the work allows' },
    issuers: {
      type: 'string',
      hint: 'IDS',
      summary: 'simulate these issuers too, each with a token; ids with commas between them',
    },
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
  const { args, out, err } = context;
  const folder = args.value('sandbox') ?? SANDBOX_FOLDER;
  const port = portFrom(args.value('port'));
  const isJson = args.has('json');
  err.line('Starting a sandbox.', 'dim');
  const running = await context.startSandbox({
    folder,
    port,
    fast: args.has('fast'),
    issuers: await issuersFrom(context),
    onStep: (text) => err.line(text, 'dim'),
    onNews: (text, tone) => (isJson ? err : out).line(text, tone),
  });
  const { endpoint, tokens, operator, reader } = running;
  if (isJson) out.json({ endpoint, folder, tokens, operator, reader });
  else say(running, folder, context);
  await running.ended;
  return EXIT.ok;
}

function say({ endpoint, tokens, access }: RunningSandbox, folder: string, { out }: CommandContext): void {
  const flag = folder === SANDBOX_FOLDER ? '--sandbox' : `--sandbox=${folder}`;
  out.line();
  out.line(`The sandbox runs at ${endpoint}. Stop it with Ctrl-C.`);
  out.line(`It has ${tokens.length} tokens: ${tokens.join(', ')}.`);
  out.line();
  out.line('In another window, list them, and let a day pass:');
  out.line(`  npx --no keyturn status ${flag}`);
  out.line(`  npx --no keyturn sandbox advance 1d ${flag}`);
  out.line();
  out.line('Without the flag, every command of the docs goes there after:');
  out.line(`  export KEYTURN_SANDBOX=${folder}`);
  out.line();
  for (const line of access) out.line(line);
  out.line();
  out.line('What happens from now on:');
}

/** Errors: {@link CliError} with the nearest id. */
async function issuersFrom({ args, issuers }: CommandContext): Promise<readonly ProviderDescriptor[]> {
  const text = args.value('issuers');
  if (text === undefined) return [];
  const known = await issuers();
  return text.split(',').map((id) => issuerNamed(id.trim(), known));
}

/** Errors: {@link CliError}. */
function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CliError(EXIT.usage, `--port is "${text}": write a number from 1 to 65535.`);
}
