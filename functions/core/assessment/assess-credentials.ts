import { isOnWayToEnd } from '../revocation/claims.ts';
import { isUnverified, wasCutOff, type EndFacts } from '../validity/expiry.ts';
import { assessEnd, endTimes } from './assess-end.ts';
import { graceEnds } from '../rotation/next-rotation.ts';
import { REVOKE_WITHIN } from '../policy/timing.ts';
import { PROOF_WITHIN } from '../delivery/deliveries.ts';
import { isKept, wasSetAside } from '../token/kept-versions.ts';
import { pendingConsumerText } from '../delivery/evidence.ts';
import { revocationDueAt } from '../token/disabled.ts';
import { isRetiring } from '../token/retirement.ts';
import type { Observation, Severity } from '../findings/findings.ts';
import { isExposed } from '../token/exposure.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { formatDuration, formatInstant, type Instant } from '../basics/time.ts';

/**
 * What is wrong with the credentials of a token: those that should be revoked and are not, and those that
 * belong to no token.
 */
export function assessCredentials(token: Token, now: Instant, facts?: EndFacts): Observation[] {
  return token.credentials.flatMap((one) => [
    ...assessCredential(token, one, facts, now),
    ...assessEnd(token, one, { facts, graceEnds: graceEnds(token, one) }, now),
  ]);
}

function assessCredential(
  token: Token,
  one: Credential,
  facts: EndFacts | undefined,
  now: Instant,
): Observation[] {
  const subject = one.handle ?? one.id;
  const found: Observation[] = [];
  const isLate = isPastGrace(token, one, facts, now);
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
      severity: severityOf(token, one, one.problem.kind),
      detail: one.problem.detail,
    });
  const isExpired = isUnverified(token, one, facts, now) && !isKept(one);
  if (isStuck(token, one, isExpired, now))
    found.push({
      kind: 'revocation-blocked',
      subject,
      severity: 'critical',
      detail: isExpired ? unverifiedDetail(token, one) : stuckDetail(token, one),
    });
  if (one.origin === 'found')
    found.push({
      kind: 'credential-orphaned',
      subject,
      severity: 'warning',
      detail: `The issuer listed the credential ${subject} as active, and no secret names it.`,
    });
  if (isKept(one) && (isLate || isHeldOn(token, one, now) || wasSetAside(one)))
    found.push({ kind: 'version-kept', subject: one.id, severity: 'warning', detail: keptDetail(one) });
  return found;
}

/** What only a person can revoke is asked for; one that leaked works for whoever has it until they do. */
function severityOf(
  token: Token,
  one: Credential,
  kind: NonNullable<Credential['problem']>['kind'],
): Severity {
  if (kind === 'credential-unmanaged') return 'warning';
  return kind === 'revocation-due' && !isExposed(token, one) ? 'warning' : 'critical';
}

/**
 * Kept for its consumers past the maximum grace period. That it then expired does not mean that they moved.
 */
function isPastGrace(token: Token, one: Credential, facts: EndFacts | undefined, now: Instant): boolean {
  if (one.state === 'previous' && !isUnverified(token, one, facts, now)) return isHeldOn(token, one, now);
  return (wasCutOff(token, one, facts, now) ?? -Infinity) >= mostGraceEnds(token, one);
}

/** Not on its way to its end although its maximum grace period is over. */
function isHeldOn(token: Token, one: Credential, now: Instant): boolean {
  return one.state === 'previous' && now >= mostGraceEnds(token, one);
}

function mostGraceEnds(token: Token, one: Credential): Instant {
  return (one.supersededAt ?? token.enrolledAt) + token.policy.maxGrace;
}

/**
 * Its revocation began long ago, or it expired, and its end is neither verified nor explained. The issuer is
 * down, or the revocation guard keeps refusing.
 */
function isStuck(token: Token, one: Credential, isExpired: boolean, now: Instant): boolean {
  // Of a secret that is scheduled for deletion nothing is revoked unasked: `secret-deleted` names what may be
  // active.
  if (token.deletion !== undefined && !isRetiring(token)) return false;
  // Revoked, and gone from lists: only the stronger proof is still waited for.
  if (one.revokedAt !== undefined && one.absent !== undefined) return false;
  if (one.problem !== undefined) return false;
  return isExpired || (isEnding(token, one) && now >= revocationDueAt(token, one) + REVOKE_WITHIN);
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

const NOT_ASKED = 'the issuer or Secrets Manager could not be asked';

function stuckDetail(token: Token, one: Credential): string {
  return (
    `The credential ${one.handle ?? one.id} should have been revoked at ` +
    `${formatInstant(revocationDueAt(token, one))}: ${clause(one.verdict ?? NOT_ASKED)}.`
  );
}

/** A date alone proves nothing: at some issuers it can be moved. */
function unverifiedDetail(token: Token, one: Credential): string {
  return (
    `The credential ${one.handle ?? one.id} expired ${formatInstant(one.expiresAt ?? token.enrolledAt)}, ` +
    `and that its issuer rejects it is not verified: ${clause(one.verdict ?? token.unusable ?? NOT_ASKED)}.`
  );
}

function clause(sentence: string): string {
  return sentence.replace(/\.$/, '');
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

/** Moments at which this changes by itself. */
export function credentialTimes(token: Token, facts?: EndFacts): Instant[] {
  const graces = token.credentials.flatMap((one) =>
    one.state === 'previous' ? [mostGraceEnds(token, one)] : [],
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
