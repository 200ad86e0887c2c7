import { isRetiring } from '../token/retirement.ts';
import type { FindingKind, Observation, Outlook, Severity } from '../findings/findings.ts';
import { longestAgeAt } from '../rotation/next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { DAY, type Instant } from '../basics/time.ts';

/** With less than this left before expiry a failure to rotate is critical. */
export const CRITICAL_LEFT = 7 * DAY;

/** Critical once the current credential is about to expire, a warning before. */
export function severityByExpiry(token: Token, now: Instant): Severity {
  return now >= criticalAt(token) ? 'critical' : 'warning';
}

/**
 * Where the issuer tells no expiry, the policy's longest age stands for it, and nothing breaks then: it is as
 * critical as the policy says.
 */
function criticalAt(token: Token): Instant {
  const isAgeAlone = currentOf(token)?.expiresAt === undefined;
  return isAgeAlone && token.policy.onMaxAge === 'warn' ? Infinity : assumedExpiry(token) - CRITICAL_LEFT;
}

/** Kinds that weigh more the less time is left. */
const BY_EXPIRY: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'token-expiring',
  'max-age-near',
  'rotation-failed',
  'rotation-stuck',
  'credential-limit-reached',
  'value-due',
  'secret-unusable',
]);

/** What comes next if no person acts. Undefined where time alone changes nothing. */
export function outlookOf(token: Token, { kind, severity }: Observation, now: Instant): Outlook | undefined {
  if (!BY_EXPIRY.has(kind) || isRetiring(token)) return undefined;
  const expiresAt = currentOf(token)?.expiresAt;
  if (severity !== 'critical')
    return Number.isFinite(criticalAt(token)) ? { at: criticalAt(token), becomes: 'critical' } : undefined;
  return expiresAt !== undefined && expiresAt > now ? { at: expiresAt, becomes: 'expired' } : undefined;
}

/**
 * Which of the policy's warnings before the end are due, of a kind that weighs more the less time is left;
 * each of them is told.
 */
export function warningsOf(token: Token, { kind }: Observation, now: Instant): number | undefined {
  return BY_EXPIRY.has(kind) && !isRetiring(token)
    ? token.policy.warnBefore.filter((before) => now >= assumedExpiry(token) - before).length
    : undefined;
}

export function assumedExpiry(token: Token): Instant {
  return currentOf(token)?.expiresAt ?? longestAgeAt(token);
}
