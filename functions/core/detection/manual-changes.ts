import { isSameCredential } from '../token/twins.ts';
import { withCredential } from '../token/transitions.ts';
import { noting, unnoted } from '../findings/reported-findings.ts';
import { DAY, formatInstant, type Instant } from '../basics/time.ts';
import { currentOf, credentialOf } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import { STAYS } from './anomaly.ts';

/** What a trail told lately, with the name of who did it, says more than what is concluded here. */
const TOLD = DAY;

/**
 * Notes a current version that no rotation and no rollback made current. A value under Keyturn's own seal is
 * its own, as after a table was restored; the same credential stored again, as when a person changed another
 * field, is no other value.
 */
export function notingHand(before: Token, after: Token, now: Instant): Token {
  const was = currentOf(before);
  const is = currentOf(after);
  if (!was || !is || was.id === is.id || isSameCredential(was, is)) return after;
  const shown = credentialOf(before, is.id);
  const known = shown?.shownCurrent === true ? undefined : shown;
  if (known ? known.state === 'rolling-back' : is.origin === 'minted') return after;
  if (
    after.noted.some(
      (one) => one.kind === 'out-of-band-change' && one.subject === 'value' && now - one.seenAt < TOLD,
    )
  )
    return after;
  const how = known ? 'the label AWSCURRENT was moved to' : 'a person or a program stored';
  const detail =
    `No rotation did it, but ${how} the version ${is.id}, as was seen at ${formatInstant(now)}; ` +
    `${was.id} was expected to be current.`;
  return noting(
    after,
    { kind: 'out-of-band-change', subject: 'value', severity: 'warning', detail },
    { now, until: now + STAYS.change },
  );
}

/**
 * Somebody took the value away: nothing is current, as in a secret that never had one, so that a new
 * credential is made at once. What was current has the grace of an old one.
 */
export function withoutValue(token: Token, versionId: string, now: Instant): Token {
  const was = currentOf(token);
  if (!was) return token;
  const detail =
    `No rotation did it, but a person or a program stored the version ${versionId}, which holds no ` +
    `value, as was seen at ${formatInstant(now)}; ${was.id} was expected to be current. A new credential ` +
    'is made.';
  const without = withCredential(token, was.id, (one) => ({ ...one, state: 'previous', supersededAt: now }));
  return noting(
    { ...without, refusedSince: undefined },
    { kind: 'out-of-band-change', subject: 'value', severity: 'warning', detail },
    { now, until: now + STAYS.change },
  );
}

/** Whether a secret is rotated, and by whom, as Secrets Manager describes it. */
export interface RotationSeen {
  readonly isOn: boolean;
  /** The name of a function that is not the one of Keyturn. */
  readonly foreign: string | undefined;
}

/** Notes that rotation is off or goes elsewhere, and takes it back once it is as it should be. */
export function notingRotation(token: Token, seen: RotationSeen, now: Instant): Token {
  if (seen.isOn && seen.foreign === undefined) return unnoted(token, 'rotation-disabled');
  if (token.noted.some((one) => one.kind === 'rotation-disabled')) return token;
  const detail = seen.isOn
    ? `Its rotation goes to ${seen.foreign ?? 'another function'}, which is not Keyturn's.`
    : 'Its rotation is switched off, or it has no rotation function.';
  return noting(
    token,
    { kind: 'rotation-disabled', severity: seen.isOn ? 'critical' : 'warning', detail },
    { now },
  );
}
