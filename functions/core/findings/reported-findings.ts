import * as z from 'zod';
import { FINDING_KINDS, Severity, type FindingKind, type Observation } from './findings.ts';
import type { Instant } from '../basics/time.ts';
import { kept } from '../basics/record.ts';

/**
 * Something that was seen and that the record itself does not tell: it stays a finding until it is taken
 * back, or its time is over.
 */
export const Noted = kept({
  kind: FINDING_KINDS,
  subject: z.string(),
  severity: Severity,
  detail: z.string(),
  seenAt: z.number(),
  /** It is over by itself at this time. */
  until: z.number().optional(),
  /**
   * The kind of the installation's finding that tells of it: it is no finding of its own, and may be accepted
   * all the same.
   */
  toldBy: FINDING_KINDS.optional(),
});
export type Noted = z.infer<typeof Noted>;

/** What has notes. */
export interface Notebook {
  readonly noted: readonly Noted[];
}

/** Never more notes than this in a record; the oldest give way. */
const MOST_NOTED = 40;

/** Notes what was seen. Seen again it keeps its first time, unless it says something else by now. */
export function noting<T extends Notebook>(
  record: T,
  seen: Observation,
  when: { now: Instant; until?: Instant | undefined; toldBy?: FindingKind | undefined },
): T {
  const { kind, subject = '', severity, detail } = seen;
  const others = record.noted.filter((one) => !isAbout(one, kind, subject));
  const before = record.noted.find((one) => isAbout(one, kind, subject));
  const { toldBy: _told, ...known } = before ?? {};
  const note: Noted = {
    ...known,
    kind,
    subject,
    severity,
    detail,
    seenAt: before?.seenAt ?? when.now,
    until: when.until,
    ...(when.toldBy && { toldBy: when.toldBy }),
  };
  const isSame =
    before !== undefined &&
    before.severity === severity &&
    before.detail === detail &&
    before.until === when.until &&
    before.toldBy === when.toldBy;
  return isSame ? record : { ...record, noted: [...others, note].slice(-MOST_NOTED) };
}

/** Takes back what was noted of a kind; of one subject, or of all. */
export function unnoted<T extends Notebook>(record: T, kind: FindingKind, subject?: string): T {
  const noted = record.noted.filter(
    (one) => one.kind !== kind || (subject !== undefined && one.subject !== subject),
  );
  return noted.length === record.noted.length ? record : { ...record, noted };
}

function isAbout(one: Noted, kind: FindingKind, subject: string): boolean {
  return one.kind === kind && one.subject === subject;
}

/** What of it is still so. */
export function standing({ noted }: Notebook, now: Instant): readonly Noted[] {
  return noted.filter((one) => one.until === undefined || one.until > now);
}
