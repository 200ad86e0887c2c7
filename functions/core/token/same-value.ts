import type { Credential } from './credential.ts';
import type { Token } from './token.ts';

/**
 * A value that somebody stores once more was made where the record knows it was: that place alone says
 * whether it works. Pure; changes nothing where no place is missing.
 */
export function withSamePlaces(token: Token): Token {
  const credentials = token.credentials.map((one) => placed(one, token));
  return credentials.every((one, index) => one === token.credentials[index])
    ? token
    : { ...token, credentials };
}

function placed(one: Credential, token: Token): Credential {
  if (one.reach !== undefined || one.fingerprint === undefined) return one;
  const known = token.credentials.find(
    (other) => other.fingerprint === one.fingerprint && other.reach !== undefined,
  );
  return known?.reach === undefined ? one : { ...one, reach: known.reach };
}
