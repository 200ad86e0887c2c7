import { driftOf } from '../validity/scope-drift.ts';
import type { Observation } from '../findings/findings.ts';
import { isWithdrawalStuck } from '../rotation/health-signals.ts';
import { currentEndedByForcedRevocation } from '../revocation/forced-revocations.ts';
import { reviveAt } from '../rotation/next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import { stillActive } from '../token/retirement.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { formatInstant, type Instant } from '../basics/time.ts';
import { severityByExpiry } from './time-left.ts';
import { hasFailed } from './assess-rotation.ts';

export function assessSecret(token: Token, now: Instant): Observation[] {
  const found = assessDeletion(token);
  if (token.unusable !== undefined && found.length === 0 && !hasFailed(token))
    found.push({ kind: 'secret-unusable', severity: severityByExpiry(token, now), detail: token.unusable });
  const drift = driftOf(token);
  if (drift !== undefined) found.push({ kind: 'scope-drift', severity: 'warning', detail: drift });
  if (token.refusedSince !== undefined)
    found.push({
      kind: 'token-inactive',
      severity: 'critical',
      detail: inactiveDetail(token, token.refusedSince),
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
      detail:
        'The admin credential that this token is made with had leaked by ' +
        `${formatInstant(token.adminLeakedAt)}; the token is replaced.`,
    });
  return [...found, ...assessHealth(token, now)];
}

/** What a health signal led to, until the next promotion. */
function assessHealth(token: Token, now: Instant): Observation[] {
  const { withdrawn } = token;
  if (withdrawn === undefined || token.credentials.some((one) => one.state === 'rolling-back')) return [];
  const signal =
    `${withdrawn.signal} fired ${formatInstant(withdrawn.firedAt)}, soon after the version ` +
    `${withdrawn.credentialId} had become current`;
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

/**
 * A deleted secret breaks its consumers at once. What is still active of it can be neither read nor rotated.
 * Only a person's order can end it.
 */
export function assessDeletion(token: Token): Observation[] {
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
  const named = (some: readonly Credential[]): string[] => some.map((one) => one.handle ?? one.id);
  const told = stillActive(named(left.filter((one) => !isLost(one))));
  const lost = named(left.filter(isLost));
  if (lost.length === 0) return told;
  return [
    ...told,
    'it is unknown whether these are active, since their values cannot be read any more and the ' +
      `issuer does not show them: ${lost.join(', ')}`,
  ];
}

function inactiveDetail(token: Token, since: Instant): string {
  const told = `The issuer refuses the current value since ${formatInstant(since)}.`;
  const revive = reviveAt(token);
  if (revive === undefined || revive <= since) return told;
  return (
    `${told} Keyturn replaced an inactive one at ${formatInstant(token.revivedAt ?? 0)}, so it replaces ` +
    `the next one at ${formatInstant(revive)} at the earliest.`
  );
}
