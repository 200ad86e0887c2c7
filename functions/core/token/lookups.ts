import type { Attempt } from './attempt.ts';
import type { Credential } from './credential.ts';
import type { Token } from './token.ts';

export function currentOf(token: Token): Credential | undefined {
  return token.credentials.find((credential) => credential.state === 'current');
}

/**
 * The credential whose version AWSCURRENT names: the current one, or the one that was current until it was
 * revoked by order of the policy, while nothing has become current since.
 */
export function holderOfCurrent(token: Token): Credential | undefined {
  return (
    currentOf(token) ??
    token.credentials.findLast((one) => one.state === 'ended' && one.forcedRevocation !== undefined)
  );
}

export function credentialOf(token: Token, id: string): Credential | undefined {
  return token.credentials.find((credential) => credential.id === id);
}

export function attemptOf(token: Token, id: string): Attempt | undefined {
  return token.attempts.find((attempt) => attempt.id === id);
}

/** The attempt that is still under way, if any. */
export function openAttempt(token: Token): Attempt | undefined {
  return token.attempts.find(isUnderWay);
}

export function isUnderWay(attempt: Attempt): boolean {
  return attempt.state === 'open' || attempt.state === 'promoting' || attempt.state === 'aborting';
}
