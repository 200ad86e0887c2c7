import { digestWords, dueDigests } from '../core/alerts/digest.ts';
import { attributesOf } from '../core/alerts/messages.ts';
import type { AlertPorts } from './alert.ts';
import { reasonOf } from './store.ts';

export interface DigestReport {
  readonly sent: number;
  /** Owners whose digest could not be sent; it is tried again. */
  readonly failed: number;
  /** Entries that cannot be read, each with a line in the log; the others were not held up by them. */
  readonly damaged: number;
}

/** Sends the digests that are due, one for each owner. A crash before an entry is taken out repeats that one digest. */
export async function sendDigests({ ledger, topic, log, now, runbookUrl }: Pick<AlertPorts, 'ledger' | 'topic' | 'log' | 'now' | 'runbookUrl'>): Promise<DigestReport> {
  const { entries: all, damaged } = await ledger.allWaiting('digest');
  for (const fault of damaged) log.error('what waits for a digest was passed over', { reason: fault });
  let report: DigestReport = { sent: 0, failed: 0, damaged: damaged.length };
  for (const { digest, entries } of dueDigests(all, now())) {
    try {
      await topic.publish({ ...digestWords(digest, runbookUrl), body: digest, attributes: attributesOf(digest) });
      for (const entry of entries) await ledger.unwait('digest', entry);
      report = { ...report, sent: report.sent + 1 };
    } catch (error) {
      log.error('a digest could not be sent', { owner: digest.owner, reason: reasonOf(error) });
      report = { ...report, failed: report.failed + 1 };
    }
  }
  return report;
}
