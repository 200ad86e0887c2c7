import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { manifestOf } from './file.ts';
import { printReport, refuseFaults } from './print.ts';
import { FORMAT_OPTION, formatOf, planView } from './report.ts';
import { planAll, planSummary, todoOf } from './planning.ts';

export const plan: CliCommand = {
  name: 'plan',
  group: 'As code',
  effect: 'reads',
  summary: 'Show what `keyturn apply` would do; changes nothing',
  usage: 'FILE [--format text|json|sarif|markdown]',
  examples: [
    ['keyturn plan tokens.yaml', 'the changes, secret by secret'],
    ['keyturn plan tokens.yaml --exit-code', 'exit code 5 if there is something to change'],
    ['keyturn plan tokens.yaml --format markdown', 'for a comment on a change'],
  ],
  options: FORMAT_OPTION,
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  // A wrong format is refused before anything is read.
  formatOf(context.args);
  const { path, parsed } = await manifestOf(context, 'plan');
  if ('faults' in parsed) return refuseFaults(parsed.faults, path, context);
  const plans = await planAll(parsed.tokens, await context.ports());
  if (printReport({ faults: [], plan: plans.map(planView) }, path, context))
    context.out.line(`${planSummary(plans)}. Nothing was changed.`);
  if (plans.some(({ action }) => action === 'refuse')) return EXIT.refused;
  return todoOf(plans).length > 0 && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}
