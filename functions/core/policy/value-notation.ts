/**
 * How a person writes where a value stands: in a manifest as it is, in a tag within the characters that tags
 * may have.
 */

/** The field of the secret's JSON that is Keyturn's own. */
export const STAMP_FIELD = '_keyturn';

/** Stands for the value in a format. */
const VALUE = '{value}';

/** What stands before and after a value in its text. */
export interface Format {
  readonly before: string;
  readonly after: string;
}

/** What was read, or, in words that follow on "is wrong:", why it could not be. */
export type Read<T> = { readonly read: T } | { readonly fault: string };

/**
 * Letters, digits, spaces and _.:/=+- (AWS General Reference, "Tag naming limits"); an at sign has a meaning
 * here.
 */
const NOT_IN_TAGS = /[^\p{L}\p{Z}\p{N}_.:/=+-]/gu;

/**
 * A text within the characters of tags: `{value}` is `@value@`, any other character that tags may refuse `@`
 * its number in hexadecimal `@`.
 */
export function tagTextOf(text: string): string {
  return text.split(VALUE).map(escaped).join('@value@');
}

function escaped(text: string): string {
  return text.replace(NOT_IN_TAGS, (character) => `@${character.codePointAt(0)?.toString(16) ?? ''}@`);
}

/** Inverse of {@link tagTextOf}. What is no such escape stands for itself, `{value}` too. */
export function textOfTag(tag: string): string {
  return tag.replace(/@(value|[\da-f]{1,6})@/g, (escape, code: string) => unescaped(escape, code));
}

function unescaped(escape: string, code: string): string {
  if (code === 'value') return VALUE;
  const number = Number.parseInt(code, 16);
  return number > 0x10_ffff ? escape : String.fromCodePoint(number);
}

const STEP = /(?:[^.\\]|\\[.\\])+/g;
const PATH = /^(?:[^.\\]|\\[.\\])+(?:\.(?:[^.\\]|\\[.\\])+)*$/;

/**
 * A path into JSON: names of fields apart by dots; a dot or a backslash in a name has a backslash before it.
 */
export function readPath(text: string): Read<readonly string[]> {
  if (!PATH.test(text))
    return {
      fault:
        'write the names of fields apart by dots, like gitlab.token, and a dot that is part of a name as \\.',
    };
  const path = (text.match(STEP) ?? []).map((step) => step.replace(/\\([.\\])/g, '$1'));
  return path[0] === STAMP_FIELD
    ? { fault: `${STAMP_FIELD} is Keyturn's own field: name another` }
    : { read: path };
}

/** Inverse of {@link readPath}. */
export function pathText(path: readonly string[]): string {
  return path.map((step) => step.replace(/[.\\]/g, '\\$&')).join('.');
}

/**
 * What stands around a value, like `GITLAB_TOKEN={value}`; the white space around the whole is no part of it.
 */
export function readFormat(text: string): Read<Format> {
  const [before, after, ...more] = text.trim().split(VALUE);
  if (before === undefined || after === undefined || more.length > 0)
    return { fault: 'write {value} exactly once, where the value stands, like GITLAB_TOKEN={value}' };
  return { read: { before, after } };
}

/** Inverse of {@link readFormat}. */
export function formatText({ before, after }: Format): string {
  return before + VALUE + after;
}
