import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import { attemptOf, currentOf, credentialOf } from './lookups.ts';
import { formatDuration, type Instant } from '../basics/time.ts';
import { moveAttempt } from './transitions.ts';
import { telling } from './telling.ts';

/**
 * Records that the version of an attempt is AWSCURRENT: its credential is current, the one before is in its
 * grace period. Recording it twice changes nothing.
 */
export function promoted(
  token: Token,
  attemptId: string,
  seen: { oldVersion: string | undefined; now: Instant; by: string; detail?: string },
): Token {
  const attempt = attemptOf(token, attemptId);
  if (!attempt || attempt.state === 'promoted' || attempt.state === 'aborted') return token;
  const mint = attempt.mints.findLast((one) => one.handle !== undefined && one.trial !== true);
  const made: Credential = {
    id: attemptId,
    versionId: attemptId,
    origin: 'minted',
    state: 'current',
    issuedAt: mint?.at,
    promotedAt: attempt.promotingAt ?? seen.now,
    handle: mint?.handle,
    ...(mint?.createdAt !== undefined && { createdAt: mint.createdAt }),
    fingerprint: mint?.fingerprint,
    expiresAt: mint?.expiresAt,
    ...(attempt.testedAt !== undefined && { probes: [attempt.testedAt] }),
    ...(mint?.reach && { reach: mint.reach }),
  };
  const ended = moveAttempt(token, attemptId, 'promote', { endedAt: seen.now, tidy: false });
  const inGrace = supersededBy(ended, made, seen);
  const {
    lastError: _error,
    lostMint: _lost,
    failedAt: _failedAt,
    rotateRequestedAt: _asked,
    refusedSince: _refused,
    unusable: _unusable,
    withdrawn: _withdrawn,
    adminLeakedAt: _leaked,
    ...rest
  } = inGrace;
  const revived =
    token.refusedSince !== undefined && (attempt.cause === 'inactive' || attempt.cause === 'retry')
      ? { revivedAt: seen.now }
      : {};
  const moved = { from: seen.oldVersion ?? currentOf(token)?.versionId, to: attemptId, at: seen.now };
  const healthy: Token = {
    ...rest,
    ...revived,
    moved,
    failures: 0,
    activeAt: seen.now,
    validity: { at: seen.now, outcome: 'active' },
  };
  return telling(healthy, {
    what: 'rotated',
    about: attemptId,
    detail: (seen.detail ?? `version ${attemptId} is current`) + gapText(currentOf(token), seen.now),
    by: seen.by,
    at: seen.now,
  });
}

/** How long consumers had nothing that worked, where the creation ended what they had. */
function gapText(before: Credential | undefined, now: Instant): string {
  if (before?.replacing === undefined) return '';
  return `; the value before it had ended ${formatDuration(now - before.replacing.at)} earlier`;
}

/** The creation of its successor ended it: no call is left to make, and its value shows whether it did. */
function endedBy(one: Credential, at: Instant): Credential {
  return {
    ...one,
    state: 'revoking',
    revocationBegunAt: at,
    endingSince: one.endingSince ?? at,
    revokedAt: at,
    reason: 'the creation of the next value ended it',
  };
}

function supersededBy(
  token: Token,
  made: Credential,
  seen: { oldVersion: string | undefined; now: Instant },
): Token {
  const known = token.credentials.filter((one) => one.id !== made.id);
  const stepped = known.map((one): Credential => {
    if (one.state !== 'current') return one;
    const old = { ...one, supersededAt: seen.now };
    return one.replacing === undefined ? { ...old, state: 'previous' } : endedBy(old, one.replacing.at);
  });
  const old = seen.oldVersion;
  const unknown = old !== undefined && old !== made.id && !credentialOf(token, old);
  const adopted: Credential[] = unknown
    ? [{ id: old, versionId: old, origin: 'adopted', state: 'previous', supersededAt: seen.now }]
    : [];
  return { ...token, credentials: [...stepped, ...adopted, made] };
}
