import { isOnWayToEnd } from '../revocation/claims.ts';
import { assessEnd, endTimes, wasCutOff, type EndFacts } from '../validity/expiry.ts';
import { graceEnds } from '../rotation/next-rotation.ts';
import { consumerText } from '../consumers/consumers.ts';
import { PROOF_WITHIN, pendingDeliveryOf } from '../delivery/deliveries.ts';
import { isKept, wasSetAside } from '../token/kept-versions.ts';
import { pendingConsumerText } from '../delivery/evidence.ts';
import { revocationDueAt } from '../token/disabled.ts';
import { isRetiring } from '../token/retirement.ts';
import type { Observation } from '../findings/findings.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { HOUR, formatDuration, formatInstant, type Instant } from '../basics/time.ts';

/** A revocation that takes longer than this is reported. */
export const REVOKE_WITHIN = 6 * HOUR;

/**
 * What is wrong with the credentials of a token: those that should be revoked and are not, and those that
 * belong to no token.
 */
export function assessCredentials(token: Token, now: Instant, facts?: EndFacts): Observation[] {
  return token.credentials.flatMap((one) => [
    ...assessCredential(token, one, now),
    ...assessEnd(token, one, { facts, graceEnds: graceEnds(token, one) }, now),
  ]);
}

function assessCredential(token: Token, one: Credential, now: Instant): Observation[] {
  const subject = one.handle ?? one.id;
  const found: Observation[] = [];
  const isLate = isPastGrace(token, one, now);
  if (isLate && one.problem === undefined && one.kept === undefined)
    found.push({
      kind: 'previous-credential-in-use',
      subject,
      severity: 'critical',
      detail: pendingConsumerDetail(token, one),
    });
  if (one.state === 'ended') return found;
  if (one.problem)
    found.push({
      kind: one.problem.kind,
      subject,
      severity: one.problem.kind === 'credential-unmanaged' ? 'warning' : 'critical',
      detail: one.problem.detail,
    });
  if (isStuck(token, one, now))
    found.push({
      kind: 'revocation-blocked',
      subject,
      severity: 'critical',
      detail: stuckDetail(token, one),
    });
  if (one.origin === 'found')
    found.push({
      kind: 'credential-orphaned',
      subject,
      severity: 'warning',
      detail: `The credential ${subject} is active and no secret names it.`,
    });
  if (isKept(one) && (isLate || wasSetAside(one)))
    found.push({ kind: 'version-kept', subject: one.id, severity: 'warning', detail: keptDetail(one) });
  return found;
}

/**
 * Kept for its consumers past the maximum grace period. That it then expired does not mean that they moved.
 */
function isPastGrace(token: Token, one: Credential, now: Instant): boolean {
  const until = (one.supersededAt ?? token.enrolledAt) + token.policy.maxGrace;
  return one.state === 'previous' ? now >= until : (wasCutOff(one, now) ?? -Infinity) >= until;
}

/**
 * Its revocation began long ago and is neither verified nor explained. The issuer is down, or the revocation
 * guard keeps refusing.
 */
function isStuck(token: Token, one: Credential, now: Instant): boolean {
  // Of a secret that is scheduled for deletion nothing is revoked unasked: `secret-deleted` names what may be
  // active.
  if (token.deletion !== undefined && !isRetiring(token)) return false;
  // Revoked, and gone from lists: only the stronger proof is still waited for.
  if (one.revokedAt !== undefined && one.absent !== undefined) return false;
  return (
    isEnding(token, one) && one.problem === undefined && now >= revocationDueAt(token, one) + REVOKE_WITHIN
  );
}

/**
 * On its way to its end, or it was until another act needed it; of a token that a person ended, the current
 * one too.
 */
function isEnding(token: Token, one: Credential): boolean {
  if (isOnWayToEnd(one) || (one.state === 'current' && isRetiring(token))) return true;
  return (
    one.state === 'previous' &&
    !isKept(one) &&
    (one.endingSince ?? one.revocationBegunAt) !== undefined &&
    (one.withoutGrace === true || one.givenUp === true)
  );
}

function stuckDetail(token: Token, one: Credential): string {
  const why = one.verdict ?? 'the issuer or Secrets Manager could not be asked';
  return (
    `The credential ${one.handle ?? one.id} should have been revoked at ` +
    `${formatInstant(revocationDueAt(token, one))}: ${why.replace(/\.$/, '')}.`
  );
}

function keptDetail(one: Credential): string {
  const label = one.kept?.label ?? '';
  if (!wasSetAside(one))
    return (
      `The grace period of the old credential ${one.handle ?? one.id} is over. It is not revoked, since ` +
      `its version ${one.id} carries the label ${label}. Remove the label when no consumer needs it.`
    );
  return (
    `A person or a program staged the version ${one.id} as AWSPENDING, and no rotation uses a value that ` +
    `it did not make: it was set aside under the label ${label}, its credential stays active, and ` +
    `rotation goes on. To use it, move AWSCURRENT to it; to end it, run \`keyturn revoke\`; to keep it ` +
    'out of Keyturn as it is, remove the label.'
  );
}

function pendingConsumerDetail(token: Token, one: Credential): string {
  const head =
    `The old credential ${one.handle ?? one.id} is past its maximum grace period of ` +
    formatDuration(token.policy.maxGrace);
  if (one.pendingConsumers && one.pendingConsumers.length > 0)
    return `${head}. ${one.pendingConsumers.map(pendingConsumerText).join('; ')}.`;
  if (one.lastUsedAt === undefined) return `${head} and its last use is not known.`;
  return `${head} and it was last used ${formatInstant(one.lastUsedAt)}.`;
}

/**
 * A consumer that does not get the new value is in no danger while the old one is active, and the old one
 * stays active until it has it.
 */
export function assessDeliveries(token: Token, now: Instant): Observation[] {
  return (token.consumers ?? []).flatMap((consumer): Observation[] => {
    const delivery = pendingDeliveryOf(token, consumer)?.delivery;
    const isLate = delivery?.state === 'sent' && now >= (delivery.sentAt ?? now) + PROOF_WITHIN;
    if (delivery?.state !== 'failed' && !isLate) return [];
    const why =
      delivery.problem?.message ??
      `it was sent ${formatInstant(delivery.sentAt ?? now)} and nothing shows that it arrived.`;
    return [
      {
        kind: 'delivery-failed',
        subject: consumer.name,
        severity: 'warning',
        detail:
          `The consumer ${consumer.name} (${consumerText(consumer)}) has not received version ` +
          `${delivery.credentialId}: ${why}`,
      },
    ];
  });
}

/** Moments at which this changes by itself. */
export function credentialTimes(token: Token, facts?: EndFacts): Instant[] {
  const graces = token.credentials.flatMap((one) =>
    one.state === 'previous' ? [(one.supersededAt ?? token.enrolledAt) + token.policy.maxGrace] : [],
  );
  const claims = token.credentials.flatMap((one) =>
    isEnding(token, one) ? [revocationDueAt(token, one) + REVOKE_WITHIN] : [],
  );
  const proofs = (token.consumers ?? []).flatMap((one) =>
    one.delivery?.state === 'sent' && one.delivery.sentAt !== undefined
      ? [one.delivery.sentAt + PROOF_WITHIN]
      : [],
  );
  return [
    ...graces,
    ...claims,
    ...proofs,
    ...token.credentials.flatMap((one) => endTimes(token, one, facts)),
  ];
}
