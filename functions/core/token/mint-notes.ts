import type { Attempt, Mint } from './attempt.ts';

/** Notes what the issuer answered to the latest creation that has no handle yet. */
export function answeredMint(attempt: Attempt, answer: Partial<Mint> & { handle: string }): Attempt {
  const index = attempt.mints.findLastIndex(
    (mint) => mint.handle === undefined && matchesAnswer(mint, answer),
  );
  if (index === -1) return attempt;
  return {
    ...attempt,
    mints: attempt.mints.map((mint, at) => (at === index ? { ...mint, ...answer } : mint)),
  };
}

/** Notes under which fingerprint the value of an answered creation is known. */
export function fingerprintedMint(attempt: Attempt, handle: string, fingerprint: string): Attempt {
  const index = attempt.mints.findLastIndex((mint) => mint.handle === handle);
  return {
    ...attempt,
    mints: attempt.mints.map((mint, at) => (at === index ? { ...mint, fingerprint } : mint)),
  };
}

function matchesAnswer(mint: Mint, answer: Partial<Mint>): boolean {
  return (
    mint.fingerprint === undefined ||
    answer.fingerprint === undefined ||
    mint.fingerprint === answer.fingerprint
  );
}
