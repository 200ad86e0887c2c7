import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { manifestOf } from './file.ts';
import { printReport, refuseFaults } from './print.ts';
import { FORMAT_OPTION, formatOf } from './report.ts';
import { counted } from '../output/counted.ts';

export const validate: CliCommand = {
  name: 'validate',
  group: 'As code',
  effect: 'reads',
  summary: 'Check a file of tokens on this machine; needs no AWS credentials',
  usage: 'FILE [--format text|json|sarif|markdown]',
  examples: [
    ['keyturn validate tokens.yaml', 'every fault, with its line and the correction'],
    ['keyturn validate tokens.yaml --format sarif > keyturn.sarif', 'for code scanning'],
  ],
  options: FORMAT_OPTION,
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  // A wrong format is refused before anything is read.
  formatOf(context.args);
  const { path, parsed } = await manifestOf(context, 'validate');
  if ('faults' in parsed) return refuseFaults(parsed.faults, path, context);
  if (printReport({ faults: [], plan: [] }, path, context))
    context.out.line(`${path} is valid: ${counted(parsed.tokens.length, 'token')}.`);
  return EXIT.ok;
}
