import type { Attempt } from '../../core/token/attempt.ts';
import { mayBeUnseen } from '../../core/token/staleness.ts';

export function isLeased(attempt: Attempt, now: number): boolean {
  return attempt.leaseUntil !== undefined && attempt.leaseUntil > now;
}

/** Its label may have been moved just now, by a function that ended since, and no answer shows it yet. */
export function isMoveUnseen(attempt: Attempt, now: number): boolean {
  return (
    attempt.state === 'promoting' &&
    (mayBeUnseen(attempt.promotingAt, now) || mayBeUnseen(attempt.leaseUntil, now))
  );
}

export function isOver(attempt: Attempt, now: number): boolean {
  return now >= attempt.deadline || attempt.inactive === true || attempt.state === 'aborting';
}
