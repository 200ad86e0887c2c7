import { stripVTControlCharacters } from 'node:util';

/** What a text is not taken for when it holds more than so many of them in a hundred characters. */
const MOST_UNREADABLE = 10;

const CONTROL = /[\p{Cc}--[\t\n\f\r\u0085]]/v;
const UNREADABLE = new RegExp(`\\ufffd|${CONTROL.source}`, 'gv');

/**
 * Bytes as text: UTF-8, UTF-16 of either order, with or without a byte order mark. Undefined for what is no
 * text. Source of the marks: the Unicode Standard, section 23.8.
 */
export function textOf(bytes: Buffer): string | undefined {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return isReadable(text) ? text : undefined;
}

function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [place, byte] of bytes.subarray(0, 4096).entries())
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = Math.min(bytes.length, 4096) / 4;
  // In UTF-16 every second byte of plain text is zero: the first of two when the order is big-endian.
  if (odd > many && even < odd / 4) return 'utf-16le';
  return even > many && odd < even / 4 ? 'utf-16be' : 'utf-8';
}

/** Compressed or binary content decodes to replacement and control characters. */
function isReadable(text: string): boolean {
  const unreadable = stripVTControlCharacters(text).match(UNREADABLE)?.length ?? 0;
  return unreadable * 100 <= text.length * MOST_UNREADABLE;
}

/** Whether it has a control character that no text has. */
export function holdsControl(text: string): boolean {
  return text.search(CONTROL) !== -1;
}

/**
 * The text without its mark, without the colours of a terminal, and without what a tool leaves that read
 * UTF-16 as if it were UTF-8.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\0', '')
    .replace(/^[\ufeff\ufffd]+/, '');
}
