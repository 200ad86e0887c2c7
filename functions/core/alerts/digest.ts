import type { FindingFact } from '../findings/events.ts';
import { FINDING_RULES } from '../findings/finding-rules.ts';
import { findingKey, isWorse } from '../findings/findings.ts';
import { runbookPage } from '../findings/runbook-address.ts';
import { digestCommand } from './alert-commands.ts';
import { partsOf, type Words } from './messages.ts';
import type { AlertContext } from './origin.ts';
import type { Digest, Waiting } from './notices.ts';
import type { Instant } from '../basics/time.ts';

/**
 * A step that joins what waits already; undefined when it is no later one. However they are ordered, the same
 * comes of it. `change` is the first step that was not reported yet, which is another one than the finding's
 * where several were taken before anybody looked.
 */
export function joined(
  known: Waiting | undefined,
  finding: FindingFact,
  dueAt: Instant,
  change = finding.change,
): Waiting | undefined {
  const key = findingKey(finding.tokenId, finding);
  const { sequence } = finding;
  if (!known) return { key, dueAt, first: { sequence, change }, finding, steps: 0 };
  if (sequence === known.finding.sequence || sequence === known.first.sequence) return undefined;
  const first = sequence < known.first.sequence ? { sequence, change } : known.first;
  return {
    ...known,
    dueAt: Math.min(known.dueAt, dueAt),
    first,
    finding: sequence > known.finding.sequence ? finding : known.finding,
  };
}

/** A message on a topic is no larger than 256 KiB (Amazon SNS API Reference, Publish). */
const MOST_CARRIED = 40;
const DETAIL_MOST = 300;

/**
 * The digests that are due: one for each owner of whom something has waited long enough, with all that waits
 * for that owner.
 */
export function dueDigests(
  waiting: readonly Waiting[],
  now: Instant,
): { digest: Digest; entries: readonly Waiting[] }[] {
  const owners = [
    ...new Set(waiting.filter(({ dueAt }) => dueAt <= now).map(({ finding }) => finding.owner)),
  ].sort();
  return owners.map((owner) => {
    const entries = waiting.filter(({ finding }) => finding.owner === owner);
    return { digest: digestOf(owner, entries, now), entries };
  });
}

function digestOf(owner: string, entries: readonly Waiting[], now: Instant): Digest {
  const isOver = ({ finding }: Waiting): boolean => finding.change === 'resolved';
  const isNews = ({ first }: Waiting): boolean => first.change === 'opened';
  const findings = (wanted: (entry: Waiting) => boolean): FindingFact[] =>
    entries
      .filter(wanted)
      .map(({ finding }) => ({ ...finding, detail: finding.detail.slice(0, DETAIL_MOST) }))
      .sort(worstFirst);
  const open = findings((entry) => !isOver(entry));
  const over = findings((entry) => isOver(entry) && !isNews(entry));
  const passed = findings((entry) => isOver(entry) && isNews(entry));
  return {
    type: 'digest',
    id: `digest/${owner}/${now}`,
    at: now,
    owner,
    open: open.slice(0, MOST_CARRIED),
    over: over.slice(0, MOST_CARRIED),
    passed: passed.slice(0, MOST_CARRIED),
    counts: { open: open.length, over: over.length, passed: passed.length },
  };
}

function worstFirst(a: FindingFact, b: FindingFact): number {
  if (a.severity !== b.severity) return isWorse(a.severity, b.severity) ? -1 : 1;
  return a.at - b.at;
}

/** A mail holds so many findings; the command lists the others. */
const MOST_LISTED = 16;
const NAME_MOST = 60;

/** One line for each finding, and one for those that have no room: at most 17. */
export function digestLines({ open, over, passed, counts }: Digest): string[] {
  const listed = [
    ...open.map((one) => lineOf(one.severity, one)),
    ...passed.map((one) => lineOf('opened and over', one)),
    ...over.map((one) => lineOf('over', one)),
  ];
  const more = counts.open + counts.over + counts.passed - Math.min(listed.length, MOST_LISTED);
  return [...listed.slice(0, MOST_LISTED), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** So many open findings have room for all that a message about one says; of more each has its line. */
const MOST_TOLD = 2;
/** What a mail of 25 lines has left beside its head and its foot. */
const ROOM = 19;

function bodyOf(digest: Digest, context: AlertContext): string[] {
  const { open, counts } = digest;
  if (counts.open > MOST_TOLD) return digestLines(digest);
  const told = open.flatMap((one) => [
    lineOf(one.severity, one),
    ...partsOf(one, context).map((part) => `  ${part}`),
  ]);
  const others = digestLines({ ...digest, open: [], counts: { ...counts, open: 0 } });
  return told.length + others.length > ROOM ? digestLines(digest) : [...told, ...others];
}

/** What people read of a digest: at most 25 lines. */
export function digestWords(digest: Digest, context: AlertContext): Words {
  const { owner, counts } = digest;
  return {
    subject: `[digest] ${counts.open} open, ${counts.over + counts.passed} over: tokens of ${owner}`.slice(
      0,
      99,
    ),
    text: [
      'None of this is critical: that is told at once.',
      '',
      ...bodyOf(digest, context),
      '',
      'Look first: ' +
        (digestCommand(digest, context.installation) ?? 'The runbook has a section for each kind.'),
      `Runbook:    ${runbookPage(context.runbookUrl)}`,
      `Owner:      ${owner}`,
    ].join('\n'),
  };
}

function lineOf(state: string, { name, kind }: FindingFact): string {
  return (
    `[${state}] ${name.length <= NAME_MOST ? name : `...${name.slice(-NAME_MOST)}`}: ` +
    `${FINDING_RULES[kind].title} (${kind})`
  );
}
