import { digestWords, dueDigests } from '../../core/alerts/digest.ts';
import { attributesOf } from '../../core/alerts/messages.ts';
import type { Waiting } from '../../core/alerts/notices.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { findingKey } from '../../core/findings/findings.ts';
import { alert, type AlertPorts } from './alert.ts';
import { stepNow } from '../inventory/steps.ts';
import { reasonOf } from '../inventory/store.ts';

export interface DigestReport {
  readonly sent: number;
  /** Owners whose digest could not be sent; it is tried again. */
  readonly failed: number;
  /** Entries that cannot be read, each with a line in the log; the others were not held up by them. */
  readonly damaged: number;
}

/**
 * Sends the digests that are due, one for each owner, with what the records say now. A crash before an entry
 * is taken out repeats that one digest.
 */
export async function sendDigests(ports: AlertPorts): Promise<DigestReport> {
  const { ledger, topic, log, now } = ports;
  const { entries: all, damaged } = await ledger.allWaiting('digest');
  for (const fault of damaged) log.error('what waits for a digest was passed over', { reason: fault });
  const isDue = all.some(({ dueAt }) => dueAt <= now());
  const known = isDue ? await lookedUp(all, ports) : { pairs: [], unread: 0 };
  const asStored = new Map(known.pairs.map(({ stored, shown }) => [shown, stored]));
  let report: DigestReport = { sent: 0, failed: 0, damaged: damaged.length + known.unread };
  for (const { digest, entries } of dueDigests([...asStored.keys()], now())) {
    try {
      await topic.publish({
        ...digestWords(digest, ports),
        body: digest,
        attributes: attributesOf(digest),
      });
      for (const entry of entries) await ledger.unwait('digest', asStored.get(entry) ?? entry);
      report = { ...report, sent: report.sent + 1 };
    } catch (error) {
      log.error('a digest could not be sent', { owner: digest.owner, reason: reasonOf(error) });
      report = { ...report, failed: report.failed + 1 };
    }
  }
  return report;
}

interface Pair {
  /** As it waits in the ledger. */
  readonly stored: Waiting;
  /** With the step that the record has. */
  readonly shown: Waiting;
}

/**
 * What waits, as the records have it now; what no record knows waits no longer. A record that cannot be read
 * keeps only its own findings waiting.
 */
async function lookedUp(
  all: readonly Waiting[],
  ports: AlertPorts,
): Promise<{ pairs: Pair[]; unread: number }> {
  const pairs: Pair[] = [];
  let unread = 0;
  for (const stored of all) {
    try {
      const pair = await pairOf(stored, ports);
      if (pair) pairs.push(pair);
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'record-invalid')) throw error;
      ports.log.error('what waits for a digest has no record that can be read', { reason: error.message });
      unread++;
    }
  }
  return { pairs, unread };
}

async function pairOf(stored: Waiting, ports: AlertPorts): Promise<Pair | undefined> {
  const step = await stepNow(stored.finding, ports);
  if (!step || findingKey(step.fact.tokenId, step.fact) !== stored.key) {
    ports.log.warn('what waited for a digest is known to no record, and is not told', {
      tokenId: stored.finding.tokenId,
      kind: stored.finding.kind,
    });
    await ports.ledger.unwait('digest', stored);
    return undefined;
  }
  if (step.fact.sequence <= stored.finding.sequence)
    return { stored, shown: { ...stored, finding: step.fact } };
  // Its event is still on the way, or was lost: what has become critical is told at once, and nothing is told
  // twice.
  await alert(step.fact, ports);
  const again = await ports.ledger.waiting('digest', stored.key);
  return again && { stored: again, shown: { ...again, finding: step.fact } };
}
