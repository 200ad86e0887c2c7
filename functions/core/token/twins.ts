import { likeness } from '../issuer/likeness.ts';
import type { Credential } from './credential.ts';

/**
 * One credential stored twice, as when a person changed another field of the secret, is one credential: the
 * current one. An old entry of the same credential has no end of its own, and must not count as a second one.
 */
export function withoutTwins(credentials: readonly Credential[]): Credential[] {
  const current = credentials.find((one) => one.state === 'current');
  return credentials.filter(
    (one) => one.state !== 'previous' || current === undefined || !isSameCredential(one, current),
  );
}

export function isSameCredential(a: Credential, b: Credential): boolean {
  return likeness(a, b) === 'same';
}
