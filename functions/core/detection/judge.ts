import { isWorse, type FindingKind } from '../findings/findings.ts';
import { inOrder, type Access } from './access.ts';
import { MOST, markOf, newBaseline, type Baseline } from './baseline.ts';
import { judgeChange } from './judge-change.ts';
import { judgeDenial } from './judge-denial.ts';
import { judgeRead } from './judge-read.ts';
import type { Circumstances, Judgement, Unusual, Watched } from './anomaly.ts';

/**
 * What is held against habits. `sensitivity` moves these, and `off` silences them; what was done to a token
 * is reported in any case, so that who switches detection off is seen.
 */
const HABITUAL: ReadonlySet<FindingKind> = new Set([
  'reader-unrecognized',
  'reader-location-new',
  'read-volume-unusual',
  'access-denied',
  'noncurrent-version-read',
  'dormant-token-read',
]);

export interface Verdict {
  /** Undefined while Keyturn alone touched the token. */
  readonly baseline: Baseline | undefined;
  readonly unusual: readonly Unusual[];
  readonly over: readonly FindingKind[];
}

/**
 * Holds what was done to one token against how it is usually read. Keyturn's own calls are neither judged nor
 * learnt. Within a batch the order in which events came does not matter, and an event that was judged before
 * changes nothing. Pure.
 */
export function judge(
  token: Watched,
  before: Baseline | undefined,
  accesses: readonly Access[],
  about: Circumstances,
): Verdict {
  const byOthers = inOrder(accesses.filter((one) => !one.isOwn));
  const [first] = byOthers;
  if (!first) return { baseline: before, unusual: [], over: [] };
  let judged: Judged = { baseline: before ?? newBaseline(token.id, first.at), unusual: [], over: [] };
  const marks = new Set(judged.baseline.marks);
  const known = marks.size;
  for (const access of byOthers) {
    const mark = markOf(access.id);
    if (marks.has(mark)) continue;
    marks.add(mark);
    judged = joined(judged, judgeOne(token, judged.baseline, access, about));
  }
  if (marks.size === known) return { baseline: before, unusual: [], over: [] };
  const baseline = { ...judged.baseline, marks: [...marks].slice(-MOST.marks) };
  return {
    ...judged,
    baseline,
    unusual:
      token.policy.sensitivity === 'off'
        ? judged.unusual.filter(({ kind }) => !HABITUAL.has(kind))
        : judged.unusual,
  };
}

interface Judged extends Verdict {
  readonly baseline: Baseline;
}

function judgeOne(token: Watched, baseline: Baseline, access: Access, about: Circumstances): Judgement {
  if (access.isDenied) return judgeDenial(token, baseline, access);
  return access.deed === 'read'
    ? judgeRead(token, baseline, access, about)
    : judgeChange(token, baseline, access, about);
}

/** Of two things said of the same subject the worse one stands, else the later. */
function joined(verdict: Judged, next: Judgement): Judged {
  const ended = new Set(next.over);
  const standing = ended.size === 0 ? verdict.unusual : verdict.unusual.filter((one) => !ended.has(one.kind));
  const unusual = next.unusual.reduce((all, one) => withWorse(all, one), standing);
  const opened = new Set(next.unusual.map((one) => one.kind));
  return {
    baseline: next.baseline,
    unusual,
    over: [...new Set([...verdict.over.filter((kind) => !opened.has(kind)), ...ended])],
  };
}

function withWorse(all: readonly Unusual[], one: Unusual): readonly Unusual[] {
  const before = all.find((other) => other.kind === one.kind && other.subject === one.subject);
  if (!before) return [...all, one];
  const said = isWorse(before.severity, one.severity) ? before : one;
  return [...all.filter((other) => other !== before), { ...said, until: Math.max(before.until, one.until) }];
}
