import { likeness, type Identity } from '../issuer/likeness.ts';
import { isUnderWay } from '../token/lookups.ts';
import type { Credential } from '../token/credential.ts';
import type { Token } from '../token/token.ts';

/** What a record says a token still needs a credential for. */
export type Need = 'current' | 'pending' | 'rolling back' | 'in grace';

const NEEDS = {
  current: 'current',
  'rolling-back': 'rolling back',
  previous: 'in grace',
  revoking: undefined,
  ended: undefined,
} as const satisfies Record<Credential['state'], Need | undefined>;

/** A version of a token that still needs a credential. */
export interface Claim {
  readonly need: Need;
  readonly id: string;
}

/**
 * What a token may still need a credential for, by its record alone; undefined for nothing. One that is to be
 * revoked without grace is needed no more, unless it is current; nor is one that was given up. `isOver` tells
 * so of one in grace, and of one that a person had forgotten; `except` names a credential that is not asked
 * about. Ended ones match nothing: an issuer may give their handles out again.
 */
export function claimOn(
  token: Token,
  target: Identity,
  isOver: (one: Credential) => boolean,
  except?: string,
): Claim | undefined {
  for (const one of token.credentials) {
    const need = one.id === except ? undefined : needOf(one, isOver);
    if (need !== undefined && likeness(one, target) === 'same') return { need, id: one.id };
  }
  const pending = token.attempts.find(
    (attempt) =>
      (isUnderWay(attempt) || attempt.tidy !== true) &&
      attempt.id !== except &&
      attempt.mints.some((mint) => mint.trial !== true && likeness(mint, target) === 'same'),
  );
  return pending && { need: 'pending', id: pending.id };
}

function needOf(one: Credential, isOver: (one: Credential) => boolean): Need | undefined {
  if (one.forgotten !== undefined) return isOver(one) ? undefined : 'in grace';
  return one.state === 'previous' && isOver(one) ? undefined : NEEDS[one.state];
}

/**
 * Whether the revocation of a credential has begun by a record and is not verified, or a creation that ends
 * it has. `except` names a credential that is not asked about.
 */
export function isBeingRevoked(token: Token, target: Identity, except?: string): boolean {
  return token.credentials.some(
    (one) =>
      one.id !== except &&
      (isOnWayToEnd(one) || (one.state === 'current' && one.replacing !== undefined)) &&
      likeness(one, target) === 'same',
  );
}

/** On its way to its end: its revocation has begun, or it is current and ordered to be revoked. */
export function isOnWayToEnd(one: Credential): boolean {
  return one.state === 'revoking' || (one.state === 'current' && one.forcedRevocation !== undefined);
}
