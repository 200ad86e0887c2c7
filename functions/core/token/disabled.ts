import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import { DAY, type Instant, type Millis } from '../basics/time.ts';

/** A disabled credential is revoked after this: until then, a wrong report can be taken back. */
export const DISABLE_WAIT: Millis = DAY;

/**
 * Its issuer said that it rejects it, and nothing has shown otherwise since. It is not revoked: the issuer
 * can enable it again.
 */
export function isDisabled(one: Credential): boolean {
  return one.disabledAt !== undefined && one.state !== 'ended';
}

/** Whether its issuer was ever asked to disable it: then a refusal of its value says no more than that. */
export function mayBeDisabled({ disabledAt, notDisabledAt }: Credential): boolean {
  return disabledAt !== undefined || notDisabledAt !== undefined;
}

/** When a disabled credential is revoked; undefined for one that is not disabled. */
export function disabledUntil({ disabledAt }: Credential): Instant | undefined {
  return disabledAt === undefined ? undefined : disabledAt + DISABLE_WAIT;
}

/** From when on a credential on its way to its end should be revoked; a disabled one has its time first. */
export function endDueAt(one: Credential, since: Instant): Instant {
  return Math.max(since, disabledUntil(one) ?? since);
}

/** The same of a credential as its token's record says since when that is so. */
export function revocationDueAt(token: Token, one: Credential): Instant {
  return endDueAt(one, one.endingSince ?? one.revocationBegunAt ?? token.ending?.askedAt ?? token.enrolledAt);
}
