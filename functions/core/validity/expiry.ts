import { LEAST_APART } from './inactivity-proof.ts';
import { skewOf } from '../issuer/issuer-clock.ts';
import { isFilledByExpired } from '../issuer/issuer-facts.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { DAY, FURTHEST_EAST, FURTHEST_WEST, type Instant, type Millis } from '../basics/time.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';
import { REVOKE_WITHIN } from '../policy/timing.ts';

/** Why a credential ended whose issuer ended it at its date. */
export const EXPIRED = 'it expired';

/** So long after its end consumers that were cut off are reported. */
export const TOLD_FOR = 2 * DAY;

/**
 * What decides when a credential ends by itself, and whether it is in the way then; where the step is not
 * known, the worst one counts.
 */
export type EndFacts = Partial<Pick<ProviderDescriptor, 'expiry' | 'slots'>>;

/** Whether the date alone is kept, in a zone that is not known. */
export function isByDate(facts: EndFacts | undefined): boolean {
  return facts?.expiry === undefined || facts.expiry.step === 'day';
}

/**
 * From when on the issuer may refuse it: a date begins earlier where the issuer is, and clocks differ, by
 * `skew` at most. Undefined where it ends by no date.
 */
export function earliestEnd(one: Credential, facts: EndFacts | undefined, skew: Millis): Instant | undefined {
  return one.expiresAt === undefined
    ? undefined
    : one.expiresAt - skew - (isByDate(facts) ? FURTHEST_EAST : 0);
}

/** From when on the issuer refuses it for certain. Infinite where it ends by no date. */
export function latestEnd(one: Credential, facts: EndFacts | undefined, skew: Millis): Instant {
  return one.expiresAt === undefined
    ? Infinity
    : one.expiresAt + skew + (isByDate(facts) ? FURTHEST_WEST : 0);
}

/**
 * Whether the issuer has ended it by its date, wherever it is and however its clock is off as far as the
 * token's record knows.
 */
export function hasExpired(
  token: Pick<Token, 'issuerClock'>,
  one: Credential,
  facts: EndFacts | undefined,
  now: Instant,
): boolean {
  return latestEnd(one, facts, skewOf(token, now)) <= now;
}

/**
 * The credentials that take a slot: whatever is active, and what has expired where the issuer counts that
 * too. One whose revoke was accepted and that full lists leave out takes none, although the stronger proof of
 * its end is still waited for.
 */
export function taking(token: Token, facts: EndFacts | undefined, now: Instant): Credential[] {
  const shown = liveCredentials(token).filter((one) => !isOffTheList(one));
  return isFilledByExpired(facts?.slots) ? shown : shown.filter((one) => !hasExpired(token, one, facts, now));
}

/** Its issuer accepted the revoke, and two of its full lists, some time apart, show it no more. */
function isOffTheList({ revokedAt, absent }: Credential): boolean {
  return revokedAt !== undefined && absent !== undefined && absent.last - absent.since >= LEAST_APART;
}

/** When one ended by its date that was in use, as long as that is reported. */
export function wasCutOff(
  token: Pick<Token, 'issuerClock'>,
  one: Credential,
  facts: EndFacts | undefined,
  now: Instant,
): Instant | undefined {
  if ((one.pendingConsumers?.length ?? 0) === 0 || one.expiresAt === undefined) return undefined;
  const isOver = isRecordedAsExpired(one) || (one.state === 'previous' && hasExpired(token, one, facts, now));
  return isOver && now < one.expiresAt + TOLD_FOR ? one.expiresAt : undefined;
}

/**
 * Whether an old one expired so long ago that its end would be on record by now, were its issuer to be asked.
 */
export function isUnverified(
  token: Pick<Token, 'issuerClock'>,
  one: Credential,
  facts: EndFacts | undefined,
  now: Instant,
): boolean {
  return one.state === 'previous' && latestEnd(one, facts, skewOf(token, now)) + REVOKE_WITHIN <= now;
}

function isRecordedAsExpired({ state, reason }: Credential): boolean {
  return (state === 'ended' || state === 'revoking') && reason === EXPIRED;
}
