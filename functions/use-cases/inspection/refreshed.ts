import { isDeepStrictEqual } from 'node:util';
import { isEnded } from '../../core/token/retirement.ts';
import type { Token } from '../../core/token/token.ts';
import { registeredFields, type Registered } from '../rotation/enroll.ts';

/** Tags win over what was recorded; a token that was unusable, detached or ended is that no more. */
export function refreshed(
  token: Token,
  { registration, session }: Pick<Registered, 'registration' | 'session'>,
  now: number,
): Token {
  const usableSince = token.unusable === undefined ? token.usableSince : now;
  const next: Token = {
    ...token,
    ...registeredFields(registration, now, token),
    reach: session.reach,
    ...(session.kind === 'submitted' && { wantedScopes: session.scopes }),
    unusable: undefined,
    usableSince,
    detachedAt: undefined,
    deletion: undefined,
    ...(isEnded(token) ? { ending: undefined } : {}),
  };
  return isDeepStrictEqual(withoutUndefined(next), withoutUndefined(token)) ? token : next;
}

function withoutUndefined(token: Token): object {
  return Object.fromEntries(Object.entries(token).filter(([, value]) => value !== undefined));
}
