import type { Mint } from './attempt.ts';
import { telling } from './telling.ts';
import { withAttempt, withCredential } from './transitions.ts';
import { placeText } from '../issuer/reach.ts';
import { isUnderWay } from './lookups.ts';
import { liveCredentials } from './known-credentials.ts';
import type { Ending } from './decisions.ts';
import type { Token } from './token.ts';
import type { Instant } from '../basics/time.ts';

/** A person wants Keyturn to end a token, or only to let go of it. */
export interface Farewell {
  readonly kind: Ending['kind'];
  readonly by: string;
  readonly now: Instant;
}

/** Being ended: nothing new is made for it, and every credential of it has to be revoked. */
export function isRetiring(token: Token): boolean {
  return token.ending?.kind === 'retire' && token.ending.endedAt === undefined;
}

/**
 * Ended or let go by a person: it comes back only when somebody switches the rotation of its secret on again.
 */
export function isEnded(token: Token): boolean {
  return token.ending?.endedAt !== undefined;
}

/**
 * Puts a person's wish on record, once. A retired token's running rotation is given up, and its old
 * credentials lose their grace.
 */
export function withFarewell(token: Token, wish: Farewell): Token {
  if (isEnded(token) || isRetiring(token)) return token;
  const { kind, by, now } = wish;
  const { rotateRequestedAt: _asked, ...rest } = token;
  const asked: Token = { ...rest, ending: { kind, askedAt: now, by } };
  const told = telling(asked, {
    what: 'requested',
    about: `${kind}/${now}`,
    detail: kind === 'retire' ? 'an end of the token' : 'to be detached',
    by,
    at: now,
  });
  return kind === 'retire' ? endingGrace({ ...told, detachedAt: undefined }, by) : told;
}

function endingGrace(token: Token, by: string): Token {
  const stopped = token.attempts
    .filter(isUnderWay)
    .reduce(
      (doing, one) => withAttempt(doing, one.id, (same) => ({ ...same, inactive: true, halted: true })),
      token,
    );
  return liveCredentials(stopped).reduce(
    (doing, one) =>
      withCredential(doing, one.id, (same) => ({
        ...same,
        withoutGrace: true,
        reason: `${by} ended the token`,
        lookAt: undefined,
      })),
    stopped,
  );
}

/**
 * A token is ended when nothing of it is active and nothing it may have made is unaccounted for; it is let go
 * at once.
 */
export function withEnd(token: Token, now: Instant): Token {
  const { ending } = token;
  if (!ending || ending.endedAt !== undefined) return token;
  if (ending.kind === 'retire' && !isSpent(token)) return token;
  const ended: Token = {
    ...token,
    ending: { ...ending, endedAt: now },
    detachedAt: now,
    refusedSince: undefined,
    unusable: undefined,
  };
  return telling(ended, {
    what: ending.kind === 'retire' ? 'retired' : 'detached',
    about: String(ending.askedAt),
    detail: detailOf(ended),
    by: ending.by,
    at: now,
  });
}

function isSpent(token: Token): boolean {
  return (
    liveCredentials(token).length === 0 &&
    token.suspects.length === 0 &&
    token.attempts.every((one) => !isUnderWay(one) && one.tidy === true)
  );
}

function detailOf(token: Token): string {
  const left = token.credentials
    .filter((one) => one.forgotten !== undefined)
    .map((one) => one.handle ?? one.id);
  if (token.ending?.kind === 'retire')
    return left.length === 0
      ? 'every credential of it is verified as inactive'
      : 'every credential of it is verified as inactive, but for what a person had forgotten: ' +
          left.join(', ');
  return leftBehind(token) ?? 'it had no credential';
}

/** Credentials that are left active, in words; nothing for none. */
export function stillActive(handles: readonly string[]): string[] {
  return handles.length === 0 ? [] : [`still active at the issuer: ${handles.join(', ')}`];
}

/**
 * What of a token stays active, or may, after Keyturn stops managing it, in words for its history. Undefined
 * for nothing.
 */
export function leftBehind(token: Token): string | undefined {
  const known = liveCredentials(token).map((one) => one.handle ?? one.id);
  const made = unaccounted(token).flatMap(({ handle }) =>
    handle === undefined || known.includes(handle) ? [] : [handle],
  );
  const active = [...known, ...made];
  const words = [...stillActive(active), ...lostText(token)];
  return words.length === 0 ? undefined : words.join('; ');
}

/** What rotations made, or may have made, that is not accounted for yet. */
function unaccounted(token: Token): Mint[] {
  return token.attempts.flatMap((one) => (one.tidy === true ? [] : one.mints));
}

/** Of a creation that was never answered it is unknown whether it left anything. */
function lostText(token: Token): string[] {
  const places = unaccounted(token).flatMap(({ handle, unsent, reach }) =>
    handle !== undefined || unsent === true ? [] : [reach === undefined ? 'the issuer' : placeText(reach)],
  );
  return [...new Set(places)].map((place) => `a rotation may have left a credential at ${place}`);
}
