import { OVERDUE_AFTER, assessStatus, overAgeAt, statusTimes } from './assess-status.ts';
import { assessDeliveries, assessCredentials, credentialTimes } from './assess-credentials.ts';
import { assessIncidents, incidentTimes } from './assess-incidents.ts';
import { assessWaits, waitTimes } from './assess-waits.ts';
import { behindBy, clockTimes, knownClock } from '../issuer/issuer-clock.ts';
import { driftOf } from '../validity/scope-drift.ts';
import { isRetiring } from '../token/retirement.ts';
import type { EndFacts } from '../validity/expiry.ts';
import type { FindingKind, Observation, Outlook, Severity } from '../findings/findings.ts';
import { isWithdrawalStuck } from '../rotation/health-signals.ts';
import { standing } from '../findings/reported-findings.ts';
import { currentEndedByForcedRevocation } from '../revocation/forced-revocations.ts';
import type { ProviderDescriptor } from '../issuer/provider.ts';
import { NEXT_WINDOW, endOfWaiting, upstreamHold, startOf, type Wish } from '../rotation/deferral.ts';
import { assessReplicas, replicaTimes } from '../revocation/replica-waits.ts';
import { limitText, longestAgeAt, reviveAt, rotationWish, slotsLeft } from '../rotation/next-rotation.ts';
import { currentOf, openAttempt } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { DAY, HOUR, formatInstant, type Instant } from '../basics/time.ts';
import { tracked } from '../findings/finding-lifecycle.ts';

/** What the assessment needs to know of a provider. */
export type Facts = Pick<ProviderDescriptor, 'slots' | 'lastUsedEvery' | 'revokeLag'> & EndFacts;

/** An attempt is called stuck this long after its deadline. */
export const STUCK_AFTER = HOUR;
/** With less than this left before expiry a failure to rotate is critical. */
export const CRITICAL_LEFT = 7 * DAY;

