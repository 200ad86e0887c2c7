import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import {
  NEW_INSTALLATION_RECORD,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import type { Severity } from '../../../functions/core/findings/findings.ts';
import { AHEAD } from '../../../functions/core/rotation/inspections.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { counted } from '../output/counted.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { filtered, isNarrowed } from './filters.ts';
import { printInstallation } from './installation.ts';
import { warnWhereNobodyHears } from '../operations/missing-subscriptions.ts';
import { severityTone, takenOn } from './open-findings.ts';
import type { Cell, Column } from '../output/screen.ts';
import { VALIDITY_TONES } from './validity.ts';
import { openFindings, statusView, worstOf, type FindingView, type StatusView } from '../output/views.ts';
import { STATES, briefly, fromNow, stateRank } from '../output/words.ts';

export const status: CliCommand = {
  name: 'status',
  group: 'Look',
  effect: 'reads',
  summary: 'List all tokens, the worst first',
  usage: '[--owner NAME] [--issuer ID] [--environment NAME] [--all]',
  examples: [
    ['keyturn status', 'every token; what needs attention comes first'],
    ['keyturn status --owner team-billing', 'those of one team'],
    ['keyturn status --exit-code > /dev/null', 'for scripts: exit code 5 while a critical finding is open'],
  ],
  options: {
    owner: { type: 'string', hint: 'NAME', summary: 'only tokens of this owner' },
    issuer: { type: 'string', hint: 'ID', summary: 'only tokens of this issuer' },
    environment: { type: 'string', hint: 'NAME', summary: 'only tokens of this environment' },
    all: { type: 'boolean', summary: 'also detached tokens without an open finding' },
  },
  takes: 0,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const now = await ports.now();
  const { tokens, fault } = await readAll(ports);
  const wanted = shown(tokens, context);
  const views = wanted.map((token) => statusView(token, ports.descriptor(token.provider), now));
  views.sort(worstFirst);
  if (context.args.has('json')) context.out.json({ tokens: views });
  else show(views, now, context);
  const own = isNarrowed(context)
    ? NEW_INSTALLATION_RECORD
    : (await ports.inventory.loadInstallationRecord()).installationRecord;
  if (!context.args.has('json')) tellMore(wanted, own, now, context);
  explainInspections(wanted, now, context);
  await explain(ports, context);
  if (!isNarrowed(context)) await warnWhereNobodyHears(ports, context);
  if (fault) throw fault;
  const isCritical =
    views.some((view) => view.worst === 'critical') || worstOf(openFindings(own)) === 'critical';
  return isCritical && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}

/** A record that cannot be read must not hide the others: it is complained of after them. */
async function readAll(ports: CliPorts): Promise<{ tokens: Token[]; fault: KeyturnError | undefined }> {
  const tokens: Token[] = [];
  try {
    for await (const { token } of ports.inventory.all()) tokens.push(token);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'record-invalid') return { tokens, fault: error };
    throw error;
  }
  return { tokens, fault: undefined };
}

/** Errors: {@link CliError} where a filter fits nothing. */
function shown(tokens: readonly Token[], context: CommandContext): Token[] {
  const fitting = filtered(tokens, context);
  const visible = fitting.filter(
    (token) => token.detachedAt === undefined || openFindings(token).length > 0 || context.args.has('all'),
  );
  if (visible.length > 0 || fitting.length === 0) return visible;
  const isOne = fitting.length === 1;
  const hidden = `${counted(fitting.length, 'detached token')} ${isOne ? 'is' : 'are'} not listed: add --all to see ${isOne ? 'it' : 'them'}.`;
  if (isNarrowed(context)) throw new CliError(EXIT.usage, `No other token fits; ${hidden}`);
  context.err.line(hidden, 'dim');
  return visible;
}

const SEVERITY_RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

function severityRank(severity: Severity | null): number {
  return severity === null ? 3 : SEVERITY_RANK[severity];
}

/** How bad a row is: as its worst finding, or as its state where no finding tells it yet. */
function urgency(view: StatusView): number {
  const byState = { bad: SEVERITY_RANK.warning, warn: 3, good: 3, dim: 3 }[STATES[view.state].tone];
  const isDown = view.state === 'rejected' || view.state === 'expired';
  return Math.min(severityRank(view.worst), isDown ? SEVERITY_RANK.critical : byState);
}

/** By how bad it is, then by state, then by what expires first, then by name. */
function worstFirst(a: StatusView, b: StatusView): number {
  const expiry = (view: StatusView): number =>
    view.expiresAt === null ? Infinity : Date.parse(view.expiresAt);
  const bySeverity = urgency(a) - urgency(b);
  const byState = stateRank(a.state) - stateRank(b.state);
  const byExpiry = expiry(a) === expiry(b) ? 0 : expiry(a) - expiry(b);
  return bySeverity || byState || byExpiry || (a.name < b.name ? -1 : 1);
}

