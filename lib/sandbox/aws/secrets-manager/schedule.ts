import { DAY, HOUR, type Instant, type Millis } from '../../../../functions/core/basics/time.ts';
import { parseSchedule, type Recurrence } from '../cron.ts';
import { invalidParameter, versionWith, type RotationRules, type SecretRecord } from './state.ts';

/**
 * Rotation windows (user guide, "Schedule expressions in Secrets Manager rotation"): at least 4 h apart,
 * starting on the hour, in UTC.
 */
const LEAST: Millis = 4 * HOUR;

function recurrenceOf(rules: RotationRules): Recurrence | undefined {
  if (rules.ScheduleExpression !== undefined) return parseSchedule(rules.ScheduleExpression);
  return rules.AutomaticallyAfterDays === undefined
    ? undefined
    : parseSchedule(`rate(${rules.AutomaticallyAfterDays} days)`);
}

/** Errors: InvalidParameterException for rules that Secrets Manager refuses. */
export function checkRules(rules: RotationRules): void {
  if (rules.ScheduleExpression !== undefined && rules.AutomaticallyAfterDays !== undefined) {
    throw invalidParameter('You can specify either AutomaticallyAfterDays or ScheduleExpression, not both.');
  }
  const recurrence = recurrenceOf(rules);
  if (rules.Duration !== undefined && !/^[1-9]\d?h$/.test(rules.Duration))
    throw invalidParameter('Duration must be a number of hours, such as 3h.');
  if (!recurrence) return;
  if (recurrence.unit === 'minute' || (recurrence.every ?? LEAST) < LEAST)
    throw invalidParameter('A secret can rotate every 4 hours at most.');
  if ((recurrence.every ?? 0) > 1_000 * DAY)
    throw invalidParameter('The rotation interval is longer than 1000 days.');
  if (recurrence.unit === 'cron' && !/^cron\(0 \S+ \S+ \S+ \S+ \*\)$/.test(rules.ScheduleExpression ?? '')) {
    throw invalidParameter('In a rotation schedule the minutes must be 0 and the year must be *.');
  }
}

/**
 * Where the next window starts after a time, counted from the last rotation; a new value set by hand counts
 * as one.
 */
export function nextWindow(secret: SecretRecord, after: Instant): Instant | undefined {
  const rules = secret.rotation?.rules;
  const recurrence = rules && recurrenceOf(rules);
  if (!recurrence) return undefined;
  const base = Math.max(
    secret.rotatedAt ?? 0,
    versionWith(secret, 'AWSCURRENT')?.createdAt ?? secret.createdAt,
  );
  const grain = recurrence.unit === 'day' ? DAY : HOUR;
  return recurrence.next(after, Math.floor(base / grain) * grain);
}

/** The end of the window that starts at a time: what DescribeSecret calls NextRotationDate. */
export function windowEnd(rules: RotationRules | undefined, start: Instant): Instant {
  const hours = /^(\d+)h$/.exec(rules?.Duration ?? '')?.[1];
  if (hours !== undefined) return start + Number(hours) * HOUR;
  const everyHours =
    rules?.ScheduleExpression?.startsWith('rate(') === true && rules.ScheduleExpression.includes('hour');
  return everyHours ? start + HOUR : (Math.floor(start / DAY) + 1) * DAY;
}
