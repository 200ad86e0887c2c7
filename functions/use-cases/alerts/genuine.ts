import type { Digest, Notice, Reminder } from '../../core/alerts/notices.ts';
import type { FindingFact } from '../../core/findings/events.ts';
import { findingKey } from '../../core/findings/findings.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import type { Log } from '../../core/ports/log.ts';
import { MINUTE, type Instant } from '../../core/basics/time.ts';
import { stepNow, wantsPerson, type StepPorts } from '../inventory/steps.ts';

export interface GenuinePorts extends StepPorts {
  readonly ledger: Pick<AlertLedger, 'waiting'>;
  readonly log: Log;
  readonly now: () => Instant;
}

/** What comes over a topic is no later than this, by clocks that differ. */
const SKEW = 5 * MINUTE;

/**
 * Whether something may have happened by now: a time far ahead would keep all that comes before it from being
 * told.
 */
export function isPast(at: Instant, { now }: Pick<GenuinePorts, 'now'>): boolean {
  return at <= now() + SKEW;
}

/**
 * A notice with what the records say now: whoever may publish to the topic for alerts says where to look, and
 * nothing else. Undefined for one that is over, and, with a line in the log, for one that no record knows.
 * Errors: those of the records.
 */
export async function genuine(notice: Notice, ports: GenuinePorts): Promise<Notice | undefined> {
  const known = await byRecord(notice, ports);
  if (known === 'unknown')
    ports.log.warn('a message that no record knows was not told', { type: notice.type });
  return known === 'unknown' || known === 'over' ? undefined : known;
}

async function byRecord(notice: Notice, ports: GenuinePorts): Promise<Notice | 'unknown' | 'over'> {
  switch (notice.type) {
    case 'finding':
      return (await stepNow(notice, ports))?.fact ?? 'unknown';
    case 'reminder':
      return reminderNow(notice, ports);
    case 'digest':
      return digestNow(notice, ports);
  }
}

/** A reminder is published before it is counted: its number is the next one at most. */
async function reminderNow(reminder: Reminder, ports: GenuinePorts): Promise<Reminder | 'unknown' | 'over'> {
  const finding = (await stepNow(reminder.finding, ports))?.fact;
  if (!finding) return 'unknown';
  if (!wantsPerson(finding)) return 'over';
  const waits = await ports.ledger.waiting('reminder', findingKey(finding.tokenId, finding));
  return waits && reminder.step <= waits.steps + 1 ? { ...reminder, finding } : 'unknown';
}

async function digestNow(digest: Digest, ports: GenuinePorts): Promise<Digest | 'unknown'> {
  const known = async (all: readonly FindingFact[]): Promise<FindingFact[]> => {
    const found = await Promise.all(all.map((one) => stepNow(one, ports)));
    return found.flatMap((step) => (step?.fact.owner === digest.owner ? [step.fact] : []));
  };
  const [open, over, passed] = [
    await known(digest.open),
    await known(digest.over),
    await known(digest.passed),
  ];
  const isKnown = isPast(digest.at, ports) && open.length + over.length + passed.length > 0;
  return isKnown ? { ...digest, open, over, passed } : 'unknown';
}
