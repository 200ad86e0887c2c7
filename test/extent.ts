import { basename } from 'node:path';

/** Set by `npm run test:long`: all is tried. */
const isWhole = process.env['KEYTURN_TESTS'] === 'whole';
/** Set by `npm test` where it runs every file: it has the time for a part. */
const isPart = process.env['KEYTURN_TESTS'] === 'part';

/** Odd, so that what alternates from point to point still does. */
const TIMES = 9;

/** All of them; in `npm test` the one whose turn it is in this file, which is the same one in each run. */
export function inTurn<T>(all: readonly T[], file: string): readonly T[] {
  return isWhole ? all : all.filter((_, index) => index === turnOf(file) % all.length);
}

/** All of them; in `npm test` each ninth one, others for each key, and always one at least. */
export function partOf<T>(all: readonly T[], key: string): readonly T[] {
  const times = Math.min(TIMES, all.length);
  return isWhole ? all : all.filter((_, index) => index % times === turnOf(key) % times);
}

function turnOf(key: string): number {
  return Buffer.from(basename(key)).reduce((sum, byte) => sum + byte, 0);
}

/** Whether it is the turn of what is tried in the same way for many keys: `npm test` tries it for a third. */
export function isItsTurn(what: string, key: string): boolean {
  return !isPart || (turnOf(what) + turnOf(key)) % 3 === 0;
}

/** How far apart the points are that are tried: as far as given; in `npm test` nine times as far. */
export function apart(points: number): number {
  return isWhole ? points : points * TIMES;
}

/**
 * How far apart the calls are before which something is tried: `first` at one issuer and `others` at the
 * others, where the engine is the same; in `npm test` nine times as far as that, at each issuer.
 */
export function everyCall(subject: { readonly id: string }, others: number, first = 1): number {
  return isWhole && subject.id === 'gitlab' ? first : apart(others);
}

/** One of two: for `npm run test:long`, and for `npm test`. */
export function atLength<T>(whole: T, part: T): T {
  return isWhole ? whole : part;
}
