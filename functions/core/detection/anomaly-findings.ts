import { isWorse, type FindingKind } from '../findings/findings.ts';
import { noting, unnoted, type Notebook } from '../findings/reported-findings.ts';
import { HOUR, type Instant } from '../basics/time.ts';
import type { Verdict } from './judge.ts';
import type { Unusual } from './anomaly.ts';

/**
 * So many subjects of one kind have a finding of their own; a flood of strangers must not push other findings
 * out of the record.
 */
const MOST_SUBJECTS = 8;
/** The subject of all further ones. */
export const OTHERS = 'others';
/**
 * A finding that is seen again, unless it tells of another change, is kept open in steps of this, so that
 * reads that go on do not write the record each time.
 */
const STEP = 6 * HOUR;
/** Something unusual, and which finding of the installation tells of it, if one does. */
export type Seen = Unusual & { readonly toldBy?: FindingKind };

/**
 * Puts what is unusual into the record of a token, or of the installation; the same record if it says all of
 * it already.
 */
export function withUnusual<T extends Notebook>(
  record: T,
  { unusual, over }: { readonly unusual: readonly Seen[]; readonly over: Verdict['over'] },
  now: Instant,
): T {
  const left = over.reduce((one, kind) => unnoted(one, kind), record);
  return unusual.reduce((one, seen) => (seen.until > now ? noted(one, seen, now) : one), left);
}

function noted<T extends Notebook>(record: T, seen: Seen, now: Instant): T {
  const alike = record.noted.filter((one) => one.kind === seen.kind);
  const own = alike.find((one) => one.subject === seen.subject);
  const isCrowd = own === undefined && alike.length >= MOST_SUBJECTS;
  const before = isCrowd ? alike.find((one) => one.subject === OTHERS) : own;
  const isWorseBefore = before !== undefined && isWorse(before.severity, seen.severity);
  // What has a finding of its own keeps it; what had none gets one as soon as nothing else tells of it.
  const toldBy = before && before.toldBy === undefined ? undefined : seen.toldBy;
  const isSaid =
    before !== undefined &&
    seen.grows !== true &&
    before.toldBy === toldBy &&
    !isWorse(seen.severity, before.severity) &&
    (before.until ?? Infinity) + STEP > seen.until;
  if (isSaid) return record;
  const said = isCrowd
    ? { subject: OTHERS, detail: `There are more; the latest: ${seen.detail}` }
    : { subject: seen.subject, detail: seen.detail };
  const kept = isWorseBefore
    ? { ...said, detail: before.detail, severity: before.severity }
    : { ...said, severity: seen.severity };
  return noting(
    record,
    { kind: seen.kind, ...kept },
    { now, until: Math.max(seen.until, before?.until ?? 0), toldBy },
  );
}
