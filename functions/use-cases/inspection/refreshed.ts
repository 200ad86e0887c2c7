import { isDeepStrictEqual } from 'node:util';
import { isEnded } from '../../core/token/retirement.ts';
import type { Token } from '../../core/token/token.ts';
import { registeredFields, type Registered } from '../rotation/enroll.ts';

/** Tags win over what was recorded; a token that was deleted, detached or ended is that no more. */
export function refreshed(
  token: Token,
  { registration, session }: Pick<Registered, 'registration' | 'session'>,
  now: number,
): Token {
  const next: Token = {
    ...token,
    ...registeredFields(registration, now, token),
    reach: session.reach,
    ...(session.kind === 'submitted' && { wantedScopes: session.scopes }),
    detachedAt: undefined,
    ...(token.deletion !== undefined && { deletion: undefined, unusable: undefined, usableSince: now }),
    ...(isEnded(token) ? { ending: undefined } : {}),
  };
  return isDeepStrictEqual(withoutUndefined(next), withoutUndefined(token)) ? token : next;
}

function withoutUndefined(token: Token): object {
  return Object.fromEntries(Object.entries(token).filter(([, value]) => value !== undefined));
}
