import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CONSUMER_COLUMNS, consumerRow, consumerView } from './rows.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from '../tokens/find-token.ts';
import { notedTable } from '../output/tables.ts';

export const consumerList: CliCommand = {
  name: 'consumer list',
  group: 'Consumers',
  effect: 'reads',
  summary: 'List the consumers of a token, and what is known of each',
  usage: 'TOKEN',
  examples: [['keyturn consumer list prod/billing/gitlab', 'those that its tags declare']],
  options: {},
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  const consumers = token.consumers ?? [];
  const now = await ports.now();
  if (args.has('json'))
    out.json({ id: token.id, name: token.name, consumers: consumers.map((one) => consumerView(token, one)) });
  else if (consumers.length === 0) out.line(`${token.name} has no consumers: its tags declare none.`);
  else
    notedTable(
      CONSUMER_COLUMNS,
      consumers.map((one) => consumerRow(token, one, now)),
      out,
    );
  return EXIT.ok;
}
