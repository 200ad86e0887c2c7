import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { Screen } from '../output/screen.ts';
import { sentence } from '../output/sentence.ts';
import { hanging, indented } from '../output/tables.ts';
import { ISSUER_IDS, issuerNamed } from './find-issuer.ts';
import { sectionsOf, type Part } from './page.ts';
import { issuerView } from './view.ts';

export const issuerShow: CliCommand = {
  name: 'issuer show',
  group: 'Operate',
  effect: 'reads',
  summary: 'Show what an issuer allows: its limits, its admin secret, and where that is from',
  usage: 'ID|FILE',
  examples: [
    ['keyturn issuer show okta', 'the same as its page in docs/issuers; no AWS credentials are needed'],
    ['keyturn issuer show gitlab --json | jq .admin.example', 'the form of its admin secret'],
  ],
  options: {},
  takes: 1,
  words: ISSUER_IDS,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const issuer = await issuerMeant(args.positionals[0], context);
  if (args.has('json')) {
    out.json(issuerView(issuer));
    return EXIT.ok;
  }
  indented(`${issuer.title} (${issuer.id})`, out, { by: 0 });
  indented(forTerminal(sentence(issuer.rotates)), out, { by: 0 });
  out.line(issuer.docs, 'dim');
  for (const { title, parts } of sectionsOf(issuer)) {
    out.line();
    out.line(title, 'dim');
    for (const part of parts) print(part, out);
  }
  return EXIT.ok;
}

/** A file of an issuer of the user's own is named by its ending. */
async function issuerMeant(named: string | undefined, context: CommandContext): Promise<ProviderDescriptor> {
  if (named === undefined || !/\.(ya?ml|json)$/.test(named))
    return issuerNamed(named, await context.issuers());
  const [{ ownIssuerIn }, { descriptorOf }] = await Promise.all([
    import('./own-file.ts'),
    import('../../../functions/providers/declared/own/descriptor-of.ts'),
  ]);
  return descriptorOf(await ownIssuerIn(named, context.readFile));
}

function print(part: Part, out: Screen): void {
  switch (part.kind) {
    case 'text':
      return indented(forTerminal(part.text), out, { by: 2 });
    case 'table':
      return pairs(part.rows, out);
    case 'json':
      for (const line of JSON.stringify(part.value, undefined, 2).split('\n')) out.line(`  ${line}`);
      return;
    case 'steps':
      return part.lines.forEach((line, index) => item(`${index + 1}.`, line, out));
    case 'items':
      return part.lines.forEach((line) => item('-', line, out));
  }
}

/** Names in a column, what they stand for beside them, or below where it is long. */
function pairs(rows: readonly (readonly [name: string, value: string])[], out: Screen): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) hanging(`  ${name.padEnd(width)}  `, forTerminal(value), out);
}

function item(mark: string, text: string, out: Screen): void {
  hanging(`  ${mark} `, forTerminal(text), out);
}

/** A link is its text, with the page in the repository behind it. */
function forTerminal(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_link, words: string, target: string) =>
    target.startsWith('../') ? `${words} (docs/${target.slice('../'.length)})` : `${words} (${target})`,
  );
}
