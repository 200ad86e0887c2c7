import { DAY, type Instant } from '../../../functions/core/basics/time.ts';
import type { Tone } from './display.ts';

/** What is the same for token after token, while nothing is wrong. */
export type Routine = 'rotation' | 'revocation' | 'step';

/** Something that happened. */
export interface Note {
  readonly at: Instant;
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** The token whose routine this is; undefined for what is always told. */
  readonly routine?: { readonly of: string; readonly kind: Routine } | undefined;
}

export interface ChronicleParts {
  readonly display: { readonly line: (text: string, tone?: Tone, hanging?: number) => void };
  /** How a point in time stands at the left. */
  readonly stamp: (at: Instant) => string;
  /** Tells routine in full too. */
  readonly isVerbose?: boolean;
}

/**
 * What happened, in the order in which it did. Routine of the first token is told until its first revocation
 * is verified;
 * from then on, and for other tokens, it is counted, and the count is told when something else is, or at the
 * end of a day.
 */
export class Chronicle {
  /** Everything that was said. */
  readonly lines: string[] = [];
  readonly #parts: ChronicleParts;
  #noted: Note[] = [];
  #example: { readonly of: string; readonly isOver: boolean } | undefined;
  #folded: Note[] = [];

  constructor(parts: ChronicleParts) {
    this.#parts = parts;
  }

  /** A point in time, as it stands at the left. */
  stamp(at: Instant): string {
    return this.#parts.stamp(at);
  }

  /** Says a line that belongs to no point in time. */
  say(line = '', tone?: Tone, hanging = 0): void {
    this.lines.push(line);
    this.#parts.display.line(line, tone, hanging);
  }

  note(at: Instant, text: string, tone?: Tone): void {
    this.#noted.push({ at, text, tone });
  }

  add(note: Note): void {
    this.#noted.push(note);
  }

  /** Tells what was noted. It is `now`: what was folded on an earlier day is told. */
  turnPage(now: Instant): void {
    const noted = this.#noted.toSorted((a, b) => a.at - b.at);
    this.#noted = [];
    for (const note of noted) {
      if (this.#folds(note)) {
        this.#fold(note);
        continue;
      }
      this.unfold();
      this.#tell(note);
    }
    const folded = this.#folded.at(-1);
    if (folded && dayOf(folded.at) !== dayOf(now)) this.unfold();
  }

  /** Tells the count of what was not told. */
  unfold(): void {
    const last = this.#folded.at(-1);
    const text = countOf(this.#folded);
    this.#folded = [];
    if (last && text !== undefined) this.#tell({ at: last.at, text, tone: 'dim' });
  }

  #folds({ routine }: Note): boolean {
    if (!routine || this.#parts.isVerbose === true) return false;
    this.#example ??= { of: routine.of, isOver: false };
    const isExample = routine.of === this.#example.of && !this.#example.isOver;
    if (isExample && routine.kind === 'revocation') this.#example = { of: routine.of, isOver: true };
    return !isExample;
  }

  #fold(note: Note): void {
    const last = this.#folded.at(-1);
    if (last && dayOf(last.at) !== dayOf(note.at)) this.unfold();
    this.#folded.push(note);
  }

  #tell({ at, text, tone }: Note): void {
    const stamp = this.stamp(at);
    this.say(`${stamp}  ${text}`, tone, stamp.length + 2);
  }
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY);
}

/** `2 quiet rotations, 1 old credential revoked and verified`; undefined while neither has ended. */
function countOf(folded: readonly Note[]): string | undefined {
  const number = (kind: Routine): number => folded.filter(({ routine }) => routine?.kind === kind).length;
  const [rotations, revocations] = [number('rotation'), number('revocation')];
  const parts = [
    ...(rotations > 0 ? [`${rotations} quiet rotation${rotations === 1 ? '' : 's'}`] : []),
    ...(revocations > 0
      ? [`${revocations} old credential${revocations === 1 ? '' : 's'} revoked and verified`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Day since a start and time of day, UTC: `day  3 14:15`. */
export function dayAndTime(start: Instant): (at: Instant) => string {
  return (at) => `day ${String(dayOf(at) - dayOf(start) + 1).padStart(2)} ${timeOfDay(at)}`;
}

/** Date and time of day, UTC: `2026-01-05 14:15`. */
export function dateAndTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 10)} ${timeOfDay(at)}`;
}

function timeOfDay(at: Instant): string {
  return new Date(at).toISOString().slice(11, 16);
}
