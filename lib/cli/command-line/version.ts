import type { CliCommand, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';

export const version: CliCommand = {
  name: 'version',
  group: 'Operate',
  effect: 'reads',
  summary: 'Print the version',
  usage: '',
  examples: [['keyturn version', 'of the command that runs here, not of the installation']],
  options: {},
  takes: 0,
  run: async (context) => printVersion(context),
};

/** The version of the command. */
export function printVersion({
  args,
  out,
  version: number,
}: Pick<CommandContext, 'args' | 'out' | 'version'>): ExitCode {
  if (args.has('json')) out.json({ version: number });
  else out.line(number);
  return EXIT.ok;
}
