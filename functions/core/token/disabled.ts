import type { Credential } from './credential.ts';
import type { Token } from './token.ts';
import type { Instant } from '../basics/time.ts';

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

/**
 * When a disabled credential is revoked, by the policy of its token as it is now; undefined for one that is
 * not disabled.
 */
export function disabledUntil(
  { policy }: Pick<Token, 'policy'>,
  { disabledAt }: Credential,
): Instant | undefined {
  return disabledAt === undefined ? undefined : disabledAt + policy.disableWait;
}

/** From when on a credential on its way to its end should be revoked; a disabled one has its time first. */
export function endDueAt(token: Pick<Token, 'policy'>, one: Credential, since: Instant): Instant {
  return Math.max(since, disabledUntil(token, one) ?? since);
}

/** The same of a credential as its token's record says since when that is so. */
export function revocationDueAt(token: Token, one: Credential): Instant {
  return endDueAt(
    token,
    one,
    one.endingSince ?? one.revocationBegunAt ?? token.ending?.askedAt ?? token.enrolledAt,
  );
}
