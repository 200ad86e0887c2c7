import type { CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { markdownOf } from './markdown.ts';
import { faultText, formatOf } from './report.ts';
import { sarifOf } from './sarif.ts';
import type { Screen } from '../output/screen.ts';
import type { Change } from './plan.ts';
import type { ApplyJson, ManifestJson, PlanJson } from '../json/manifest.ts';

/** What `apply` says beside a plan. */
type Applied = Omit<ApplyJson, keyof ManifestJson>;

/**
 * Prints a report in the format that was asked for; `more` stands beside it in JSON. Resolves to whether it
 * was printed for a person.
 */
export function printReport(
  view: ManifestJson,
  path: string,
  context: CommandContext,
  more?: Applied,
): boolean {
  const { args, out, version } = context;
  switch (formatOf(args)) {
    case 'json':
      out.json(more ? { ...view, ...more } : view);
      return false;
    case 'sarif':
      out.raw(`${JSON.stringify(sarifOf(view, path, version), null, 2)}\n`);
      return false;
    case 'markdown':
      for (const line of markdownOf(view, path)) out.line(line);
      return false;
    case 'text':
      printText(view, path, context);
      return true;
  }
}

/**
 * The end of a command whose file has faults: its report, which for a program that reads JSON stands beside
 * the faults in words.
 */
export function refuseFaults(
  faults: ManifestJson['faults'],
  path: string,
  context: CommandContext,
  more?: Applied,
): ExitCode {
  const view: ManifestJson = { faults, plan: [] };
  printReport(view, path, context, more);
  if (formatOf(context.args) === 'json') printFaults(view, path, context);
  return EXIT.usage;
}

/** What is wrong goes to standard error, beside whatever was printed for a program. */
function printFaults(view: ManifestJson, path: string, { err }: Pick<CommandContext, 'err'>): void {
  for (const fault of view.faults)
    err.line(`${path}:${fault.line}:${fault.column}: ${faultText(fault)}`, 'bad');
}

function printText(view: ManifestJson, path: string, context: CommandContext): void {
  printFaults(view, path, context);
  for (const one of view.plan) printPlan(one, context.out);
}

const MARKS: Record<PlanJson['action'], string> = { create: '+', change: '~', none: '=', refuse: '!' };

function printPlan({ secret, action, changes, reason, warnings }: PlanJson, out: Screen): void {
  const mark = MARKS[action];
  switch (action) {
    case 'none':
      out.line(`${mark} ${secret}: nothing to do`, 'dim');
      break;
    case 'refuse':
      return out.line(`${mark} ${secret}: ${reason ?? ''}`, 'bad');
    case 'create':
      out.line(`${mark} ${secret}: make the secret, without a value`, 'good');
      break;
    case 'change':
      out.line(`${mark} ${secret}: change the secret`, 'warn');
      break;
  }
  for (const change of changes) printChange(change, out);
  for (const warning of warnings) out.line(`    ! ${warning}`, 'warn');
}

function printChange({ what, from, to }: Change, out: Screen): void {
  if (from === null) out.line(`    + ${what}: ${to ?? ''}`, 'good');
  else if (to === null) out.line(`    - ${what}: ${from}`, 'bad');
  else out.line(`    ~ ${what}: ${from} -> ${to}`, 'warn');
}
