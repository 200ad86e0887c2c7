import { digestOf } from '../../../functions/core/basics/names.ts';
import { standingOf, type Standing } from '../../../functions/core/alerts/routes.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { Column, Tone } from '../output/screen.ts';
import type { Subscribed } from '../aws/topics.ts';
import type { SubscriptionsJson } from '../json/operations.ts';

export const alertsList: CliCommand = {
  name: 'alerts list',
  group: 'Operate',
  effect: 'reads',
  summary: 'List the subscriptions to alerts, and whether they are confirmed',
  usage: '',
  examples: [
    ['keyturn alerts list', 'every address, queue and chat room; what is wrong comes first'],
    [
      'keyturn alerts list --exit-code > /dev/null',
      'for scripts: exit code 5 if a recipient is not notified, or can be unsubscribed by anybody',
    ],
  ],
  options: {},
  takes: 0,
  run,
};

const RANK: Readonly<Record<Standing, number>> = { waiting: 0, anybody: 1, gone: 2, kept: 3 };
const TEXTS: Readonly<Record<Standing, readonly [string, Tone]>> = {
  kept: ['confirmed', 'good'],
  anybody: ['confirmed, anybody can unsubscribe it', 'warn'],
  waiting: ['waits to be confirmed', 'bad'],
  gone: ['gone', 'dim'],
};
const COLUMNS: readonly Column[] = [
  { title: 'WHO', shrinks: true },
  { title: 'BY' },
  { title: 'TOPIC', shrinks: true },
  { title: 'STATE' },
];

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const all = (await ports.topics.list()).toSorted(
    (a, b) => RANK[standingOf(a)] - RANK[standingOf(b)] || (a.endpoint < b.endpoint ? -1 : 1),
  );
  const findings = await findingsBeside(all, ports);
  const view: SubscriptionsJson = {
    subscriptions: all.map((one) => ({
      topic: one.topic,
      protocol: one.protocol,
      endpoint: one.endpoint,
      state: standingOf(one),
    })),
    findings,
  };
  if (context.args.has('json')) context.out.json(view);
  else show(view, context);
  const isWrong = findings.length > 0 || all.some((one) => ['waiting', 'anybody'].includes(standingOf(one)));
  return isWrong && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}

/** What is seen of a subscription now counts more than what a pass saw of it. */
async function findingsBeside(all: readonly Subscribed[], { inventory }: CliPorts): Promise<string[]> {
  const { installationRecord } = await inventory.loadInstallationRecord();
  const seen = new Set(
    all.filter(({ state }) => state !== 'gone').map(({ endpoint }) => digestOf(endpoint, 8)),
  );
  return installationRecord.noted
    .filter(({ kind, subject }) => kind === 'alert-subscription-unhealthy' && !seen.has(subject))
    .map(({ detail }) => detail);
}

function show({ subscriptions: all, findings }: SubscriptionsJson, { out }: CommandContext): void {
  if (all.length === 0)
    out.line('No subscription to alerts. Name addresses under alerts in keyturn.json, and deploy.');
  else
    out.table(
      COLUMNS,
      all.map(({ endpoint, protocol, topic, state }) => [
        { text: endpoint },
        { text: protocol },
        { text: topic },
        { text: TEXTS[state][0], tone: TEXTS[state][1] },
      ]),
    );
  if (findings.length > 0) out.line();
  for (const detail of findings) out.line(`The last pass of reconcile found: ${detail}`, 'bad');
}
