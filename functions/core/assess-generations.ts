import { isDying } from './claims.ts';
import { assessEnd, endTimes, wasCutOff, type EndFacts } from './expiry.ts';
import { graceEnds } from './schedule.ts';
import { consumerText } from './delivery/consumers.ts';
import { PROOF_WITHIN, errandOf } from './delivery/deliveries.ts';
import { isKept, wasSetAside } from './kept.ts';
import { laggardText } from './delivery/evidence.ts';
import { isRetiring } from './ending.ts';
import type { Observation } from './findings.ts';
import type { Generation, Token } from './token.ts';
import { HOUR, formatDuration, formatInstant, type Instant } from './time.ts';

/** A revoke that takes longer than this is told of. */
export const REVOKE_WITHIN = 6 * HOUR;

/** What is wrong with the credentials of a token: those that should die and do not, and those that are nobody's. */
export function assessGenerations(token: Token, now: Instant, facts?: EndFacts): Observation[] {
  return token.generations.flatMap((one) => [
    ...assessGeneration(token, one, now),
    ...assessEnd(token, one, { facts, graceEnds: graceEnds(token, one) }, now),
  ]);
}

function assessGeneration(token: Token, one: Generation, now: Instant): Observation[] {
  const subject = one.handle ?? one.id;
  const found: Observation[] = [];
  const isLate = isPastGrace(token, one, now);
  if (isLate && one.problem === undefined && one.kept === undefined)
    found.push({ kind: 'laggards', subject, severity: 'critical', detail: laggardDetail(token, one) });
  if (one.state === 'dead') return found;
  if (one.problem)
    found.push({
      kind: one.problem.kind,
      subject,
      severity: one.problem.kind === 'unmanaged' ? 'warning' : 'critical',
      detail: one.problem.detail,
    });
  if (isStuck(token, one, now))
    found.push({ kind: 'revoke-refused', subject, severity: 'critical', detail: stuckDetail(token, one) });
  if (one.origin === 'found')
    found.push({
      kind: 'stray',
      subject,
      severity: 'warning',
      detail: `The credential ${subject} is live and no secret names it.`,
    });
  if (isKept(one) && (isLate || wasSetAside(one)))
    found.push({ kind: 'version-kept', subject: one.id, severity: 'warning', detail: keptDetail(one) });
  return found;
}

/** Held for its consumers past its most grace; that it then ended by itself does not mean that they moved. */
function isPastGrace(token: Token, one: Generation, now: Instant): boolean {
  const until = (one.supersededAt ?? token.enrolledAt) + token.policy.graceMost;
  return one.state === 'previous' ? now >= until : (wasCutOff(one, now) ?? -Infinity) >= until;
}

/** Claimed for its end long ago and neither dead nor explained: the issuer is down, or the gate keeps saying no. */
function isStuck(token: Token, one: Generation, now: Instant): boolean {
  // Revoked, and gone from lists: only the stronger proof is still waited for.
  if (one.revokedAt !== undefined && one.absent !== undefined) return false;
  return isEnding(token, one) && one.problem === undefined && now >= endingSince(token, one) + REVOKE_WITHIN;
}

/** On its way to its end, or it was until another act needed it; of a token that a person ended, the current one too. */
function isEnding(token: Token, one: Generation): boolean {
  if (isDying(one) || (one.state === 'current' && isRetiring(token))) return true;
  return (
    one.state === 'previous' &&
    !isKept(one) &&
    (one.endingSince ?? one.claimedAt) !== undefined &&
    (one.condemned === true || one.givenUp === true)
  );
}

function endingSince(token: Token, one: Generation): Instant {
  return one.endingSince ?? one.claimedAt ?? token.ending?.askedAt ?? token.enrolledAt;
}

function stuckDetail(token: Token, one: Generation): string {
  const why = one.verdict ?? 'the issuer or Secrets Manager could not be asked';
  return `The credential ${one.handle ?? one.id} should be dead since ${formatInstant(endingSince(token, one))}: ${why.replace(/\.$/, '')}.`;
}

function keptDetail(one: Generation): string {
  const label = one.kept?.label ?? '';
  if (!wasSetAside(one))
    return `The grace of the old credential ${one.handle ?? one.id} is over, and it lives on, since its version ${one.id} carries the label ${label}: remove the label once nobody needs it.`;
  return `Somebody staged the version ${one.id} as AWSPENDING, and no rotation uses a value that it did not make: it was set aside under the label ${label}, its credential lives, and rotation goes on. To use it, move AWSCURRENT to it; to end it, run \`keyturn revoke\`; to keep it out of Keyturn as it is, remove the label.`;
}

function laggardDetail(token: Token, one: Generation): string {
  const head = `The old credential ${one.handle ?? one.id} is past its most grace of ${formatDuration(token.policy.graceMost)}`;
  if (one.laggards && one.laggards.length > 0) return `${head}. ${one.laggards.map(laggardText).join('; ')}.`;
  return `${head} and ${one.lastUsedAt === undefined ? 'its last use is not known' : `it was last used ${formatInstant(one.lastUsedAt)}`}.`;
}

/** A consumer that does not get the new value is in no danger while the old one lives, and the old one lives until it has it. */
export function assessDeliveries(token: Token, now: Instant): Observation[] {
  return (token.consumers ?? []).flatMap((consumer): Observation[] => {
    const delivery = errandOf(token, consumer)?.delivery;
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
        detail: `The consumer ${consumer.name} (${consumerText(consumer)}) has not got version ${delivery.generationId}: ${why}`,
      },
    ];
  });
}

/** Moments at which this changes by itself. */
export function generationTimes(token: Token, facts?: EndFacts): Instant[] {
  const graces = token.generations.flatMap((one) =>
    one.state === 'previous' ? [(one.supersededAt ?? token.enrolledAt) + token.policy.graceMost] : [],
  );
  const claims = token.generations.flatMap((one) =>
    isEnding(token, one) ? [endingSince(token, one) + REVOKE_WITHIN] : [],
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
    ...token.generations.flatMap((one) => endTimes(token, one, facts)),
  ];
}
