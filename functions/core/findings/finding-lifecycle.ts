import type { Fact, FindingFact } from './events.ts';
import {
  Finding,
  findingKey,
  isWorse,
  type FindingKind,
  type Observation,
  type Severity,
} from './findings.ts';
import { unknownMembers } from '../basics/record.ts';
import { DAY, type Instant } from '../basics/time.ts';

/** Whom a finding is about, as people and machines are told. */
export interface About {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly owner: string;
  readonly environment: string;
}

/** What has findings, and tells of them. */
export interface Tracked {
  readonly findings: readonly Finding[];
  readonly outbox: readonly Fact[];
}

/** Findings that are over are remembered for so long. */
const REMEMBERED = 90 * DAY;

/**
 * Holds what is wrong now against what was known: opens, escalates, resolves, and puts a fact for each step
 * into the outbox.
 */
export function tracked<T extends Tracked>(
  record: T,
  about: About,
  seen: readonly Observation[],
  now: Instant,
): T {
  const observed = new Map(
    seen.map((one) => [findingKey(about.id, { kind: one.kind, subject: one.subject ?? '' }), one]),
  );
  const known = new Map(record.findings.map((one) => [findingKey(about.id, one), one]));
  const steps: [finding: Finding, isNews: boolean][] = [];
  for (const [key, observation] of observed) steps.push(stepOf(known.get(key), observation, now));
  for (const [key, finding] of known) if (!observed.has(key)) steps.push(resolveStep(finding, now));
  const findings = steps
    .map(([finding]) => finding)
    .filter((one) => one.state === 'open' || now - (one.resolvedAt ?? 0) < REMEMBERED);
  const told = steps.filter(([, isNews]) => isNews).map(([finding]) => findingFact(about, finding));
  return { ...record, findings, outbox: [...record.outbox, ...told] };
}

function stepOf(known: Finding | undefined, seen: Observation, now: Instant): [Finding, boolean] {
  const base = {
    kind: seen.kind,
    subject: seen.subject ?? '',
    severity: seen.severity,
    detail: seen.detail,
    outlook: seen.outlook,
    ...(seen.warnings !== undefined && { warnings: seen.warnings }),
  };
  if (!known || known.state === 'resolved')
    return [
      {
        ...(known && unknownMembers(Finding, known)),
        ...base,
        state: 'open',
        openedAt: now,
        seenAt: now,
        sequence: nextSequence(known, now),
      },
      true,
    ];
  if (isMoreUrgent(seen, known))
    return [
      {
        ...known,
        ...base,
        severity: worse(seen.severity, known.severity),
        seenAt: now,
        escalatedAt: now,
        sequence: nextSequence(known, now),
        acknowledged: undefined,
      },
      true,
    ];
  return [
    {
      ...known,
      detail: seen.detail,
      outlook: seen.outlook,
      ...(known.warnings === undefined && seen.warnings !== undefined && { warnings: seen.warnings }),
      seenAt: now,
    },
    false,
  ];
}

/**
 * Worse than it was, or a further warning before the end is due; a record that has not counted these begins
 * to.
 */
function isMoreUrgent(seen: Observation, known: Finding): boolean {
  return (
    isWorse(seen.severity, known.severity) ||
    (known.warnings !== undefined && (seen.warnings ?? 0) > known.warnings)
  );
}

function worse(a: Severity, b: Severity): Severity {
  return isWorse(a, b) ? a : b;
}

function resolveStep(known: Finding, now: Instant): [Finding, boolean] {
  if (known.state === 'resolved') return [known, false];
  return [
    {
      ...known,
      state: 'resolved',
      resolvedAt: now,
      sequence: nextSequence(known, now),
      acknowledged: undefined,
      outlook: undefined,
    },
    true,
  ];
}

/** Notes who acknowledged open findings, of one kind or all. One that is acknowledged already stays so. */
export function acknowledged<T extends Tracked>(
  record: T,
  about: About,
  kind: FindingKind | undefined,
  seen: { by: string; now: Instant },
): T {
  const isMeant = (one: Finding): boolean =>
    one.state === 'open' && one.acknowledged === undefined && (kind === undefined || one.kind === kind);
  if (!record.findings.some(isMeant)) return record;
  const taken = (one: Finding): Finding => ({
    ...one,
    acknowledged: { at: seen.now, by: seen.by },
    sequence: nextSequence(one, seen.now),
  });
  const findings = record.findings.map((one) => (isMeant(one) ? taken(one) : one));
  const told = record.findings.filter(isMeant).map((one) => findingFact(about, taken(one)));
  return { ...record, findings, outbox: [...record.outbox, ...told] };
}

/**
 * Starts from the time: when a finding was forgotten, or the record rebuilt, what is reported next still
 * comes after all that alerts have reported.
 */
function nextSequence(known: Finding | undefined, now: Instant): number {
  return Math.max((known?.sequence ?? 0) + 1, now);
}

/**
 * The step at which a finding is, as it is reported to people and machines. Made of the record alone: what an
 * event says besides is not looked at.
 */
export function findingFact(about: About, finding: Finding): FindingFact {
  const { change, at } = changeOf(finding);
  return {
    type: 'finding',
    id: `${findingKey(about.id, finding)}/${finding.sequence}`,
    at,
    tokenId: about.id,
    name: about.name,
    issuer: about.provider,
    owner: about.owner,
    environment: about.environment,
    change,
    kind: finding.kind,
    subject: finding.subject,
    severity: finding.severity,
    detail: finding.acknowledged
      ? `${finding.acknowledged.by} has taken it on. ${finding.detail}`
      : finding.detail,
    sequence: finding.sequence,
    ...(finding.outlook && { outlook: finding.outlook }),
  };
}

function changeOf({
  state,
  openedAt,
  escalatedAt,
  acknowledged: taken,
  resolvedAt,
}: Finding): Pick<FindingFact, 'change' | 'at'> {
  if (state === 'resolved') return { change: 'resolved', at: resolvedAt ?? openedAt };
  if (taken) return { change: 'acknowledged', at: taken.at };
  return escalatedAt === undefined
    ? { change: 'opened', at: openedAt }
    : { change: 'escalated', at: escalatedAt };
}
