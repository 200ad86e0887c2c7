import type { Estate } from '../../functions/core/estate.ts';
import type { Token } from '../../functions/core/token.ts';
import { formatInstant, type Instant } from '../../functions/core/time.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { filtered } from './filters.ts';
import { attachedTokens, namedToken } from './find-token.ts';
import { REQUEST_LIFE } from './request.ts';
import { reviewCsv, reviewView, type ReviewView } from './review-view.ts';
import { counted } from './words.ts';

export const review: CliCommand = {
  name: 'review',
  effect: 'changes',
  summary: 'An access review: every token with what it may do, who uses it and what is wrong; approve or refuse each',
  usage: 'keyturn review [TOKEN] [--approve | --refuse --reason TEXT] [--each] [--owner NAME] [--json | --csv]',
  examples: [
    ['keyturn review', 'the list, with secrets that nobody registered and credentials that no token knows'],
    ['keyturn review --each --owner team-billing', 'asks about each token of one team'],
    ['keyturn review prod/billing/gitlab --approve', 'with the scopes that it has now'],
    ['keyturn review prod/billing/gitlab --refuse --reason "its service is gone"', 'a finding is open until it is retired or approved'],
    ['keyturn review --csv > review.csv', 'for whoever asks for evidence'],
  ],
  options: {
    approve: { type: 'boolean', summary: 'approve of the token and of the scopes it has now' },
    refuse: { type: 'boolean', summary: 'say that the token should not be' },
    reason: { type: 'string', hint: 'TEXT', summary: 'why it is refused' },
    each: { type: 'boolean', summary: 'ask about one token after the other' },
    owner: { type: 'string', hint: 'NAME', summary: 'only tokens of this owner' },
    json: { type: 'boolean', summary: 'print one object' },
    csv: { type: 'boolean', summary: 'print a table for spreadsheets' },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { args } = context;
  const isDecision = args.has('approve') || args.has('refuse');
  if (args.has('approve') && args.has('refuse')) throw new CliError(EXIT.usage, 'Write either --approve or --refuse.');
  if (args.has('refuse') && args.value('reason') === undefined) throw new CliError(EXIT.usage, 'A refusal needs its reason: write --reason TEXT.');
  if (isDecision !== (args.positionals.length > 0)) throw new CliError(EXIT.usage, isDecision ? 'Which token? Write its name.' : 'Write --approve or --refuse with the name of a token; without a name all are listed.');
  const ports = await context.ports();
  if (isDecision) return decideOne(context, ports);
  const tokens = await tokensFor(context, ports);
  return args.has('each') ? decideEach(tokens, context, ports) : list(tokens, context, ports);
}

async function tokensFor(context: CommandContext, ports: CliPorts): Promise<Token[]> {
  return filtered(await attachedTokens(ports), context).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function decideOne(context: CommandContext, ports: CliPorts): Promise<ExitCode> {
  const token = await namedToken(context, ports);
  const decision = context.args.has('approve') ? 'approved' : 'refused';
  await send(token, { decision, reason: context.args.value('reason') }, ports);
  context.out.line(`${token.name}: ${decision}. It stands on record, with who decided, as soon as a function has taken it up.`);
  return EXIT.ok;
}

async function send(token: Token, given: { decision: 'approved' | 'refused'; reason?: string | undefined }, ports: CliPorts): Promise<void> {
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  // What is approved is what was shown, whatever the token can do by the time that the function looks.
  const scopes = given.decision === 'approved' && token.scopes ? { scopes: [...token.scopes] } : {};
  const reason = given.reason === undefined ? {} : { reason: given.reason };
  await ports.commands.send(token.provider, [{ kind: 'review', tokenId: token.id, notAfter, decision: given.decision, ...scopes, ...reason }]);
}

/** One question a token; whatever is not a clear answer leaves it as it is. */
async function decideEach(tokens: readonly Token[], context: CommandContext, ports: CliPorts): Promise<ExitCode> {
  if (!context.isTty) throw new CliError(EXIT.refused, 'Nobody can be asked here: name the token, with --approve or --refuse.');
  const now = await ports.now();
  let decided = 0;
  for (const token of tokens) {
    for (const line of linesOf(reviewView(token, await ports.inventory.readers(token.id), now))) context.err.line(line);
    const answer = (await context.ask('approve, refuse, skip or quit [a/r/s/q]? ')).trim().toLowerCase();
    if (answer.startsWith('q')) break;
    if (answer.startsWith('a')) await send(token, { decision: 'approved' }, ports);
    else if (answer.startsWith('r')) await send(token, { decision: 'refused', reason: (await context.ask('Why? ')).trim() || 'no reason was given' }, ports);
    else continue;
    decided++;
  }
  context.out.line(`${decided} of ${counted(tokens.length, 'token')} decided.`);
  return EXIT.ok;
}

async function list(tokens: readonly Token[], context: CommandContext, ports: CliPorts): Promise<ExitCode> {
  const now = await ports.now();
  const views = await viewsOf(tokens, ports, now);
  const { estate } = await ports.inventory.loadEstate();
  if (context.args.has('json')) context.out.json({ tokens: views, unmanaged: unmanagedOf(estate) });
  else if (context.args.has('csv')) for (const line of reviewCsv(views, estate.survey?.first ?? [])) context.out.line(line);
  else print(views, estate, context);
  return EXIT.ok;
}

/** Readers looked up at once. */
const WIDTH = 25;

async function viewsOf(tokens: readonly Token[], ports: CliPorts, now: Instant): Promise<ReviewView[]> {
  const views: ReviewView[] = [];
  for (let from = 0; from < tokens.length; from += WIDTH) {
    const some = tokens.slice(from, from + WIDTH).map(async (token) => reviewView(token, await ports.inventory.readers(token.id), now));
    views.push(...(await Promise.all(some)));
  }
  return views;
}

function unmanagedOf({ survey }: Estate): object | null {
  if (!survey) return null;
  const day = (at: number | undefined): string | null => (at === undefined ? null : formatInstant(at).slice(0, 10));
  const secrets = survey.first.map((one) => ({ name: one.name, why: one.why, owner: one.owner ?? null, createdAt: day(one.createdAt), accessedAt: day(one.accessedAt) }));
  return { at: formatInstant(survey.at), secrets: survey.secrets, count: survey.unmanaged, first: secrets };
}

function print(views: readonly ReviewView[], estate: Estate, { out }: CommandContext): void {
  for (const view of views) {
    for (const line of linesOf(view)) out.line(line);
    out.line();
  }
  const { survey } = estate;
  if (survey === undefined) out.line('The account was not looked over yet: secrets that nobody registered are listed within a day.');
  else out.line(survey.unmanaged === 0 ? 'Every secret that looks like an API token is registered.' : `${counted(survey.unmanaged, 'secret')} look like API tokens and nobody registered them:`);
  for (const one of survey?.first ?? []) out.line(`  ${one.name}  ${one.why}${one.accessedAt === undefined ? ', never read' : `, last read ${formatInstant(one.accessedAt).slice(0, 10)}`}`);
  out.line();
  out.line(`${counted(views.length, 'token')}, ${views.filter((one) => one.decision === 'approved').length} approved, ${views.filter((one) => one.decision === 'refused').length} refused.`);
}

function linesOf(view: ReviewView): string[] {
  const words = (list: readonly string[] | null): string => (list === null ? 'not known' : list.join(' ') || 'none');
  return [
    view.name,
    `  owner ${view.owner}, ${view.environment}, ${view.provider}; ${view.live ?? 'no credential yet'}; last used ${view.usedAt ?? 'not known'}`,
    `  scopes seen ${words(view.scopes)}; allowed by policy ${words(view.allowed)}; approved ${words(view.approved)}`,
    `  consumers ${words(view.consumers)}; read by ${words(view.readers)}${view.readAt === null ? '' : `, last ${view.readAt}`}`,
    `  unknown credentials beside it ${words(view.strangers)}`,
    `  findings ${words(view.findings)}; ${view.decision === null ? 'never reviewed' : `${view.decision} ${view.decidedAt ?? ''} by ${view.decidedBy ?? ''}`}`,
  ];
}
