import { DAY, type Instant } from '../../../functions/core/basics/time.ts';

/** The story as it is told: what was noted since the last page, in the order in which it happened. */
export class Chronicle {
  /** Everything that was said. */
  readonly lines: string[] = [];
  readonly #start: Instant;
  readonly #say: (line: string) => void;
  #noted: { readonly at: Instant; readonly text: string }[] = [];

  constructor(start: Instant, say: (line: string) => void) {
    this.#start = start;
    this.#say = say;
  }

  /** Says a line that belongs to no point in time. */
  say(line = ''): void {
    this.lines.push(line);
    this.#say(line);
  }

  note(at: Instant, text: string): void {
    this.#noted.push({ at, text });
  }

  turnPage(): void {
    const noted = this.#noted.toSorted((a, b) => a.at - b.at);
    this.#noted = [];
    for (const { at, text } of noted) this.say(`${this.#stamp(at)}  ${text}`);
  }

  /** Day of the story and time of day, UTC. */
  #stamp(at: Instant): string {
    const day = Math.floor(at / DAY) - Math.floor(this.#start / DAY) + 1;
    return `day ${String(day).padStart(2)} ${new Date(at).toISOString().slice(11, 16)}`;
  }
}
