const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Letters and digits that are the same for the same seed (mulberry32). For values of simulated issuers, never
 * for real ones.
 */
export function randomText(seed: number): (length: number) => string {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return (length) => Array.from({ length }, () => LETTERS[Math.floor(next() * LETTERS.length)]).join('');
}
