import { styleText } from 'node:util';
import { SECOND, type Millis } from '../../../functions/core/basics/time.ts';
import { printable } from '../../cli/output/screen.ts';

export type Tone = 'critical' | 'warning' | 'good' | 'dim' | 'strong';

/** Where lines are shown. */
export interface Terminal {
  readonly write: (text: string) => void;
  /**
   * Its width in characters where a line can be written over; undefined for a file or a pipe. It is asked
   * for each time, since people resize windows.
   */
  readonly columns: () => number | undefined;
  readonly hasColors: boolean;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<Tone, Style>> = {
  critical: ['bold', 'red'],
  warning: 'yellow',
  good: 'green',
  dim: 'dim',
  strong: 'bold',
};

/** A file or a pipe gets a line about what goes on after so long without any. */
const SILENCE: Millis = 5 * SECOND;
const REDRAW: Millis = 250;
/** Erase in line (ECMA-48 §8.3.41), from the first column on. */
const ERASE = '\r\u001b[2K';
const LEAST_WIDTH = 40;

/** Lines one below the other, and, in a window, one at the foot that says what goes on now. */
export class Display {
  readonly #terminal: Terminal;
  readonly #now: () => Millis;
  #timer: NodeJS.Timeout | undefined;
  #progress: (() => string) | undefined;
  #isSaid = true;
  #drawn = '';
  #lastWritten: Millis;

  /** `now`: real time, from any start. */
  constructor(terminal: Terminal, now: () => Millis) {
    this.#terminal = terminal;
    this.#now = now;
    this.#lastWritten = now();
  }

  /** Says one line; `hanging` is how far the rest of a long one is set in where a window breaks it. */
  line(text = '', tone?: Tone, hanging = 0): void {
    this.#erase();
    for (const part of this.#broken(printable(text), hanging)) this.#write(`${this.#painted(part, tone)}\n`);
    this.#draw();
  }

  /**
   * What goes on from now on: it is asked again and again, until something else does. A file or a pipe gets
   * it too, where nothing else is said for long.
   */
  progress(text: (() => string) | undefined): void {
    this.#isSaid = true;
    this.#show(text);
  }

  /** The same for a window only. */
  foot(text: () => string): void {
    this.#isSaid = false;
    this.#show(text);
  }

  #show(text: (() => string) | undefined): void {
    this.#progress = text;
    this.#timer ??= setInterval(() => this.tick(), REDRAW).unref();
    this.#erase();
    this.#draw();
  }

  /** Real time went by. */
  tick(): void {
    if (this.#terminal.columns() !== undefined) {
      this.#draw();
      return;
    }
    const text = this.#isSaid ? this.#progress?.() : undefined;
    if (text !== undefined && this.#now() - this.#lastWritten >= SILENCE) this.#write(`${printable(text)}\n`);
  }

  /** Takes the line at the foot away. */
  end(): void {
    this.#erase();
    this.#progress = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const columns = this.#terminal.columns();
    const text = this.#progress?.();
    if (columns === undefined || text === undefined) return;
    const fitting = printable(text).slice(0, columns - 1);
    if (fitting === this.#drawn) return;
    this.#drawn = fitting;
    this.#write(`${ERASE}${this.#painted(fitting, 'dim')}`);
  }

  #erase(): void {
    if (this.#drawn === '') return;
    this.#drawn = '';
    this.#terminal.write(ERASE);
  }

  #write(text: string): void {
    this.#lastWritten = this.#now();
    this.#terminal.write(text);
  }

  #painted(text: string, tone: Tone | undefined): string {
    if (tone === undefined || text === '' || !this.#terminal.hasColors) return text;
    // Whether there are colors was decided by who knows the stream.
    return styleText(STYLES[tone], text, { validateStream: false });
  }

  #broken(text: string, hanging: number): string[] {
    const columns = this.#terminal.columns();
    if (columns === undefined || columns < LEAST_WIDTH || text.length < columns) return [text];
    const lines: string[] = [];
    let rest = text;
    while (rest.length >= columns) {
      const space = rest.lastIndexOf(' ', columns - 1);
      const at = space > hanging ? space : columns - 1;
      lines.push(rest.slice(0, at));
      rest = ' '.repeat(hanging) + rest.slice(at).trimStart();
    }
    return [...lines, rest];
  }
}
