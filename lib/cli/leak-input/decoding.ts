import { stripVTControlCharacters } from 'node:util';
import { holdsControl, textOf } from './text.ts';

/** Shorter runs of the Base64 alphabet are words. */
const SHORTEST_RUN = 16;
/**
 * One run each of the standard alphabet, of the one for URLs, and of what both share: a slash or a dash may
 * stand before the run. Source: RFC 4648, sections 4 and 5.
 */
const BASE64_RUNS = [/[A-Za-z0-9+/]{16,}={0,2}/g, /[A-Za-z0-9_-]{16,}={0,2}/g, /[A-Za-z0-9]{16,}={0,2}/g];
const HEX_RUN = /(?:[0-9a-f]{2}){12,}|(?:[0-9A-F]{2}){12,}/g;
const BASE64_LINE = /^[ \t]*([A-Za-z0-9+/_-]+={0,2})[ \t]*$/;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  equals: '=',
  colon: ':',
  sol: '/',
};

/**
 * Every text that a text may stand for: without percent encoding, escapes, entities; and what its runs of
 * Base64 or hexadecimal digits say. Each is another text than the given one.
 */
export function decodingsOf(text: string): string[] {
  const whole = [
    percentDecoded(text),
    percentDecoded(text.replaceAll('+', ' ')),
    unescaped(text),
    withoutEntities(text),
    withoutQuotedPrintable(text),
    stripVTControlCharacters(text),
    retyped(text),
  ];
  const runs = [...runsOf(text), ...wrappedRuns(text)].flatMap((run) => textIn(Buffer.from(run, 'base64')));
  const hex = [...text.matchAll(HEX_RUN)].flatMap(([run]) => textIn(Buffer.from(run, 'hex')));
  return [...new Set([...whole, ...runs, ...hex])].filter((decoded) => decoded !== text);
}

function runsOf(text: string): string[] {
  const found = BASE64_RUNS.flatMap((runs) => [...text.matchAll(runs)].map(([run]) => run));
  return [...new Set(found.flatMap((run) => [run, withoutMark(run)]))];
}

/**
 * The sign of a line that a diff adds, or of a list or a path, may stand before a run, and is of its
 * alphabet.
 */
function withoutMark(run: string): string {
  return run.replace(/^[+/_-]+/, '');
}

/** Base64 that was broken into lines of one length (RFC 2045, section 6.8), joined. */
export function wrappedRuns(text: string): string[] {
  const joined: string[] = [];
  let block: string[] = [];
  for (const line of [...text.split(/\r?\n/), '']) {
    const run = BASE64_LINE.exec(line)?.[1];
    if (run !== undefined && (block.length < 2 || block.at(-1)?.length === block[0]?.length)) block.push(run);
    else {
      if (block.length > 1) joined.push(block.join(''));
      block = run === undefined ? [] : [run];
    }
  }
  return joined.filter((run) => run.length >= SHORTEST_RUN);
}

/** Bytes that are a text; of others there is nothing to be looked at. */
function textIn(bytes: Buffer): string[] {
  const text = stripVTControlCharacters(textOf(bytes) ?? '');
  if (text.length < 4 || text.includes('\ufffd')) return [];
  return holdsControl(text) ? [] : [text];
}

/** Source: RFC 3986, section 2.1. What is no valid UTF-8 stays as it is. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** Escapes as JSON, JavaScript, shells and properties files write them. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const known: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return text.replace(
    /\\(?:u\{?([0-9a-f]{4,6})\}?|x([0-9a-f]{2})|(.))/gi,
    (all, wide: string | undefined, narrow: string | undefined, other: string | undefined) => {
      const code = Number.parseInt(wide ?? narrow ?? '', 16);
      if (Number.isFinite(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      return other === undefined ? all : (known[other] ?? other);
    },
  );
}

/** Source: HTML Living Standard, "Character references". */
function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi,
    (all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** Word processors and chats put in characters that nobody sees, and other dashes. */
function retyped(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** What a whole word stands for, if it is an encoding of some text. */
export function spokenBy(word: string): string[] {
  const hex = /^(?:[0-9a-f]{2})+$/i.test(word) ? textIn(Buffer.from(word, 'hex')) : [];
  return [...textIn(Buffer.from(word, 'base64')), ...hex];
}

/** Mail writes an equals sign as =3D, and breaks lines after one. Source: RFC 2045, section 6.7. */
function withoutQuotedPrintable(text: string): string {
  if (!/=3D|=\r?\n/.test(text)) return text;
  return text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
