import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { manifestOf } from './file.ts';
import { printFaults, printReport } from './print.ts';
import { FORMAT_OPTION, formatOf, type ManifestView } from './report.ts';
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
  const format = formatOf(context.args);
  const { path, parsed } = await manifestOf(context, 'validate');
  const view: ManifestView = { faults: 'faults' in parsed ? parsed.faults : [], plan: [] };
  const isForPeople = printReport(view, path, context);
  if ('faults' in parsed) {
    if (format === 'json') printFaults(view, path, context);
    return EXIT.usage;
  }
  if (isForPeople) context.out.line(`${path} is valid: ${counted(parsed.tokens.length, 'token')}.`);
  return EXIT.ok;
}
