import type { Command } from '../../../functions/core/commands/commands.ts';
import { incidentsOf } from '../../../functions/core/incidents/incidents.ts';
import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import { type Instant } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { patienceOf } from '../tokens/patience.ts';
import { lookedUp, type LookedUp } from '../leak-input/looking.ts';
import { undecided } from '../leak-input/undecided.ts';
import { exposureFrom, sightingsFrom } from './leak-source.ts';
import { aboutOwned, consequences, isAdmin, isActive } from './owned-words.ts';
import { leakVerdict } from './leak-verdict.ts';
import { POLL_EVERY, REQUEST_LIFE, type Verdict } from '../tokens/request.ts';
import { counted } from '../output/counted.ts';
import type { LeakedJson } from '../json/leaks.ts';

const LIST = new Intl.ListFormat('en', { type: 'conjunction' });

/** Nobody is told whether a password is one of these: it could be guessed. */
const UNTOLD = DESCRIPTORS.filter(({ admin }) => admin.values === 'chosen').map(({ title }) => title);

export const reportLeak: CliCommand = {
  name: 'report-leak',
  group: 'Respond',
  effect: 'changes',
  summary:
    'Report a leaked credential: if a token has it, it is replaced now and revoked without a grace period',
  usage: '[--file FILE] [--since TIME]',
  examples: [
    ['keyturn report-leak', 'asks for the value, and does not show it while it is typed'],
    [
      'pbpaste | keyturn report-leak --yes --wait',
      'the value through standard input, bare or in the text it was found in; only its SHA-256 leaves ' +
        'this machine',
    ],
    [
      'keyturn report-leak --file gitleaks.json',
      'what gitleaks (JSON), TruffleHog (JSON) or GitLab (gl-secret-detection-report.json) found, or ' +
        'any report in SARIF',
    ],
  ],
  options: {
    file: { type: 'string', hint: 'FILE', summary: 'the report of a scanner, instead of standard input' },
    since: {
      type: 'string',
      hint: 'TIME',
      summary: 'since when it is exposed: a time such as 2026-01-05T08:00:00Z, or how long ago, such as 3d',
    },
  },
  // Whatever is given is refused without being repeated.
  takes: Infinity,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const sightings = await sightingsFrom(context);
  const ports = await context.ports();
  const now = await ports.now();
  const exposedAt = exposureFrom(context.args.value('since'), now);
  const looked = await lookedUp(sightings, (digests) => ports.whose(digests));
  const live = looked.owned.filter((one) => isActive(one) && !one.isDetached);
  for (const one of looked.owned) context.err.line(aboutOwned(one));
  if (live.length === 0) return nothingToDo(looked, context);
  for (const sentence of consequences(live)) context.err.line(sentence);
  const [only] = live;
  if (live.length === 1 && only) await confirm(only.name, "the token's name", context);
  else await confirm(String(live.length), 'how many they are', context);
  const views = await Promise.all(live.map((one) => answer(one, { exposedAt, now }, ports, context)));
  tell(views, looked.owned, context);
  const isRead = sayUndecided(looked, context);
  if (!views.every((one) => one.outcome === 'done' || one.outcome === 'asked')) return EXIT.failed;
  return isRead ? EXIT.ok : EXIT.usage;
}

/** Whether all that came could be read. */
function sayUndecided(looked: LookedUp, { args, err }: CommandContext): boolean {
  const { sentences, isRead } = undecided(looked, args.value('file') === undefined ? 'line' : 'finding');
  for (const sentence of sentences) err.line(sentence);
  return isRead;
}

/**
 * An all-clear is said of bare values alone: in any other text a value may stand in a way that is not known
 * here.
 */
function nothingToDo(looked: LookedUp, context: CommandContext): ExitCode {
  tell([], looked.owned, context);
  const isAllClear =
    looked.owned.length > 0 || looked.rest.every((one) => one.nature === 'value' && !one.isCut);
  if (looked.owned.length === 0) {
    const none = isAllClear
      ? ': none is a credential of this installation.'
      : ', and no credential of this installation is among them. That is no all-clear.';
    context.err.line(`${counted(looked.asked, isAllClear ? 'value' : 'part')} checked${none}`);
    if (looked.asked > 0 && UNTOLD.length > 0)
      context.err.line(
        `Passwords of people, which admin secrets hold for ${LIST.format(UNTOLD)}, are never checked, ` +
          'since they could be guessed: change one that may have leaked.',
      );
  }
  return sayUndecided(looked, context) && isAllClear ? EXIT.ok : EXIT.usage;
}

async function answer(
  one: Owned,
  seen: { exposedAt: Instant | undefined; now: Instant },
  ports: CliPorts,
  context: CommandContext,
): Promise<LeakedJson> {
  const { tokenId, fingerprint } = one;
  const exposure = seen.exposedAt === undefined ? {} : { exposedAt: seen.exposedAt };
  const command: Command = {
    kind: 'compromise',
    tokenId,
    fingerprint,
    source: 'a person',
    reportedAt: seen.now,
    notAfter: seen.now + REQUEST_LIFE,
    ...exposure,
  };
  await ports.commands.send(one.provider, [command]);
  const view = (outcome: LeakedJson['outcome'], detail: string): LeakedJson => ({
    id: tokenId,
    name: one.name,
    state: one.state,
    outcome,
    detail,
  });
  if (isAdmin(one))
    return view(
      'asked',
      `${one.name}: it was reported. Make a new one at the issuer, store it in the secret, and revoke ` +
        'the old one: the runbook says how, under admin-credential-leaked.',
    );
  if (!context.args.has('wait'))
    return view('asked', `${one.name}: it was reported. Follow it with \`keyturn show ${one.name}\`.`);
  const verdict = await follow(one, ports, context);
  return verdict.outcome === 'asked'
    ? view('unfinished', `It has not happened in time. ${verdict.detail}`)
    : view(verdict.outcome, verdict.detail);
}

async function follow(one: Owned, ports: CliPorts, context: CommandContext): Promise<Verdict> {
  const patience = patienceOf(context);
  for (let waited = 0; ; waited += POLL_EVERY) {
    const loaded = await ports.inventory.load(one.tokenId);
    if (!loaded) return { outcome: 'failed', detail: `The record of ${one.name} is gone.` };
    const incident = incidentsOf(loaded.token).find((incident) =>
      incident.exposed.some((exposed) => exposed.fingerprint === one.fingerprint),
    );
    const verdict = leakVerdict(loaded.token, incident);
    if (verdict.outcome !== 'asked' || waited >= patience) return verdict;
    await context.sleep(POLL_EVERY);
  }
}

function tell(views: readonly LeakedJson[], owned: readonly Owned[], { args, out }: CommandContext): void {
  const rest = owned
    .filter((one) => !isActive(one) || one.isDetached)
    .map((one): LeakedJson => ({
      id: one.tokenId,
      name: one.name,
      state: one.state,
      outcome: 'none',
      detail: aboutOwned(one),
    }));
  if (args.has('json')) return out.json({ tokens: [...views, ...rest] });
  for (const one of views)
    out.line(one.detail, one.outcome === 'failed' || one.outcome === 'unfinished' ? 'bad' : undefined);
}
