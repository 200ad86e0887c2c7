import { noting, unnoted, type Notebook } from '../findings/reported-findings.ts';
import type { TagProblem } from './tags.ts';
import type { Instant } from '../basics/time.ts';

/** So many problems are told in words; the rest is counted. */
const MOST_TOLD = 5;
const KINDS = ['tag-invalid', 'policy-unkeepable'] as const satisfies readonly TagProblem['kind'][];

/**
 * Notes what is wrong with the tags of a token, one note a kind, so that many wrong tags crowd out nothing
 * else; takes back what is not wrong any more. Where the tags were not looked at, what was noted stays.
 */
export function notingTags<T extends Notebook>(
  record: T,
  problems: readonly TagProblem[] | undefined,
  now: Instant,
): T {
  if (problems === undefined) return record;
  return KINDS.reduce(
    (known, kind) =>
      notingKind(
        known,
        kind,
        problems.filter((one) => one.kind === kind),
        now,
      ),
    record,
  );
}

function notingKind<T extends Notebook>(
  record: T,
  kind: TagProblem['kind'],
  problems: readonly TagProblem[],
  now: Instant,
): T {
  if (problems.length === 0) return unnoted(record, kind);
  const told = problems.slice(0, MOST_TOLD).map((one) => one.detail);
  const rest = problems.length - told.length;
  return noting(
    record,
    { kind, severity: 'warning', detail: [...told, ...(rest > 0 ? [`And ${rest} more.`] : [])].join(' ') },
    { now },
  );
}
