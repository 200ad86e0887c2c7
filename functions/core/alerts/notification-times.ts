import { closedUntil } from '../basics/calendar.ts';
import { isZone, momentsOf, wallTime } from '../basics/wall-clocks.ts';
import type { Window } from '../basics/weekly-windows.ts';
import type { Severity } from '../findings/findings.ts';
import { DAY, MINUTE, type Instant, type Millis } from '../basics/time.ts';

/** The time of day at which what can wait is told, by the clock of a zone. */
export interface DigestTime {
  /** Minutes after midnight. */
  readonly minute: number;
  readonly zone: string;
}

/** When people want to hear of what is not critical. */
export interface Habits {
  /** One message a day for each owner; undefined for one message each, at once. */
  readonly digest: DigestTime | undefined;
  /** Hours in which only what is critical is told. */
  readonly quietHours: readonly Window[];
}

/** Reads `08:00 Europe/Berlin`; undefined when the text is not such a time. */
export function parseDigestTime(text: string): DigestTime | undefined {
  const [, hour, minute, zone = ''] = /^(\d\d):(\d\d) (\S+)$/.exec(text.trim()) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  if (!(Number(hour) < 24 && Number(minute) < 60) || !isZone(zone)) return undefined;
  return { minute: minutes, zone };
}

/** How long to wait before reminding again: twice as long each time, a week at most. */
export function reminderGap(after: Millis, steps: number): Millis {
  return Math.min(after * 2 ** steps, Math.max(after, 7 * DAY));
}

/**
 * When something of a severity is to be told: now if it is critical, else with the next digest, and never in
 * quiet hours. Quiet hours without an end do not count.
 */
export function tellAt(severity: Severity, now: Instant, { digest, quietHours }: Habits): Instant {
  if (severity === 'critical') return now;
  const wanted = digest ? nextDigest(digest, now) : now;
  return closedUntil(quietHours, wanted) ?? wanted;
}

/**
 * The first digest after a moment. A time that the clock shows twice counts once, one that it leaves out
 * falls on the jump.
 */
function nextDigest({ minute, zone }: DigestTime, after: Instant): Instant {
  const today = Math.floor(wallTime(after, zone) / DAY) * DAY;
  const coming = [0, 1, 2].map((days) => momentsOf(today + days * DAY + minute * MINUTE, zone).first);
  return coming.find((at) => at > after) ?? after + DAY;
}
