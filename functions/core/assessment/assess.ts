import { OVERDUE_AFTER, assessStatus, statusTimes } from './assess-status.ts';
import { assessCredentials, credentialTimes } from './assess-credentials.ts';
import { assessDeliveries } from './assess-deliveries.ts';
import { assessIncidents, incidentTimes } from './assess-incidents.ts';
import { assessWaits, waitTimes } from './assess-waits.ts';
import { behindBy, clockTimes } from '../issuer/issuer-clock.ts';
import { isRetiring } from '../token/retirement.ts';
import type { Observation } from '../findings/findings.ts';
import { standing } from '../findings/reported-findings.ts';
import { startOf } from '../rotation/deferral.ts';
import { assessReplicas, replicaTimes } from '../revocation/replica-waits.ts';
import { rotationWish } from '../rotation/next-rotation.ts';
import { currentOf, openAttempt } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';
import {
  type Facts,
  STUCK_AFTER,
  assessStuck,
  assessRotation,
  lateAt,
  assessHold,
} from './assess-rotation.ts';
import { CRITICAL_LEFT, assumedExpiry } from './time-left.ts';
import { assessSubmission, submissionTimes } from './assess-submission.ts';
import { assessSecret, assessDeletion } from './assess-secret.ts';
import { assessExpiry } from './assess-expiry.ts';

/** Everything that is wrong with a token now; what is not in the answer is not wrong. Pure. */
export function assess(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  if (token.detachedAt !== undefined) return assessDeletion(token);
  if (isRetiring(token)) return assessRetirement(token, now);
  const found = [
    ...assessSecret(token, now),
    ...assessRotation(token, facts, now),
    ...assessHold(token, now),
    ...assessSubmission(token, facts, now),
    ...assessIncidents(token, now),
    ...assessCredentials(token, now, facts),
    ...assessWaits(token, now),
  ];
  found.push(...assessReplicas(token, now), ...assessStatus(token, facts, now));
  const explained = found.some(
    (one) =>
      one.kind === 'rotation-failed' ||
      one.kind === 'secret-unusable' ||
      one.kind === 'secret-deleted' ||
      one.kind === 'value-due' ||
      one.kind === 'credential-limit-reached',
  );
  return [
    ...found,
    ...assessDeliveries(token, now),
    ...standing(token, now).filter((one) => one.toldBy === undefined),
    ...assessExpiry(token, explained, now),
  ];
}

/** Of a token that a person ended only what keeps its credentials from being revoked is wrong. */
function assessRetirement(token: Token, now: Instant): Observation[] {
  const obstacle: Observation[] =
    token.unusable === undefined || token.deletion !== undefined
      ? []
      : [{ kind: 'secret-unusable', severity: 'warning', detail: token.unusable }];
  return [
    ...obstacle,
    ...assessStuck(token, now),
    ...assessCredentials(token, now),
    ...assessWaits(token, now),
  ];
}

/** Moments at which the assessment of a token changes by itself. */
export function assessmentTimes(token: Token, facts?: Facts): Instant[] {
  const attempt = openAttempt(token);
  const expiresAt = currentOf(token)?.expiresAt;
  const wish = rotationWish(token);
  const start = wish && startOf(token, wish, wish.at);
  return [
    ...credentialTimes(token, facts),
    ...waitTimes(token),
    ...submissionTimes(token, facts),
    ...token.noted.flatMap((one) => one.until ?? []),
    ...incidentTimes(token),
    ...(attempt ? [attempt.deadline + STUCK_AFTER] : []),
    ...(wish ? [lateAt(token, wish)] : []),
    ...statusTimes(token),
    ...clockTimes(token),
    ...replicaTimes(token),
    ...(wish && start?.waitsFor !== undefined ? [wish.at, wish.at + OVERDUE_AFTER, start.at] : []),
    assumedExpiry(token) - CRITICAL_LEFT,
    ...token.policy.warnBefore.map((before) => assumedExpiry(token) - before),
    ...(expiresAt === undefined ? [] : [expiresAt, expiresAt + behindBy(token.issuerClock)]),
  ];
}
