import { createHash } from 'node:crypto';
import { candidatesIn } from './candidates.ts';
import { spokenBy, wrappedRuns } from './decoding.ts';
import { LONGEST, SHORTEST } from './splitting.ts';
import { plainText } from './text.ts';

/**
 * What one line, or one finding of a report, is. `value`: one bare value and nothing else, so that "none of
 * ours" can be said of it. `text`: more than that; whoever finds no value in it cannot tell. `masked`:
 * somebody took the value out. `nothing`: no part of it is long enough.
 */
export type Nature = 'value' | 'text' | 'masked' | 'nothing';

/**
 * One line or finding. The value is not in it: its digests alone are kept, and the text stays in this
 * process.
 */
export interface Sighting {
  /** Numbers of lines, or of findings, from 1. */
  readonly numbers: readonly number[];
  readonly nature: Nature;
  /** SHA-256 of every part that may be a credential, hexadecimal, likeliest first. */
  readonly digests: readonly string[];
  /** Too long to be looked at whole. */
  readonly isCut: boolean;
}

/** SHA-256 of a value, hexadecimal, as `leaks` takes it. White space around a value is no part of it. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value.trim()).digest('hex');
}

/** Lines that are looked at; what stands behind them was not. */
export const MOST_LINES = 20_000;

interface Line {
  readonly line: string;
  readonly number: number;
}

/**
 * The lines of a text that have something on them; what goes over several lines is looked at as one as well.
 */
export function sightingsInText(text: string, patterns: readonly RegExp[]): Sighting[] {
  const all = plainText(text)
    .split(/\r\n|\r|\n/)
    .map((line, place): Line => ({ line: line.trim(), number: place + 1 }))
    .filter(({ line }) => line !== '');
  const lines = all.slice(0, MOST_LINES);
  const rest = all.slice(MOST_LINES).map(({ number }) => number);
  return [
    ...lines.map(({ line, number }) => sightingOf([number], { main: [line], more: [] }, patterns)),
    ...wrappedRuns(lines.map(({ line }) => line).join('\n')).map((run) =>
      joined(numbersIn(run, lines), sightingOf([], { main: [run], more: [] }, patterns).digests),
    ),
    ...brokenIn(lines),
    ...(rest.length === 0
      ? []
      : [{ numbers: rest, nature: 'text', digests: [], isCut: true } satisfies Sighting]),
  ];
}

/** What its lines are is said line by line: this is only one more chance to find a value. */
function joined(numbers: readonly number[], digests: readonly string[]): Sighting {
  return { numbers, nature: 'value', digests, isCut: false };
}

/** A value that was broken into two lines, or, where there is nothing else, into many. */
function brokenIn(lines: readonly Line[]): Sighting[] {
  const pairs = lines.slice(1).flatMap(({ line, number }, place) => {
    const before = lines[place];
    const [start, end] = [/[\w.~+/-]+$/.exec(before?.line ?? '')?.[0], /^[\w.~+/=-]+/.exec(line)?.[0]];
    return before && start !== undefined && end !== undefined && start.length + end.length >= SHORTEST
      ? [joined([before.number, number], [digestOf(start + end)])]
      : [];
  });
  const whole = lines.map(({ line }) => line).join('');
  return lines.length < 3 || whole.length > LONGEST || /\s/.test(whole)
    ? pairs
    : [
        ...pairs,
        joined(
          lines.map(({ number }) => number),
          [digestOf(whole)],
        ),
      ];
}

function numbersIn(run: string, lines: readonly Line[]): number[] {
  return lines.filter(({ line }) => run.includes(line)).map(({ number }) => number);
}

/**
 * What a report says in one finding: `main` is where the value stands alone, if anywhere; `more` is what
 * stands around it.
 */
export interface FindingTexts {
  readonly main: readonly string[];
  readonly more: readonly string[];
}

export function sightingOf(
  numbers: readonly number[],
  { main, more }: FindingTexts,
  patterns: readonly RegExp[],
): Sighting {
  const looked = [...new Set([...main, ...more])].map((text) => candidatesIn(plainText(text), patterns));
  const values = [...new Set(looked.flatMap((one) => one.values))];
  const digests = values.flatMap((value) =>
    isDigest(value) ? [digestOf(value), value.toLowerCase()] : [digestOf(value)],
  );
  return {
    numbers,
    nature: natureOf([...main, ...more], main),
    digests,
    isCut: looked.some((one) => one.isCut),
  };
}

function natureOf(all: readonly string[], main: readonly string[]): Nature {
  const bare = main.map((text) => text.trim()).filter((text) => text !== '');
  if (bare.some((text) => isBare(text) && !isMasked(text))) return 'value';
  if (all.some(isMasked)) return 'masked';
  return all.some((text) => /[!-~]{12,}/.test(text)) ? 'text' : 'nothing';
}

/** Somebody may know no more of a value than what a scanner sends of it. */
function isDigest(value: string): boolean {
  return /^[0-9a-f]{64}$/i.test(value);
}

/**
 * One word as issuers make them: no sign of an assignment, an address, a path, a header or a command, and no
 * encoding of something else.
 */
function isBare(text: string): boolean {
  if (text.length < SHORTEST || text.length > LONGEST || PACKED.test(text) || !spokenBy(text).every(isBare))
    return false;
  if (/^[A-Za-z0-9_-]+={0,2}$/.test(text)) return true;
  const isMixed = /\d/.test(text) && /[a-z]/i.test(text);
  return (
    isMixed &&
    (/^[A-Za-z0-9+/]{20,}={0,2}$/.test(text) || /^[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]+){1,2}$/.test(text))
  );
}

/**
 * How gzip and zip begin in Base64 (RFC 1952, section 2.3.1; APPNOTE.TXT, section 4.3.7): what is in them was
 * not looked at.
 */
const PACKED = /^(H4sI|UEsDB)/;

const MASKS = [
  /redact|masked|filtered|censored|obfuscat|saniti[sz]ed|anonymi[sz]ed|placeholder|\[(hidden|removed|secret|protected)\]/i,
  /[*•●█·×]{3,}/,
  /[\w-]*[-_0-9][\w-]*(\.{3}|…)/,
  /(\.{3}|…)[\w-]*[-_0-9]/,
  /x{4,}/i,
  /([A-Za-z0-9])\1{5,}/,
  /^\W*(hidden|removed|secret|protected|change-?me)\W*$/i,
];

/** Whether somebody put something else in the place of a value. */
export function isMasked(text: string): boolean {
  return MASKS.some((mask) => mask.test(text));
}
