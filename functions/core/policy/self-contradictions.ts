import { longestClosed } from '../basics/calendar.ts';
import { mayWait } from './lifetime-limits.ts';
import { type Policy, calendarOf } from './policy.ts';
import { DAY, HOUR, formatDuration as text } from '../basics/time.ts';

/** A shorter interval would be one rotation a sweep, for ever. */
const SHORTEST_INTERVAL = HOUR;

/** What leaked could be enabled at its issuer for as long. */
const LONGEST_DISABLED = 30 * DAY;

/** The first contradiction in a policy as one sentence, or undefined. */
export function contradictionIn(policy: Policy): string | undefined {
  return (
    contradictionOfLives(policy) ??
    contradictionOfGrace(policy) ??
    contradictionOfLeaks(policy) ??
    contradictionOfCalendar(policy)
  );
}

function contradictionOfLeaks({ disableWait }: Policy): string | undefined {
  return disableWait > LONGEST_DISABLED
    ? `disableWait ${text(disableWait)} is longer than ${text(LONGEST_DISABLED)}: what leaked could be ` +
        `enabled at its issuer all the while, write ${text(LONGEST_DISABLED)} or less.`
    : undefined;
}

function contradictionOfLives(policy: Policy): string | undefined {
  if (policy.rotateEvery > policy.maxAge)
    return (
      `rotateEvery ${text(policy.rotateEvery)} is longer than maxAge ${text(policy.maxAge)}: shorten ` +
      'rotateEvery or raise maxAge.'
    );
  if (policy.rotateEvery < SHORTEST_INTERVAL)
    return (
      `rotateEvery ${text(policy.rotateEvery)} is shorter than ${text(SHORTEST_INTERVAL)}: write 1h or ` +
      'more.'
    );
  if (policy.jitter >= policy.rotateEvery)
    return (
      `jitter ${text(policy.jitter)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: ` +
      'rotations would come at any time, shorten jitter.'
    );
  if (policy.maxLifetime !== undefined && policy.maxLifetime <= policy.rotateEvery)
    return (
      `maxLifetime ${text(policy.maxLifetime)} is not longer than rotateEvery ` +
      `${text(policy.rotateEvery)}: credentials would expire before they are replaced, raise maxLifetime ` +
      'or shorten rotateEvery.'
    );
  if (policy.maxLifetime !== undefined && policy.maxLifetime > policy.maxAge)
    return (
      `maxLifetime ${text(policy.maxLifetime)} is longer than maxAge ${text(policy.maxAge)}: shorten ` +
      'maxLifetime or raise maxAge.'
    );
  if (policy.rotateAfter !== undefined && policy.soakTime >= policy.maxAge)
    return (
      `soakTime ${text(policy.soakTime)} is not shorter than maxAge ${text(policy.maxAge)}: the token ` +
      'would never get its turn in time, shorten soakTime.'
    );
  return undefined;
}

function contradictionOfGrace(policy: Policy): string | undefined {
  if (policy.minGrace > policy.maxGrace)
    return (
      `minGrace ${text(policy.minGrace)} is longer than maxGrace ${text(policy.maxGrace)}: shorten ` +
      'minGrace or raise maxGrace.'
    );
  if (policy.cacheTtl > policy.maxGrace)
    return (
      `cacheTtl ${text(policy.cacheTtl)} is longer than maxGrace ${text(policy.maxGrace)}: the old ` +
      'credential would be revoked while consumers still hold it, raise maxGrace.'
    );
  if (policy.minGrace >= policy.rotateEvery)
    return (
      `minGrace ${text(policy.minGrace)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: ` +
      'old credentials would pile up, shorten minGrace.'
    );
  if (policy.healthSignals.length > 0 && policy.bakeTime > policy.maxGrace)
    return (
      `bakeTime ${text(policy.bakeTime)} is longer than maxGrace ${text(policy.maxGrace)}: the ` +
      'credential to go back to would be gone, shorten bakeTime or raise maxGrace.'
    );
  return undefined;
}

/**
 * A credential that could never be replaced within its life would have to break its windows and freezes each
 * time; so would one that is due when waiting is over, half of the lead before its end.
 */
function contradictionOfCalendar(policy: Policy): string | undefined {
  if (longestClosed(calendarOf(policy)) >= policy.maxAge)
    return (
      `rotationWindows and freezes leave no time to rotate within maxAge ${text(policy.maxAge)}: widen a ` +
      'window, shorten a freeze, or raise maxAge.'
    );
  if (
    mayWait(policy) &&
    policy.rotateBeforeExpiry >= policy.maxAge &&
    policy.rotateEvery >= policy.maxAge - policy.rotateBeforeExpiry / 2
  )
    return (
      `rotateBeforeExpiry ${text(policy.rotateBeforeExpiry)} is not shorter than maxAge ` +
      `${text(policy.maxAge)}: no rotation could ever wait for a window, a freeze or another token, ` +
      'shorten rotateBeforeExpiry.'
    );
  return undefined;
}
