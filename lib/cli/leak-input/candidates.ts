import { decodingsOf } from './decoding.ts';
import { LONGEST, SPLITTINGS } from './splitting.ts';

const LINE_ENDS = /[\r\n\f\u0085\u2028\u2029]+/;

/** How much work is done for one text. */
export interface Bounds {
  /** The most candidates that are kept. */
  readonly most: number;
  /** Encodings inside encodings, so many deep. */
  readonly depth: number;
  /** The most texts that are looked at, decoded ones included. */
  readonly texts: number;
  /** Characters of a text that are looked at. */
  readonly length: number;
}

export const BOUNDS: Bounds = { most: 2_000, depth: 4, texts: 400, length: 200_000 };

export interface Candidates {
  /** Each once, likeliest first. They are values or parts of values: they stay in this process. */
  readonly values: readonly string[];
  /** Something was left out, since there was too much of it. */
  readonly isCut: boolean;
}

/**
 * The strings in a text that may be a credential: its parts by many splittings, and the parts of what it
 * decodes to. `patterns` say what credentials of known issuers look like. A value that is not among them was
 * written in a way that is not known here; a caller who finds none must not call that an all-clear.
 */
export function candidatesIn(text: string, patterns: readonly RegExp[], bounds: Bounds = BOUNDS): Candidates {
  const { texts, isCut } = textsIn(text, bounds);
  const lines = [...new Set(texts.flatMap((one) => one.split(LINE_ENDS)))];
  const found = new Set<string>(
    texts.map((one) => one.trim()).filter((one) => one.length <= LONGEST && one !== ''),
  );
  for (const split of SPLITTINGS)
    for (const line of lines) for (const part of split(line, patterns)) found.add(part);
  return { values: [...found].slice(0, bounds.most), isCut: isCut || found.size > bounds.most };
}

/** The text and what it decodes to, level by level. */
function textsIn(text: string, bounds: Bounds): { texts: readonly string[]; isCut: boolean } {
  const seen = new Set([text.slice(0, bounds.length)]);
  let isCut = text.length > bounds.length;
  let level = [...seen];
  for (let depth = 0; depth < bounds.depth && level.length > 0; depth++) {
    const fresh = [...new Set(level.flatMap(decodingsOf))].filter((one) => !seen.has(one));
    level = fresh.slice(0, Math.max(0, bounds.texts - seen.size));
    isCut ||= level.length < fresh.length;
    for (const one of level) seen.add(one);
  }
  return { texts: [...seen], isCut };
}
