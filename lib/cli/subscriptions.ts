import { digestOf } from '../../functions/core/names.ts';
import { standingOf, type Standing } from '../../functions/core/alerts/routes.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { Column, Tone } from './screen.ts';
import type { Subscribed } from './topics.ts';

export const subscriptions: CliCommand = {
  name: 'subscriptions',
  effect: 'changes',
  summary: 'Who is subscribed to alerts, and whether it is confirmed; `confirm` confirms so that a forwarded mail unsubscribes nobody',
  usage: 'keyturn subscriptions [confirm] [--exit-code] [--json]',
  examples: [
    ['keyturn subscriptions', 'every address, queue and room, what is wrong first'],
    ['pbpaste | keyturn subscriptions confirm', 'the link of the mail, or its token, through standard input; nobody follows the link'],
    ['keyturn subscriptions --exit-code > /dev/null', 'for scripts: exit status 4 while somebody hears nothing, or can be unsubscribed by anybody'],
  ],
  options: {
    'exit-code': { type: 'boolean', summary: `end with exit status ${EXIT.critical} when a subscription is not as it should be` },
    json: { type: 'boolean', summary: 'print one object' },
  },
  // Whatever is given beside `confirm` is refused without being repeated.
  takes: Infinity,
  run,
};

/** What `subscriptions --json` prints. */
export interface SubscriptionsView {
  readonly subscriptions: readonly { readonly topic: string; readonly protocol: string; readonly endpoint: string; readonly state: Standing }[];
  /** What the last pass of reconcile found beside them: who is not subscribed, and of whom nobody hears. */
  readonly findings: readonly string[];
}

/** What `subscriptions confirm --json` prints. */
export interface ConfirmedView {
  readonly endpoint: string;
  /** Whether only signed requests can unsubscribe it. */
  readonly authenticated: boolean;
}

async function run(context: CommandContext): Promise<ExitCode> {
  const [verb, ...others] = context.args.positionals;
  if (verb === undefined) return list(context);
  if (verb === 'confirm' && others.length === 0) return confirm(context);
  throw new CliError(EXIT.usage, `Usage: ${subscriptions.usage}. A link or its token is never an argument: it would stay in the history of your shell. Send it through standard input.`);
}

const RANK: Readonly<Record<Standing, number>> = { waiting: 0, anybody: 1, gone: 2, kept: 3 };
const TEXTS: Readonly<Record<Standing, readonly [string, Tone]>> = {
  kept: ['confirmed', 'good'],
  anybody: ['confirmed, anybody can unsubscribe it', 'warn'],
  waiting: ['waits to be confirmed', 'bad'],
  gone: ['gone', 'dim'],
};
const COLUMNS: readonly Column[] = [{ title: 'WHO', shrinks: true }, { title: 'BY' }, { title: 'TOPIC', shrinks: true }, { title: 'STATE' }];

async function list(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const all = (await ports.topics.list()).toSorted((a, b) => RANK[standingOf(a)] - RANK[standingOf(b)] || (a.endpoint < b.endpoint ? -1 : 1));
  const findings = await findingsBeside(all, ports);
  const view: SubscriptionsView = { subscriptions: all.map((one) => ({ topic: one.topic, protocol: one.protocol, endpoint: one.endpoint, state: standingOf(one) })), findings };
  if (context.args.has('json')) context.out.json(view);
  else show(view, context);
  const isWrong = findings.length > 0 || all.some((one) => ['waiting', 'anybody'].includes(standingOf(one)));
  return isWrong && context.args.has('exit-code') ? EXIT.critical : EXIT.ok;
}

/** What is seen of a subscription now counts more than what a pass saw of it. */
async function findingsBeside(all: readonly Subscribed[], { inventory }: CliPorts): Promise<string[]> {
  const { estate } = await inventory.loadEstate();
  const seen = new Set(all.filter(({ state }) => state !== 'gone').map(({ endpoint }) => digestOf(endpoint, 8)));
  return estate.noted.filter(({ kind, subject }) => kind === 'alert-route-broken' && !seen.has(subject)).map(({ detail }) => detail);
}

function show({ subscriptions: all, findings }: SubscriptionsView, { out }: CommandContext): void {
  if (all.length === 0) out.line('Nobody is subscribed to alerts. Name addresses under alerts in keyturn.json, and deploy.');
  else out.table(COLUMNS, all.map(({ endpoint, protocol, topic, state }) => [{ text: endpoint }, { text: protocol }, { text: topic }, { text: TEXTS[state][0], tone: TEXTS[state][1] }]));
  if (findings.length > 0) out.line();
  for (const detail of findings) out.line(`The last pass of reconcile found: ${detail}`, 'bad');
}

async function confirm(context: CommandContext): Promise<ExitCode> {
  const { topicArn, token } = linkIn(await context.readInput());
  const { topics } = await context.ports();
  if (topicArn !== undefined && !topics.arns.includes(topicArn)) throw new CliError(EXIT.refused, 'Nothing was confirmed: this link is of a topic that is not this installation\'s. Correct --installation, --region or --profile, or leave the mail alone.');
  const { endpoint, isAuthenticated } = await topics.confirm(topicArn ?? topics.arns[0], token);
  const view: ConfirmedView = { endpoint, authenticated: isAuthenticated };
  if (context.args.has('json')) context.out.json(view);
  else if (isAuthenticated) context.out.line(`${endpoint} is confirmed: only signed requests can unsubscribe it.`);
  else context.out.line(`${endpoint} was confirmed before, without a signature: anybody who gets one of its mails can unsubscribe it. Unsubscribe it, subscribe it anew, and confirm that by this command.`, 'bad');
  return isAuthenticated ? EXIT.ok : EXIT.failed;
}

/** What the mail asks to follow, or what is left of it when only the token was copied. Errors: {@link CliError}, without a word of what was given. */
function linkIn(input: string | undefined): { topicArn: string | undefined; token: string } {
  if (input === undefined) throw new CliError(EXIT.usage, 'What is to be confirmed? Send the link of the mail, or its token, through standard input: `pbpaste | keyturn subscriptions confirm`.');
  const link = /https:\/\/sns\.[^\s"'<>]+/.exec(input)?.[0].replaceAll('&amp;', '&');
  const parts = link === undefined ? undefined : URL.parse(link)?.searchParams;
  const token = parts?.get('Token') ?? /^\s*([A-Za-z0-9]{32,1024})\s*$/.exec(input)?.[1];
  if (token === undefined) throw new CliError(EXIT.usage, 'Nothing was confirmed: what came through standard input has no link with Token=…, and is no token. Copy the link of the mail whole.');
  return { topicArn: parts?.get('TopicArn') ?? undefined, token };
}
