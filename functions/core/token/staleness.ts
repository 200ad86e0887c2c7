import { holderOf, type Labels } from './staging-labels.ts';
import { currentOf } from './lookups.ts';
import type { Token } from './token.ts';
import { MINUTE, type Instant, type Millis } from '../basics/time.ts';

/**
 * Secrets Manager is eventually consistent (API Reference, "Welcome" and "ListSecrets"), and no page says for
 * how long DescribeSecret may lag behind. For this long an answer that contradicts what Keyturn itself did is
 * taken for old.
 */
export const SEEN_WITHIN: Millis = 2 * MINUTE;

/** Whether something that Keyturn did at a moment may still be missing from answers. */
export function mayBeUnseen(doneAt: Instant | undefined, now: Instant): boolean {
  return doneAt !== undefined && now < doneAt + SEEN_WITHIN;
}

/**
 * Whether labels show AWSCURRENT where it was before Keyturn's own last move, and that move is so young that
 * the answer may be older. Such an answer looks the same as a person who moved the label back.
 */
export function isBehindOwnMove(token: Token, labels: Labels, now: Instant): boolean {
  const { moved } = token;
  if (moved === undefined || !mayBeUnseen(moved.at, now) || currentOf(token)?.versionId !== moved.to)
    return false;
  const shown = holderOf(labels, 'AWSCURRENT');
  return shown !== moved.to && (shown === undefined || shown === moved.from);
}
