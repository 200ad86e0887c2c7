import { capital } from '../../../functions/core/basics/capital.ts';
import type { LookedUp } from './looking.ts';
import type { Sighting } from './sightings.ts';

/** So many numbers are named. */
const MOST_NAMED = 10;

export interface Undecided {
  /** What to tell a person; by number, never by content. */
  readonly sentences: readonly string[];
  /** False where something was masked or too long: whatever else was found, that is open. */
  readonly isRead: boolean;
}

/**
 * What nobody can tell of what came: it held more than a value, was masked, or was too long. An all-clear is
 * for bare values alone.
 */
export function undecided(
  { rest, owned }: Pick<LookedUp, 'rest' | 'owned'>,
  what: 'line' | 'finding',
): Undecided {
  const masked = rest.filter((one) => one.nature === 'masked');
  const cut = rest.filter((one) => one.isCut);
  const unclear = rest.filter(
    (one) => one.nature === 'text' || (one.nature === 'nothing' && owned.length === 0),
  );
  return {
    sentences: [
      ...(masked.length === 0
        ? []
        : [
            `${named(masked, what)} could not be read: the value in it was masked, or written with ` +
              `redaction. ${what === 'line' ? 'Send the value itself.' : 'Run the scanner without it.'}`,
          ]),
      ...(cut.length === 0
        ? []
        : [`${named(cut, what)} is too long to be checked whole: send the bare value.`]),
      ...(unclear.length === 0
        ? []
        : [
            `Keyturn cannot decide about ${lower(named(unclear, what))}: it found no known value ` +
              'there, and it is not a bare value. Send the bare value, one a line.',
          ]),
    ],
    isRead: masked.length === 0 && cut.length === 0,
  };
}

function named(sightings: readonly Sighting[], what: string): string {
  const numbers = [...new Set(sightings.flatMap((one) => one.numbers))];
  const shown = numbers.slice(0, MOST_NAMED);
  const more = numbers.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return shown.length === 0
    ? `${capital(what)} ${last}`
    : `${capital(what)}s ${shown.join(', ')} and ${last}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