/** Everything that is wrong with a token now; what is not in the answer is not wrong. Pure. */
export function assess(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  if (token.detachedAt !== undefined) return assessDeletion(token);
  if (isRetiring(token)) return assessRetirement(token, now);
  const found = [
    ...assessSecret(token, now),
    ...assessRotation(token, facts, now),
    ...assessHold(token, now),
    ...assessIncidents(token, now),
    ...assessCredentials(token, now, facts),
    ...assessWaits(token, now),
  ];
  found.push(...assessReplicas(token, now), ...assessStatus(token, now));
  const explained = found.some(
    (one) =>
      one.kind === 'rotation-failed' ||
      one.kind === 'secret-unusable' ||
      one.kind === 'secret-deleted' ||
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

function assessSecret(token: Token, now: Instant): Observation[] {
  const found = assessDeletion(token);
  if (token.unusable !== undefined && found.length === 0 && !hasFailed(token))
    found.push({ kind: 'secret-unusable', severity: severityByExpiry(token, now), detail: token.unusable });
  const drift = driftOf(token);
  if (drift !== undefined) found.push({ kind: 'scope-drift', severity: 'warning', detail: drift });
  if (token.refusedSince !== undefined)
    found.push({
      kind: 'token-inactive',
      severity: 'critical',
      detail: deadDetail(token, token.refusedSince),
    });
  const ended = currentEndedByForcedRevocation(token);
  if (ended)
    found.push({
      kind: 'token-inactive',
      severity: 'critical',
      detail: `It was revoked as its policy orders: ${ended.reason ?? 'it could not be replaced in time'}.`,
    });
  if (token.adminLeakedAt !== undefined)
    found.push({
      kind: 'issuing-credential-leaked',
      severity: 'critical',
      detail: `The admin credential that this token is made with was out ${formatInstant(token.adminLeakedAt)}; the token is replaced.`,
    });
  return [...found, ...assessHealth(token, now)];
}

/** What a health signal led to, until the next promotion. */
function assessHealth(token: Token, now: Instant): Observation[] {
  const { withdrawn } = token;
  if (withdrawn === undefined || token.credentials.some((one) => one.state === 'rolling-back')) return [];
  const signal = `${withdrawn.signal} fired ${formatInstant(withdrawn.firedAt)}, soon after the version ${withdrawn.credentialId} had become current`;
  if (isWithdrawalStuck(token))
    return [
      {
        kind: 'rollback-failed',
        severity: 'critical',
        detail: `${signal}; the credential before can not be made current again.`,
      },
    ];
  return [
    {
      kind: 'rotation-rolled-back',
      severity: severityByExpiry(token, now),
      detail: `${signal}; the version ${currentOf(token)?.id ?? 'before'} is current again.`,
    },
  ];
}

/** A deleted secret breaks its consumers at once. What is still active of it can be neither read nor rotated. Only a person's order can end it. */
function assessDeletion(token: Token): Observation[] {
  const left = liveCredentials(token);
  // Who detached it was told what is still active. Nothing is looked at since, so it would be true no more.
  if (token.deletion === undefined || left.length === 0 || isLetGo(token)) return [];
  const { at, gone } = token.deletion;
  const fate = gone
    ? `The secret is gone since ${formatInstant(at)}`
    : `The secret is scheduled for deletion and will be gone ${formatInstant(at)}`;
  return [
    { kind: 'secret-deleted', severity: 'critical', detail: `${[fate, ...leftText(left)].join('; ')}.` },
  ];
}

function isLetGo({ ending }: Token): boolean {
  return ending?.kind === 'detach' && ending.endedAt !== undefined;
}

/** What one look does not show, the next one may. What two do not show stays unknown. */
function leftText(left: readonly Credential[]): string[] {
  const isLost = ({ unseen }: Credential): boolean => unseen !== undefined && unseen.last > unseen.since;
  const named = (some: readonly Credential[]): string => some.map((one) => one.handle ?? one.id).join(', ');
  const [alive, lost] = [left.filter((one) => !isLost(one)), left.filter(isLost)];
  const lives = alive.length === 0 ? [] : [`still active at the issuer: ${named(alive)}`];
  return lost.length === 0
    ? lives
    : [
        ...lives,
        `it is unknown whether these are active, since their values cannot be read any more and the issuer does not show them: ${named(lost)}`,
      ];
}

function deadDetail(token: Token, since: Instant): string {
  const told = `The issuer refuses the current value since ${formatInstant(since)}.`;
  const revive = reviveAt(token);
  if (revive === undefined || revive <= since) return told;
  return `${told} Keyturn replaced an inactive one at ${formatInstant(token.revivedAt ?? 0)}, so it replaces the next one at ${formatInstant(revive)} at the earliest.`;
}

/** Critical once the current credential is about to expire, a warning before. */
function severityByExpiry(token: Token, now: Instant): Severity {
  return now >= criticalAt(token) ? 'critical' : 'warning';
}

/** Where the issuer tells no expiry, the policy's longest age stands for it, and nothing breaks then: it is as critical as the policy says. */
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
  'secret-unusable',
]);

/** What comes next if no person acts. Undefined where time alone changes nothing. */
function outlookOf(token: Token, { kind, severity }: Observation, now: Instant): Outlook | undefined {
  if (!BY_EXPIRY.has(kind) || isRetiring(token)) return undefined;
  const expiresAt = currentOf(token)?.expiresAt;
  if (severity !== 'critical')
    return Number.isFinite(criticalAt(token)) ? { at: criticalAt(token), becomes: 'critical' } : undefined;
  return expiresAt !== undefined && expiresAt > now ? { at: expiresAt, becomes: 'expired' } : undefined;
}

/** Which of the policy's warnings before the end are due, of a kind that weighs more the less time is left; each of them is told. */
function warningsOf(token: Token, { kind }: Observation, now: Instant): number | undefined {
  return BY_EXPIRY.has(kind) && !isRetiring(token)
    ? token.policy.warnBefore.filter((before) => now >= assumedExpiry(token) - before).length
    : undefined;
}

