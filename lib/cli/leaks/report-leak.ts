import type { Command } from '../../../functions/core/commands/commands.ts';
import { incidentsOf } from '../../../functions/core/incidents/incidents.ts';
import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import { parseDuration, type Instant } from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { patienceOf } from '../tokens/patience.ts';
import { lookedUp, type LookedUp } from '../leak-input/looking.ts';
import { undecided } from '../leak-input/undecided.ts';
import type { Sighting } from '../leak-input/sightings.ts';
import { leakVerdict } from './leak-verdict.ts';
import { foundInInput, foundInReport } from './scanner-reports.ts';
import { POLL_EVERY, REQUEST_LIFE, type Verdict } from '../tokens/request.ts';
import { counted } from '../output/counted.ts';

/** What credentials of known issuers look like, to recognise, never to refuse. */
const PATTERNS = DESCRIPTORS.flatMap(({ pattern }) => (pattern ? [pattern] : []));
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
      'the value through standard input, bare or in the text it was found in; only its SHA-256 leaves this machine',
    ],
    [
      'keyturn report-leak --file gitleaks.json',
      'what gitleaks (JSON), TruffleHog (JSON) or GitLab (gl-secret-detection-report.json) found, or any report in SARIF',
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

/** One element of `tokens` in what `report-leak --json` prints. */
export interface LeakedView {
  readonly id: string;
  readonly name: string;
  readonly state: Owned['state'];
  /** `none` where nothing is done, since it is revoked, or Keyturn no longer manages the token. */
  readonly outcome: Verdict['outcome'] | 'unfinished' | 'none';
  readonly detail: string;
}

async function run(context: CommandContext): Promise<ExitCode> {
  const sightings = await sightingsFrom(context);
  const ports = await context.ports();
  const now = await ports.now();
  const exposedAt = exposureFrom(context.args.value('since'), now);
  const looked = await lookedUp(sightings, (digests) => ports.whose(digests));
  const live = looked.owned.filter((one) => isAlive(one) && !one.isDetached);
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

function consequences(live: readonly Owned[]): string[] {
  const [admins, tokens] = [live.filter(isAdmin), live.filter((one) => !isAdmin(one))];
  return [
    ...(tokens.length === 0
      ? []
      : [
          'Each credential of a token is replaced now, and revoked without a grace period: a consumer that still uses it is rejected. This cannot be undone.',
        ]),
    ...admins.map(
      ({ name }) =>
        `Only a person can replace the admin credential of ${name}. It is a critical finding until the issuer rejects it. Once a new one is stored, every token that it could make is replaced.`,
    ),
  ];
}

function isAdmin(one: Owned): boolean {
  return one.state === 'admin';
}

/** What is said to be out. Errors: {@link CliError}, without a word of what was given. */
async function sightingsFrom({
  args,
  readFile,
  readInput,
  isTty,
  askHidden,
}: CommandContext): Promise<Sighting[]> {
  if (args.positionals.length > 0)
    throw new CliError(
      EXIT.usage,
      'A value is never an argument: it would stay in the history of your shell and show in the list of processes. Report it as leaked through standard input: `pbpaste | keyturn report-leak`.',
    );
  const report = args.value('file');
  if (report !== undefined) return foundInReport(await readReport(report, readFile), report, PATTERNS);
  const input =
    (await readInput()) ?? (isTty ? await askHidden('The leaked value (not shown): ') : undefined);
  if (input === undefined)
    throw new CliError(
      EXIT.usage,
      'What leaked? Send the value through standard input, `pbpaste | keyturn report-leak`, or name the report of a scanner with --file FILE.',
    );
  const sightings = foundInInput(input, PATTERNS);
  if (sightings.length === 0)
    throw new CliError(EXIT.usage, 'Nothing was given: send the leaked value, one a line.');
  return sightings;
}

async function readReport(path: string, readFile: CommandContext['readFile']): Promise<string> {
  return readFile(path).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.usage, `The report ${path} cannot be read: correct its path.`, { cause: error });
  });
}

function exposureFrom(text: string | undefined, now: Instant): Instant | undefined {
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  const at = length === undefined ? Date.parse(text) : now - length;
  if (Number.isFinite(at) && at <= now) return at;
  throw new CliError(
    EXIT.usage,
    `--since is "${text}": write a time that is over, like 2026-01-05T08:00:00Z, or how long ago, like 3d.`,
  );
}

const WHAT: Readonly<Record<Owned['state'], string>> = {
  current: 'its current credential',
  pending: 'a credential that a rotation is making',
  previous: 'an old credential in its grace period',
  'rolling-back': 'a credential that is being made current again',
  revoking: 'a credential that is being revoked',
  ended: 'a revoked credential: nothing is to be done',
  forgotten: 'a credential that was revoked long ago: nothing is to be done',
  admin: 'an admin credential, which a person has to replace',
};

function isAlive(one: Owned): boolean {
  return one.state !== 'ended' && one.state !== 'forgotten';
}

function aboutOwned(one: Owned): string {
  if (one.isDetached && isAlive(one))
    return `${one.name} (${one.provider}, ${one.owner}): Keyturn no longer manages this token: revoke its credential at the issuer by hand.`;
  return `${one.name} (${one.provider}, ${one.owner}): ${WHAT[one.state]}${one.isKnown && one.state !== 'ended' ? ', already reported' : ''}.`;
}

/** An all-clear is said of bare values alone: in any other text a value may stand in a way that is not known here. */
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
        `Passwords of people, which admin secrets hold for ${UNTOLD.join(' and ')}, are never checked, since they could be guessed: change one that may have leaked.`,
      );
  }
  return sayUndecided(looked, context) && isAllClear ? EXIT.ok : EXIT.usage;
}

async function answer(
  one: Owned,
  seen: { exposedAt: Instant | undefined; now: Instant },
  ports: CliPorts,
  context: CommandContext,
): Promise<LeakedView> {
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
  const view = (outcome: LeakedView['outcome'], detail: string): LeakedView => ({
    id: tokenId,
    name: one.name,
    state: one.state,
    outcome,
    detail,
  });
  if (isAdmin(one))
    return view(
      'asked',
      `${one.name}: it was reported. Make a new one at the issuer, store it in the secret, and revoke the old one: the runbook says how, under admin-credential-leaked.`,
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

function tell(views: readonly LeakedView[], owned: readonly Owned[], { args, out }: CommandContext): void {
  const rest = owned
    .filter((one) => !isAlive(one) || one.isDetached)
    .map((one): LeakedView => ({
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
