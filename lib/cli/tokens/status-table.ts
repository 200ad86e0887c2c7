import type { Severity } from '../../../functions/core/findings/findings.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { CommandContext } from '../command-line/command.ts';
import type { FindingJson } from '../json/findings.ts';
import type { StatusRowJson } from '../json/tokens.ts';
import { counted } from '../output/counted.ts';
import type { Cell, Column } from '../output/screen.ts';
import { STATES, briefly, fromNow, stateRank } from '../output/words.ts';
import { severityTone } from './open-findings.ts';
import { VALIDITY_TONES } from './validity.ts';

const SEVERITY_RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

function severityRank(severity: Severity | null): number {
  return severity === null ? 3 : SEVERITY_RANK[severity];
}

/** How bad a row is: as its worst finding, or as its state where no finding tells it yet. */
function urgency(view: StatusRowJson): number {
  const byState = { bad: SEVERITY_RANK.warning, warn: 3, good: 3, dim: 3 }[STATES[view.state].tone];
  const isDown = view.state === 'rejected' || view.state === 'expired';
  return Math.min(severityRank(view.worst), isDown ? SEVERITY_RANK.critical : byState);
}

/** By how bad it is, then by state, then by what expires first, then by name. */
export function worstFirst(a: StatusRowJson, b: StatusRowJson): number {
  const expiry = (view: StatusRowJson): number =>
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

/** All tokens as a table, with their number under it. */
export function printTokens(views: readonly StatusRowJson[], now: Instant, { out }: CommandContext): void {
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

function rowOf(view: StatusRowJson, now: Instant): Cell[] {
  const expiresAt = view.expiresAt === null ? undefined : Date.parse(view.expiresAt);
  return [
    { text: view.name },
    { text: view.state, tone: STATES[view.state].tone },
    { text: view.validity ?? '-', tone: view.validity === null ? undefined : VALIDITY_TONES[view.validity] },
    { text: findingsText(view.findings), tone: view.worst === null ? undefined : severityTone(view.worst) },
    { text: expiresAt === undefined ? '-' : fromNow(expiresAt, now) },
    { text: rotatesText(view, now) },
    { text: view.issuedAt === null ? '-' : briefly(now - Date.parse(view.issuedAt)) },
    { text: view.issuer },
    { text: view.owner },
    { text: view.environment },
  ];
}

function findingsText(findings: readonly FindingJson[]): string {
  const sorted = findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const marked = sorted.map((one) => (one.severity === 'critical' ? `${one.kind}!` : one.kind));
  return marked.length === 0 ? '-' : [...new Set(marked)].join(' ');
}

function rotatesText(view: StatusRowJson, now: Instant): string {
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

function summaryOf(views: readonly StatusRowJson[]): string {
  const count = (severity: Severity): number =>
    views.flatMap((view) => view.findings).filter((one) => one.severity === severity).length;
  const parts = [
    counted(views.length, 'token'),
    counted(count('critical'), 'critical finding'),
    counted(count('warning'), 'warning'),
  ];
  return `${parts.join(', ')}.`;
}
