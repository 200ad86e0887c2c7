import { attributesOf, reminderWords } from '../../core/alerts/messages.ts';
import type { Reminder, Waiting } from '../../core/alerts/notices.ts';
import { reminderGap } from '../../core/alerts/notification-times.ts';
import type { Millis } from '../../core/basics/time.ts';
import { findingKey } from '../../core/findings/findings.ts';
import type { AlertPorts } from './alert.ts';
import { stepNow, wantsPerson } from '../inventory/steps.ts';
import { reasonOf } from '../inventory/store.ts';

export interface ReminderReport {
  readonly reminded: number;
  /** Reminders that could not be sent; they are tried again. */
  readonly failed: number;
  /** Entries that cannot be read, each with a line in the log; the others were not held up by them. */
  readonly damaged: number;
}

/**
 * Reminds people of what is critical by its record and not acknowledged: more and more rarely, and without
 * end. A crash repeats one reminder.
 */
export async function sendReminders(ports: AlertPorts): Promise<ReminderReport> {
  const { remindAfter } = ports;
  if (remindAfter === undefined) return { reminded: 0, failed: 0, damaged: 0 };
  const now = ports.now();
  const { entries, damaged } = await ports.ledger.allWaiting('reminder');
  for (const fault of damaged) ports.log.error('a reminder was passed over', { reason: fault });
  const due = entries.filter(({ dueAt }) => dueAt <= now);
  let report: ReminderReport = { reminded: 0, failed: 0, damaged: damaged.length };
  for (const entry of due) {
    try {
      if (await remind(entry, remindAfter, ports)) report = { ...report, reminded: report.reminded + 1 };
    } catch (error) {
      ports.log.error('a reminder could not be sent', {
        tokenId: entry.finding.tokenId,
        kind: entry.finding.kind,
        reason: reasonOf(error),
      });
      report = { ...report, failed: report.failed + 1 };
    }
  }
  return report;
}

/** Whether anybody is still to be reminded. */
async function remind(entry: Waiting, after: Millis, ports: AlertPorts): Promise<boolean> {
  const { ledger, topic, log, now } = ports;
  const finding = (await stepNow(entry.finding, ports))?.fact;
  const isKnown = finding !== undefined && findingKey(finding.tokenId, finding) === entry.key;
  if (!isKnown || !wantsPerson(finding)) {
    if (!isKnown)
      log.warn('what waited for a person is known to no record, and is not told', {
        tokenId: entry.finding.tokenId,
        kind: entry.finding.kind,
      });
    await ledger.unwait('reminder', entry);
    return false;
  }
  const step = entry.steps + 1;
  const reminder: Reminder = {
    type: 'reminder',
    id: `${entry.key}/${finding.sequence}/reminder/${step}`,
    at: now(),
    step,
    finding,
  };
  await topic.publish({
    ...reminderWords(reminder, ports),
    body: reminder,
    attributes: attributesOf(reminder),
  });
  await ledger.wait(
    'reminder',
    { ...entry, finding, dueAt: now() + reminderGap(after, step), steps: step },
    entry,
  );
  return true;
}
