import type { Token } from '../token/token.ts';

/** Scopes that the current credential was given at its issuer since it was first seen. */
export function givenSince(token: Pick<Token, 'credentials'>): string[] {
  const scopes = token.credentials.find((one) => one.state === 'current')?.scopes;
  return scopes ? scopes.last.filter((scope) => !scopes.first.includes(scope)) : [];
}

/**
 * How the scopes of the current credential differ, as the issuer tells them, from those it had at first;
 * undefined when they do not, or nothing is told.
 */
export function driftOf(token: Pick<Token, 'credentials'>): string | undefined {
  const scopes = token.credentials.find((one) => one.state === 'current')?.scopes;
  if (!scopes) return undefined;
  const gained = givenSince(token);
  const lost = scopes.first.filter((scope) => !scopes.last.includes(scope));
  const parts = [
    ...(gained.length > 0 ? [`gained ${gained.join(', ')}`] : []),
    ...(lost.length > 0 ? [`lost ${lost.join(', ')}`] : []),
  ];
  return parts.length === 0
    ? undefined
    : `The current credential ${parts.join(' and ')} at the issuer; it had ` +
        `${scopes.first.join(', ') || 'none'} when it was first seen.`;
}
