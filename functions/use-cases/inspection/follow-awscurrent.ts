import { currentAgain } from '../../core/token/transitions.ts';
import { isSameCredential } from '../../core/token/twins.ts';
import { currentEndedByForcedRevocation } from '../../core/revocation/forced-revocations.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';

/** Makes exactly the version that AWSCURRENT names the current credential. */
export function inStep(token: Token, current: string | undefined, now: number): Token {
  if (
    current === undefined ||
    (currentOf(token)?.id === current &&
      token.credentials.filter((one) => one.state === 'current').length === 1)
  )
    return token;
  const shown = credentialOf(token, current);
  if (!shown || currentEndedByForcedRevocation(token)?.id === current) return token;
  const before = currentOf(token);
  if (before && before.id !== current && isSameCredential(before, shown))
    return storedAgain(token, before, current);
  const credentials = token.credentials.map((one): Credential => {
    if (one.id === current) return currentAgain(one, now);
    return one.state === 'current' ? { ...one, state: 'previous', supersededAt: now } : one;
  });
  // What the issuer and a health signal said was said of another credential than the one that is current now.
  const { refusedSince: _refused, ...rest } = token;
  const known = token.withdrawn?.credentialId === current ? { ...rest, withdrawn: undefined } : rest;
  return { ...known, credentials };
}

/** The same credential under another version: it is as old as it was. */
function storedAgain(token: Token, before: Credential, current: string): Token {
  const others = token.credentials.filter((one) => one.id !== before.id && one.id !== current);
  return { ...token, credentials: [...others, { ...before, id: current, versionId: current }] };
}
