import type { Printed } from '../json/printed.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'dim';

/** SGR parameters (ECMA-48 §8.3.117). */
const CODES: Record<Tone, string> = { good: '32', warn: '33', bad: '31', dim: '2' };

export interface Cell {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

export interface Column {
  readonly title: string;
  /** May be cut when the window is narrow. */
  readonly shrinks?: boolean;
}

/**
 * Where a command writes. Only what is passed through here reaches the terminal, so control characters in
 * tags or names cannot steer it.
 */
export interface Screen {
  line(text?: string, tone?: Tone): void;
  table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): void;
  /** Names and values, one pair a line. */
  fields(pairs: readonly (readonly [name: string, value: string, tone?: Tone])[]): void;
  /**
   * One JSON object with the version of its shape in front: `{"schema": 1, …}`. A list is a member of it, so
   * that more can come beside it.
   */
  json(value: Printed): void;
  /** Text for a program, such as a script: written as it is. */
  raw(text: string): void;
  /** The same without color. */
  plain(): Screen;
}

/**
 * The version of every object that is printed: a member that goes away, or changes its meaning, raises it.
 */
export const JSON_SCHEMA_VERSION = 1;

export interface ScreenOptions {
  readonly colour: boolean;
  /** The window's width in characters; undefined when there is no window. */
  readonly columns?: number | undefined;
}

const GAP = '  ';
/** A column is not cut below this. */
const LEAST_WIDTH = 10;

/** Replaces control characters, line breaks and marks that turn the direction of text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '?');
}

/** Writes text to a stream. */
export function screenOn(write: (text: string) => void, { colour, columns }: ScreenOptions): Screen {
  const paint = (text: string, tone: Tone | undefined): string =>
    colour && tone !== undefined ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
  const line = (text = '', tone?: Tone): void => write(`${paint(printable(text), tone)}\n`);
  return {
    line,
    table(titles, rows) {
      const widths = fitted(titles, naturalWidths(titles, rows), columns);
      const heading = titles.map(({ title }): Cell => ({ text: title, tone: 'dim' }));
      for (const row of [heading, ...rows]) write(`${rowText(row, widths, paint)}\n`);
    },
    fields(pairs) {
      const width = Math.max(...pairs.map(([name]) => name.length));
      for (const [name, value, tone] of pairs)
        write(`${paint(name.padEnd(width), 'dim')}${GAP}${paint(printable(value), tone)}\n`);
    },
    json: (value) => write(`${JSON.stringify({ schema: JSON_SCHEMA_VERSION, ...value }, null, 2)}\n`),
    raw: write,
    plain: () => screenOn(write, { colour: false, columns }),
  };
}

function rowText(
  row: readonly Cell[],
  widths: readonly number[],
  paint: (text: string, tone: Tone | undefined) => string,
): string {
  const cells = row.map((cell, index) => {
    const text = cut(printable(cell.text), widths[index] ?? 0);
    const isLast = index === row.length - 1;
    return paint(text, cell.tone) + (isLast ? '' : ' '.repeat((widths[index] ?? 0) - text.length));
  });
  return cells.join(GAP).trimEnd();
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => printable(row[index]?.text ?? '').length)),
  );
}

/** Takes what is too much from the widest column that may be cut, until all fit or none can give more. */
function fitted(columns: readonly Column[], natural: readonly number[], most = Infinity): number[] {
  const widths = [...natural];
  for (let total = totalOf(widths); total > most; total--) {
    const open = widths.flatMap((width, index) =>
      columns[index]?.shrinks === true && width > LEAST_WIDTH ? [{ index, width }] : [],
    );
    const [widest] = open.toSorted((a, b) => b.width - a.width);
    if (!widest) break;
    widths[widest.index] = widest.width - 1;
  }
  return widths;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
