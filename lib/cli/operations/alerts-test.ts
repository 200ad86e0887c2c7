import { INSTALLATION_RECORD_ID } from '../../../functions/core/inventory/installation.ts';
import { formatInstant, type Millis } from '../../../functions/core/basics/time.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { Column, Tone } from '../output/screen.ts';
import { sendToAny } from '../tokens/installation.ts';
import { patienceOf } from '../tokens/patience.ts';
import { POLL_EVERY, REQUEST_LIFE } from '../tokens/request.ts';
import { channelsOf, progressOf, relaysOf, type Progress } from './alert-channels.ts';
import type { AlertsTestJson, ChannelJson } from '../json/operations.ts';

export const alertsTest: CliCommand = {
  name: 'alerts test',
  group: 'Operate',
  effect: 'changes',
  summary: 'Send a test alert to every channel, and show where it went',
  usage: '',
  examples: [
    ['keyturn alerts test', 'asks first; then look into each channel that is listed'],
    ['keyturn alerts test --yes --timeout 5m', 'in a pipeline: exit code 1 if it was not published in time'],
  ],
  options: {},
  takes: 0,
  run,
};

const COLUMNS: readonly Column[] = [{ title: 'WHO', shrinks: true }, { title: 'BY' }, { title: 'STATE' }];
const TEXTS: Readonly<Record<ChannelJson['state'], readonly [string, Tone]>> = {
  published: ['published: look there', 'good'],
  accepted: ['PagerDuty accepted it: look there', 'good'],
  'passed-on': ['passed on to the chat topic: look there', 'good'],
  pending: ['not passed on yet', 'bad'],
  unconfirmed: ['not confirmed: gets nothing', 'bad'],
};

async function run(context: CommandContext): Promise<ExitCode> {
  const patience = patienceOf(context);
  const ports = await context.ports();
  context.err.line(
    'A critical alert, marked TEST, goes to every subscription, to the pager and to the chat room. It ' +
      'touches no token, and ends by itself.',
  );
  await confirm('test', 'the word', context);
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  await sendToAny({ kind: 'test-alert', tokenId: INSTALLATION_RECORD_ID, notAfter }, ports);
  context.err.line('Keyturn was asked for a test alert. Waiting.', 'dim');
  const progress = await follow(notAfter, { ports, context, patience });
  const view = viewOf(notAfter, progress, await channelsOf(progress, ports));
  if (context.args.has('json')) context.out.json(view);
  else show(view, context);
  return view.outcome === 'done' ? EXIT.ok : EXIT.failed;
}

interface Following {
  readonly ports: CliPorts;
  readonly context: CommandContext;
  readonly patience: Millis;
}

async function follow(notAfter: number, { ports, context, patience }: Following): Promise<Progress> {
  const deployed = await relaysOf(ports);
  for (let waited = 0; ; waited += POLL_EVERY) {
    const progress = await progressOf(notAfter, deployed, ports);
    if (progress.isComplete || waited >= patience) return progress;
    await context.sleep(POLL_EVERY);
  }
}

function viewOf(notAfter: number, progress: Progress, channels: readonly ChannelJson[]): AlertsTestJson {
  return {
    request: 'alerts test',
    id: INSTALLATION_RECORD_ID,
    name: INSTALLATION_RECORD_ID,
    notAfter: formatInstant(notAfter),
    outcome: progress.isComplete ? 'done' : 'unfinished',
    detail: detailOf(progress, channels),
    channels,
  };
}

function detailOf({ isTaken, isPublished, isComplete }: Progress, channels: readonly ChannelJson[]): string {
  if (!isTaken) return 'No function has taken up the request yet. `keyturn doctor` says what is wrong.';
  if (!isPublished)
    return 'The alert was opened and is not published yet. Look at the function `alert` and its queue.';
  if (!isComplete)
    return 'The alert was published, and the pager or the chat function has not passed it on yet.';
  return channels.some(({ state }) => state !== 'unconfirmed')
    ? 'The test alert was published. Look into each channel: only its reader knows whether it arrived.'
    : 'The test alert was published, and no subscription is confirmed: it reaches no address.';
}

function show({ detail, outcome, channels }: AlertsTestJson, { out }: CommandContext): void {
  out.line(detail, outcome === 'done' ? undefined : 'bad');
  if (channels.length === 0)
    return out.line(
      'No subscription to alerts. Name addresses under alerts in keyturn.json, and deploy.',
      'bad',
    );
  out.line();
  out.table(
    COLUMNS,
    channels.map(({ endpoint, protocol, state }) => [
      { text: endpoint },
      { text: protocol },
      { text: TEXTS[state][0], tone: TEXTS[state][1] },
    ]),
  );
}
