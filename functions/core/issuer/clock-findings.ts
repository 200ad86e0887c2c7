import { CLOCK_KNOWN_FOR, isOff, type SeenClock } from './issuer-clock.ts';
import type { Observation } from '../findings/findings.ts';
import { noting, type Notebook, type Noted } from '../findings/reported-findings.ts';
import { HOUR, MINUTE, formatDuration, type Instant, type Millis } from '../basics/time.ts';

/** Every token of an issuer sees its clock: what it shows is written down so often at most. */
const NOTED_EVERY: Millis = HOUR;

/**
 * What is seen in step may be one of several machines behind one name: it is off until no other one was seen
 * for so long.
 */
const SETTLES_IN: Millis = HOUR;

/**
 * A clock that is off makes every date of its issuer uncertain. The issuer is one, however many tokens it
 * has, so this is kept, and told, by host and not by token.
 */
export function withClockNote<T extends Notebook>(record: T, clock: SeenClock, now: Instant): T {
  const before = record.noted.find((one) => one.kind === 'clock-skew' && one.subject === clock.host);
  if (!isOff(clock)) return before ? settling(record, before, now) : record;
  const isFresh = before?.until !== undefined && before.until > now + CLOCK_KNOWN_FOR - NOTED_EVERY;
  return isFresh ? record : noting(record, observed(clock), { now, until: clock.seenAt + CLOCK_KNOWN_FOR });
}

function settling<T extends Notebook>(record: T, before: Noted, now: Instant): T {
  return noting(record, before, { now, until: Math.min(before.until ?? Infinity, now + SETTLES_IN) });
}

function observed({ host, least, most }: SeenClock): Observation {
  const by = formatDuration(Math.max(MINUTE, Math.round(Math.abs(least + most) / 2 / MINUTE) * MINUTE));
  const side = least > 0 ? 'ahead of' : 'behind';
  const detail =
    `The clock of ${host} is about ${by} ${side} ours, by the dates of its answers, so when a credential ` +
    'expires there is uncertain by as much: it counts as expired later by that, and its users are ' +
    `warned, and rotations begin, earlier by that. Have the clock of ${host} set right.`;
  return { kind: 'clock-skew', subject: host, severity: 'warning', detail };
}
