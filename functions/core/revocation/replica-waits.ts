import type { Observation } from '../findings/findings.ts';
import {
  heldBy,
  replicaSubject,
  replicaText,
  replicasNow,
  type Replica,
  type ReplicaState,
} from '../token/replicas.ts';
import type { Permits } from './permits.ts';
import { HOUR, formatInstant, type Instant, type Millis } from '../basics/time.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { isUnused, urgencyOf } from './urgency.ts';

/** Copying is reported when it takes longer than this; a copy that failed, or is gone, at once. */
const COPIED_WITHIN: Millis = HOUR;

/** Takes over how the copies are; the same record if nothing changed. */
export function withReplicas(token: Token, shown: readonly ReplicaState[], now: Instant): Token {
  const known = token.replicas ?? [];
  const replicas = replicasNow(known, shown, now);
  const isSame = replicas.length === known.length && replicas.every((one, index) => one === known[index]);
  return isSame ? token : { ...token, replicas };
}

/**
 * Whether the end of a credential waits for copies. What no consumer ever had does not, nor does an
 * emergency.
 */
export function waitsForReplicas(token: Token, one: Credential, permits: Permits): boolean {
  return !isUnused(one, permits) && urgencyOf(token, one, permits) === undefined;
}

/** When a copy that is still being made is reported. */
function tellAt(one: Replica): Instant {
  return one.status === 'InProgress' ? one.since + COPIED_WITHIN : one.since;
}

/** Copies that hold what should be revoked, with what helps. */
export function assessReplicas(token: Token, now: Instant): Observation[] {
  const told = heldBy(token.replicas ?? []).filter((one) => now >= tellAt(one));
  return told.map((one) => ({
    kind: 'replica-out-of-sync',
    subject: replicaSubject(one.region),
    severity: 'warning',
    detail:
      `${replicaText(one)} since ${formatInstant(one.since)}; no old credential is revoked before it ` +
      `has, unless \`keyturn dismiss\` says that no consumer there needs one.`,
  }));
}

/** Moments at which this changes by itself. */
export function replicaTimes(token: Token): Instant[] {
  return heldBy(token.replicas ?? []).map(tellAt);
}

/** A person said of copies, by their subjects, that nothing has to wait for them as they are. */
export function withReplicasAccepted(
  token: Token,
  subjects: readonly string[],
  how: { by: string; at: Instant },
): Token {
  if (!token.replicas || subjects.length === 0) return token;
  return {
    ...token,
    replicas: token.replicas.map((one) =>
      subjects.includes(replicaSubject(one.region)) ? { ...one, accepted: { at: how.at, by: how.by } } : one,
    ),
  };
}
