import type { Generation, Token } from './token.ts';

/** A value that somebody stores once more was made where the record knows it was: that place alone says whether it works. Pure; changes nothing where no place is missing. */
export function withSamePlaces(token: Token): Token {
  const generations = token.generations.map((one) => placed(one, token));
  return generations.every((one, index) => one === token.generations[index])
    ? token
    : { ...token, generations };
}

function placed(one: Generation, token: Token): Generation {
  if (one.reach !== undefined || one.fingerprint === undefined) return one;
  const known = token.generations.find(
    (other) => other.fingerprint === one.fingerprint && other.reach !== undefined,
  );
  return known?.reach === undefined ? one : { ...one, reach: known.reach };
}
