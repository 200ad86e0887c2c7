import type { Instant } from '../basics/time.ts';

/** CloudWatch alarms, read. Errors: `aws-failed`. */
export interface AlarmReads {
  /**
   * Whether an alarm is in ALARM now, and since when it is in the state it has; undefined when there is no
   * such alarm.
   */
  alarm(name: string): Promise<{ readonly isFiring: boolean; readonly since: Instant } | undefined>;
}
