import { formatInstant } from '../../../functions/core/basics/time.ts';
import type { Fact } from '../../../functions/core/findings/events.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import type { Cell } from '../output/screen.ts';
import { severityTone } from './open-findings.ts';
import { historyView } from '../output/history-view.ts';

const USUAL_LIMIT = 50;

export const history: CliCommand = {
  name: 'history',
  group: 'Look',
  effect: 'reads',
  summary: 'Show what happened to a token, who asked for it, and when; latest first',
  usage: 'TOKEN [--limit COUNT]',
  examples: [
    ['keyturn history prod/billing/gitlab', `the last ${USUAL_LIMIT} entries`],
    ['keyturn history prod/billing/gitlab --limit 500 --json', 'more of them, for a script'],
  ],
  options: {
    limit: {
      type: 'string',
      short: 'n',
      hint: 'COUNT',
      summary: `how many entries; default: ${USUAL_LIMIT}`,
    },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const limit = limitFrom(context.args.value('limit'));
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  const facts = await ports.inventory.history(token.id, limit);
  if (context.args.has('json')) context.out.json({ entries: facts.map((one) => historyView(one)) });
  else if (facts.length === 0) context.out.line(`Nothing is on record of ${token.name} yet.`);
  else
    context.out.table(
      [
        { title: 'WHEN' },
        { title: 'WHAT' },
        { title: 'BY', shrinks: true },
        { title: 'DETAIL', shrinks: true },
      ],
      facts.map(rowOf),
    );
  return EXIT.ok;
}

function limitFrom(text: string | undefined): number {
  if (text === undefined) return USUAL_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new CliError(EXIT.usage, `--limit is "${text}": write a whole number from 1 to 10000.`);
}

function rowOf(fact: Fact): Cell[] {
  const view = historyView(fact);
  const tone =
    fact.type === 'finding' && fact.change !== 'resolved' ? severityTone(fact.severity) : undefined;
  return [
    { text: formatInstant(fact.at), tone: 'dim' },
    { text: view.what ?? '', tone },
    { text: view.by ?? '-' },
    { text: view.detail ?? '' },
  ];
}
