import type { InstallationRecord } from '../../../functions/core/inventory/installation.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { filtered } from '../tokens/filters.ts';
import { attachedTokens } from '../tokens/find-token.ts';
import { sendReview } from './review-decision.ts';
import { reviewCsv, reviewView } from './review-view.ts';
import { counted } from '../output/counted.ts';
import type { ReviewRowJson, SurveyJson } from '../json/reviews.ts';

export const reviewList: CliCommand = {
  name: 'review list',
  group: 'Respond',
  effect: 'changes',
  summary: 'List every token for an access review: what it may do, who uses it, and what is wrong',
  usage: '[--owner NAME] [--csv | --each]',
  examples: [
    ['keyturn review list', 'with secrets that are not registered, and credentials that no token has'],
    [
      'keyturn review list --each --owner team-billing',
      'asks about each token of one team: approve or reject',
    ],
    ['keyturn review list --csv > review.csv', 'as evidence for an audit'],
  ],
  options: {
    owner: { type: 'string', hint: 'NAME', summary: 'only tokens of this owner' },
    each: { type: 'boolean', summary: 'ask about one token after the other' },
    csv: { type: 'boolean', summary: 'print a table for spreadsheets' },
  },
  takes: 0,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const tokens = filtered(await attachedTokens(ports), context).sort((a, b) => (a.name < b.name ? -1 : 1));
  return context.args.has('each') ? decideEach(tokens, context, ports) : list(tokens, context, ports);
}

/** One question a token; an answer that is not clear leaves it as it is. */
async function decideEach(
  tokens: readonly Token[],
  context: CommandContext,
  ports: CliPorts,
): Promise<ExitCode> {
  if (!context.isTty)
    throw new CliError(
      EXIT.refused,
      'There is no terminal to ask on: use `keyturn review approve TOKEN` or `keyturn review reject TOKEN`.',
    );
  const now = await ports.now();
  let decided = 0;
  for (const token of tokens) {
    for (const line of linesOf(reviewView(token, await ports.inventory.readers(token.id), now)))
      context.err.line(line);
    const answer = (await context.ask('approve, reject, skip or quit [a/r/s/q]? ')).trim().toLowerCase();
    if (answer.startsWith('q')) break;
    if (answer.startsWith('a')) await sendReview(token, { decision: 'approved' }, ports);
    else if (answer.startsWith('r'))
      await sendReview(
        token,
        { decision: 'refused', reason: (await context.ask('Why? ')).trim() || 'no reason was given' },
        ports,
      );
    else continue;
    decided++;
  }
  if (context.args.has('json')) context.out.json({ decided, of: tokens.length });
  else context.out.line(`${decided} of ${counted(tokens.length, 'token')} decided.`);
  return EXIT.ok;
}

async function list(tokens: readonly Token[], context: CommandContext, ports: CliPorts): Promise<ExitCode> {
  const now = await ports.now();
  const views = await viewsOf(tokens, ports, now);
  const { installationRecord } = await ports.inventory.loadInstallationRecord();
  if (context.args.has('json'))
    context.out.json({ tokens: views, unmanaged: unmanagedOf(installationRecord) });
  else if (context.args.has('csv'))
    for (const line of reviewCsv(views, installationRecord.survey?.first ?? [])) context.out.line(line);
  else print(views, installationRecord, context);
  return EXIT.ok;
}

/** Readers looked up at once. */
const WIDTH = 25;

async function viewsOf(tokens: readonly Token[], ports: CliPorts, now: Instant): Promise<ReviewRowJson[]> {
  const views: ReviewRowJson[] = [];
  for (let from = 0; from < tokens.length; from += WIDTH) {
    const some = tokens
      .slice(from, from + WIDTH)
      .map(async (token) => reviewView(token, await ports.inventory.readers(token.id), now));
    views.push(...(await Promise.all(some)));
  }
  return views;
}

function unmanagedOf({ survey }: InstallationRecord): SurveyJson {
  if (!survey) return null;
  const day = (at: number | undefined): string | null =>
    at === undefined ? null : formatInstant(at).slice(0, 10);
  const secrets = survey.first.map((one) => ({
    name: one.name,
    why: one.why,
    owner: one.owner ?? null,
    createdAt: day(one.createdAt),
    accessedAt: day(one.accessedAt),
  }));
  return { at: formatInstant(survey.at), secrets: survey.secrets, count: survey.unmanaged, first: secrets };
}

function print(
  views: readonly ReviewRowJson[],
  installationRecord: InstallationRecord,
  { out }: CommandContext,
): void {
  for (const view of views) {
    for (const line of linesOf(view)) out.line(line);
    out.line();
  }
  const { survey } = installationRecord;
  if (survey === undefined)
    out.line('Discovery has not run yet: secrets that are not registered are listed within a day.');
  else
    out.line(
      survey.unmanaged === 0
        ? 'Every secret that may hold an API token is registered.'
        : `${counted(survey.unmanaged, 'secret')} may hold API tokens and are not registered:`,
    );
  for (const { name, why, accessedAt } of survey?.first ?? []) {
    const read =
      accessedAt === undefined ? 'never read' : `last read ${formatInstant(accessedAt).slice(0, 10)}`;
    out.line(`  ${name}  ${why}, ${read}`);
  }
  out.line();
  out.line(
    `${counted(views.length, 'token')}, ${views.filter((one) => one.decision === 'approved').length} ` +
      `approved, ${views.filter((one) => one.decision === 'rejected').length} rejected.`,
  );
}

function linesOf(view: ReviewRowJson): string[] {
  const words = (list: readonly string[] | null): string =>
    list === null ? 'not known' : list.join(' ') || 'none';
  return [
    view.name,
    `  owner ${view.owner}, ${view.environment}, ${view.issuer}; ` +
      `${view.validity ?? 'no credential yet'}; last used ${view.usedAt ?? 'not known'}`,
    `  scopes seen ${words(view.scopes)}; allowed by policy ${words(view.allowed)}; approved ` +
      words(view.approved),
    `  consumers ${words(view.consumers)}; read by ` +
      `${words(view.readers)}${view.readAt === null ? '' : `, last ${view.readAt}`}`,
    `  unrecognized credentials beside it ${words(view.unrecognized)}`,
    `  findings ${words(view.findings)}; ` +
      (view.decision === null
        ? 'never reviewed'
        : `${view.decision} ${view.decidedAt ?? ''} by ${view.decidedBy ?? ''}`),
  ];
}