const COLUMNS: readonly Column[] = [
  { title: 'TOKEN', shrinks: true },
  { title: 'STATE' },
  { title: 'VALIDITY' },
  { title: 'FINDINGS', shrinks: true },
  { title: 'EXPIRES' },
  { title: 'ROTATES' },
  { title: 'AGE' },
  { title: 'ISSUER', shrinks: true },
  { title: 'OWNER', shrinks: true },
  { title: 'ENVIRONMENT', shrinks: true },
];

function show(views: readonly StatusView[], now: Instant, { out }: CommandContext): void {
  if (views.length === 0)
    return out.line(
      'No tokens. Register a secret with its tags or with `keyturn apply`; Keyturn finds it within the hour.',
    );
  out.table(
    COLUMNS,
    views.map((view) => rowOf(view, now)),
  );
  out.line();
  out.line(summaryOf(views));
}

/** Beside the table: what a person has acknowledged, and what is wrong with the installation itself. */
function tellMore(
  tokens: readonly Token[],
  own: InstallationRecord,
  now: Instant,
  { out }: CommandContext,
): void {
  const taken = tokens.flatMap((token) =>
    openFindings(token).flatMap((one) =>
      one.acknowledged ? [`${token.name}: ${one.kind} ${takenOn(one, now)}.`] : [],
    ),
  );
  if (taken.length > 0) out.line();
  for (const line of taken.sort()) out.line(line, 'dim');
  if (openFindings(own).length === 0) return;
  out.line();
  printInstallation(own, now, { out });
}

function rowOf(view: StatusView, now: Instant): Cell[] {
  const expiresAt = view.expiresAt === null ? undefined : Date.parse(view.expiresAt);
  return [
    { text: view.name },
    { text: view.state, tone: STATES[view.state].tone },
    { text: view.validity ?? '-', tone: view.validity === null ? undefined : VALIDITY_TONES[view.validity] },
    { text: findingsText(view.findings), tone: view.worst === null ? undefined : severityTone(view.worst) },
    { text: expiresAt === undefined ? '-' : fromNow(expiresAt, now) },
    { text: rotatesText(view, now) },
    { text: view.bornAt === null ? '-' : briefly(now - Date.parse(view.bornAt)) },
    { text: view.issuer },
    { text: view.owner },
    { text: view.environment },
  ];
}

function findingsText(findings: readonly FindingView[]): string {
  const sorted = findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const marked = sorted.map((one) => (one.severity === 'critical' ? `${one.kind}!` : one.kind));
  return marked.length === 0 ? '-' : [...new Set(marked)].join(' ');
}

function rotatesText(view: StatusView, now: Instant): string {
  const { kind, at } = view.nextRotation;
  switch (kind) {
    case 'at':
      return at === null || Date.parse(at) <= now ? 'due' : fromNow(Date.parse(at), now);
    case 'under way':
      return 'now';
    case 'waiting':
      return 'waits';
    case 'none':
      return '-';
  }
}

function summaryOf(views: readonly StatusView[]): string {
  const count = (severity: Severity): number =>
    views.flatMap((view) => view.findings).filter((one) => one.severity === severity).length;
  const parts = [
    counted(views.length, 'token'),
    counted(count('critical'), 'critical finding'),
    counted(count('warning'), 'warning'),
  ];
  return `${parts.join(', ')}.`;
}

async function explain(ports: CliPorts, { err }: CommandContext): Promise<void> {
  if (await ports.inventory.isComplete()) return;
  err.line(
    'The inventory is not known to be complete. Reconcile is building it, and Keyturn revokes nothing until then.',
    'warn',
  );
}

/** Says where an issuer has more tokens than it lets be inspected in time. */
function explainInspections(tokens: readonly Token[], now: Instant, { err }: CommandContext): void {
  const waiting = tokens.flatMap(({ provider, inspectionAt = 0 }) =>
    inspectionAt > now + AHEAD ? [{ provider, inspectionAt }] : [],
  );
  for (const [provider, some] of Map.groupBy(waiting, (one) => one.provider)) {
    const last = some.reduce((latest, one) => Math.max(latest, one.inspectionAt), now);
    err.line(
      `Inspections of ${provider} wait in line: ${counted(some.length, 'token')}, the last one ${fromNow(last, now)}. The setting issuers.${provider}.maxConcurrency says how many requests its issuers take at once.`,
      'warn',
    );
  }
}
