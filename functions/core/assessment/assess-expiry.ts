import { overAgeAt } from './assess-status.ts';
import { behindBy, knownClock } from '../issuer/issuer-clock.ts';
import type { Observation } from '../findings/findings.ts';
import { rotationWish } from '../rotation/next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { formatInstant, type Instant } from '../basics/time.ts';
import { severityByExpiry, assumedExpiry } from './time-left.ts';
import { lateAt } from './assess-rotation.ts';

/**
 * Warns of an expiry only when the rotation that should have prevented it is late, and no other finding says
 * why.
 */
export function assessExpiry(token: Token, explained: boolean, now: Instant): Observation[] {
  const current = currentOf(token);
  if (!current) return [];
  const { expiresAt } = current;
  if (expiresAt !== undefined && now >= expiresAt + behindBy(knownClock(token, now)))
    return [
      { kind: 'token-expired', severity: 'critical', detail: `It expired ${formatInstant(expiresAt)}.` },
    ];
  const wish = rotationWish(token);
  const late = wish !== undefined && now >= lateAt(token, wish);
  const crossed = token.policy.warnBefore.some((before) => now >= assumedExpiry(token) - before);
  if (!late || !crossed || explained) return [];
  const severity = severityByExpiry(token, now);
  if (expiresAt !== undefined)
    return [
      {
        kind: 'token-expiring',
        severity,
        detail: `It expires ${formatInstant(expiresAt)} and its rotation is late.`,
      },
    ];
  if (now >= overAgeAt(token)) return [];
  return [
    {
      kind: 'max-age-near',
      severity,
      detail: `Its policy allows it until ${formatInstant(assumedExpiry(token))} and its rotation is late.`,
    },
  ];
}
