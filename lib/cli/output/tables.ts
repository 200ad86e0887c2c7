import type { Cell, Column, Screen } from './screen.ts';

/** So wide is what is laid out here, on any window that is not narrower. */
export const WIDTH = 100;

/**
 * Breaks a text into lines of at most `width` characters; a word that is longer stands on a line of its own,
 * whole, so that it can be copied.
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Prints a text under what it belongs to. */
export function indented(
  text: string,
  out: Screen,
  { by = 4, tone }: { by?: number; tone?: 'good' | 'warn' | 'bad' | 'dim' | undefined } = {},
): void {
  for (const line of wrapped(text, WIDTH - by)) out.line(`${' '.repeat(by)}${line}`, tone);
}

/** Prints a text beside a head; what does not fit goes on below, where the text began. */
export function hanging(
  head: string,
  text: string,
  out: Screen,
  tone?: 'good' | 'warn' | 'bad' | 'dim',
): void {
  const [first = '', ...more] = wrapped(text, WIDTH - head.length);
  out.line(`${head}${first}`, tone);
  for (const line of more) out.line(`${' '.repeat(head.length)}${line}`, tone);
}

/** A row of a table, with sentences about it that stand under it. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly notes: readonly string[];
}

/** A table whose rows have sentences under them. Cells are not cut: names and ids can be copied. */
export function notedTable(columns: readonly Column[], rows: readonly Row[], out: Screen): void {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map(({ cells }) => (cells[index]?.text ?? '').length)),
  );
  const textOf = (cells: readonly Cell[]): string =>
    `  ${cells
      .map(({ text }, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()}`;
  out.line(textOf(columns.map(({ title }) => ({ text: title }))), 'dim');
  for (const { cells, notes } of rows) {
    out.line(textOf(cells), cells.find(({ tone }) => tone !== undefined)?.tone);
    for (const note of notes) indented(note, out, { tone: 'dim' });
  }
}