function assumedExpiry(token: Token): Instant {
  return currentOf(token)?.expiresAt ?? longestAgeAt(token);
}

/** One failure that passes by itself is no news; one that does not, or a second one, is. It also stands for what makes the secret unusable: one cause, one finding. */
function hasFailed(token: Token): boolean {
  return token.failures >= 2 || (token.failures >= 1 && token.lastError?.lasting === true);
}

/** Then another finding says why no rotation can begin. */
function isSwitchedOff(token: Token): boolean {
  return (
    token.lastError?.code === 'rotation-disabled' &&
    token.noted.some((one) => one.kind === 'rotation-disabled')
  );
}

function assessStuck(token: Token, now: Instant): Observation[] {
  const attempt = openAttempt(token);
  if (!attempt || now < attempt.deadline + STUCK_AFTER) return [];
  return [
    {
      kind: 'rotation-stuck',
      severity: severityByExpiry(token, now),
      detail: `The rotation ${attempt.id} should have ended by ${formatInstant(attempt.deadline)}.`,
    },
  ];
}

function assessRotation(token: Token, facts: Facts | undefined, now: Instant): Observation[] {
  const found = assessStuck(token, now);
  const attempt = openAttempt(token);
  if (hasFailed(token) && !isSwitchedOff(token))
    found.push({
      kind: 'rotation-failed',
      severity: severityByExpiry(token, now),
      detail: token.lastError?.message ?? 'The last rotations were aborted.',
    });
  const wish = rotationWish(token);
  if (!attempt && facts && wish && now >= lateAt(token, wish) && slotsLeft(token, facts, now) <= 0)
    found.push({
      kind: 'credential-limit-reached',
      severity: severityByExpiry(token, now),
      detail: `A rotation is due since ${formatInstant(wish.at)} and waits: ${limitText(facts)}.`,
    });
  return found;
}

/** Warns of an expiry only when the rotation that should have prevented it is late, and no other finding says why. */
function assessExpiry(token: Token, explained: boolean, now: Instant): Observation[] {
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

/** A rotation that could not happen gets its time from when it can, and one that has to wait from its turn. */
function lateAt(token: Token, wish: Wish): Instant {
  return Math.max(startOf(token, wish, wish.at).at, token.usableSince ?? 0) + OVERDUE_AFTER;
}

/** Whoever owns a token that will wait for a day or longer should know; at once, and with more weight, where it waits for a token that is in trouble. */
const TELL_OF_WAITING = DAY;

function assessHold(token: Token, now: Instant): Observation[] {
  const wish = rotationWish(token);
  const start = wish && startOf(token, wish, wish.at);
  if (!wish || start?.waitsFor === undefined || now < wish.at || now >= start.at) return [];
  const { trouble } = upstreamHold(token);
  // What it waits for may be over already, which it sees at its next look.
  const isSoon = now < wish.at + OVERDUE_AFTER || start.at - wish.at < TELL_OF_WAITING;
  if (trouble === undefined && (start.waitsFor === NEXT_WINDOW || isSoon)) return [];
  const until = `until ${formatInstant(start.at)}${start.at === endOfWaiting(token) ? ' at most' : ''}`;
  const detail = `Its rotation is due since ${formatInstant(wish.at)} and waits for ${start.waitsFor}, ${until}${trouble === undefined ? '.' : `: ${trouble}`}`;
  return [{ kind: 'rotation-deferred', severity: trouble === undefined ? 'info' : 'warning', detail }];
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

/** Holds what is wrong now against what was known: opens, escalates, resolves, and puts a fact for each step into the outbox. */
export function withFindings(token: Token, facts: Facts | undefined, now: Instant): Token {
  const seen = assess(token, facts, now).map((one) => ({
    ...one,
    warnings: one.warnings ?? warningsOf(token, one, now),
    outlook: one.outlook ?? outlookOf(token, one, now),
  }));
  return tracked(token, token, seen, now);
}
