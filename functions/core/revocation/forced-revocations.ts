import { isRetiring } from '../token/retirement.ts';
import { answered, exposes } from '../incidents/incidents.ts';
import { tooOldAt } from '../rotation/next-rotation.ts';
import { currentOf, holderOfCurrent, isUnderWay } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Incident } from '../token/incident.ts';
import type { Token } from '../token/token.ts';
import { HOUR, type Instant } from '../basics/time.ts';

/** A rotation at the highest age gets so long before the policy's order to revoke stands. */
export const AGE_PATIENCE = 2 * HOUR;

/** When the answer to an incident is late by the token's policy. */
export function containBy(token: Token, incident: Incident): Instant {
  return incident.reportedAt + token.policy.containmentDeadline;
}

/** What a policy, or the end of its token, orders of a current credential. */
export interface Order {
  readonly cause: 'incident' | 'max-age' | 'retirement';
  readonly incident?: string;
  /** From when on it stands. */
  readonly at: Instant;
}

/**
 * What the policy orders of the current credential although nothing has taken its place: it leaked and was
 * not replaced in time, or it is too old and cannot be replaced. Undefined unless the policy says `revoke` in
 * words, or a person ended the token. An order that lies ahead begins to stand by itself.
 */
export function forcedRevocationOf(token: Token, one: Credential): Order | undefined {
  if (one.state !== 'current') return undefined;
  if (token.ending && isRetiring(token)) return { cause: 'retirement', at: token.ending.askedAt };
  const { onContainmentDeadline, onMaxAge } = token.policy;
  const leak =
    onContainmentDeadline === 'revoke'
      ? answered(token).find((incident) => exposes(incident, one))
      : undefined;
  if (leak) return { cause: 'incident', incident: leak.id, at: containBy(token, leak) };
  const isBusy = token.attempts.some((attempt) => isUnderWay(attempt));
  return onMaxAge === 'revoke' && !isBusy
    ? { cause: 'max-age', at: tooOldAt(token) + AGE_PATIENCE }
    : undefined;
}

/** An order of the policy that stands now. */
export function standingForcedRevocation(token: Token, one: Credential, now: Instant): Order | undefined {
  const order = forcedRevocationOf(token, one);
  return order !== undefined && order.at <= now ? order : undefined;
}

/**
 * The credential that was current until it was revoked by order of the policy, while nothing has become
 * current since: the label AWSCURRENT still stands on it.
 */
export function currentEndedByForcedRevocation(token: Token): Credential | undefined {
  return currentOf(token) ? undefined : holderOfCurrent(token);
}
