import type { Arguments, Options } from '../command-line/arguments.ts';
import { CliError, EXIT } from '../command-line/exit.ts';
import type { ManifestFault } from './parse.ts';
import type { SecretPlan } from './plan.ts';
import { suggestion } from '../command-line/nearest.ts';
import type { PlanJson } from '../json/manifest.ts';

const FORMATS = ['text', 'json', 'sarif', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

export const FORMAT_OPTION: Options = {
  format: {
    type: 'string',
    hint: FORMATS.join('|'),
    summary: 'how to print it; default: text; --json is short for json',
  },
};

/** How a report is to be printed. Errors: {@link CliError}. */
export function formatOf(args: Arguments): Format {
  const text = args.value('format');
  if (text === undefined) return args.has('json') ? 'json' : 'text';
  const format = FORMATS.find((one) => one === text);
  if (format === undefined)
    throw new CliError(
      EXIT.usage,
      `There is no format "${text}".${suggestion(text, FORMATS) || ` There are ${FORMATS.join(', ')}.`}`,
    );
  if (args.has('json') && format !== 'json')
    throw new CliError(EXIT.usage, `Write either --json or --format ${format}.`);
  return format;
}

export function planView(plan: SecretPlan): PlanJson {
  const { secret, action } = plan;
  const changes = 'changes' in plan ? plan.changes : [];
  const warnings = 'warnings' in plan ? plan.warnings : [];
  return { secret, action, changes, reason: plan.action === 'refuse' ? plan.reason : null, warnings };
}

/** What is wrong with a field, as one sentence. */
export function faultText({ field, message }: ManifestFault): string {
  return `${field === '' ? 'the file' : field} ${message}.`;
}
