/** What the wall clock of a time zone shows at a moment, and at which moments it shows a time. */
import { DAY, MINUTE, type Instant, type Millis } from './time.ts';

/** A span of time. */
export interface Span {
  readonly from: Instant;
  /** The first moment after it. */
  readonly to: Instant;
}

/** Whether a name is one of the IANA time zones that this system knows. */
export function isZone(zone: string): boolean {
  try {
    zoneOf(zone);
    return true;
  } catch {
    return false;
  }
}

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  /**
   * Differences from UTC by the quarter of an hour they hold for.
   * Asking costs time, and the same quarters are asked for again and again.
   */
  readonly offsets: Map<Instant, Millis>;
}

const ZONES = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  const known = ZONES.get(name);
  if (known) return known;
  const parts = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  const made = {
    clock: new Intl.DateTimeFormat('en-CA', { timeZone: name, hourCycle: 'h23', ...parts }),
    offsets: new Map<Instant, Millis>(),
  };
  ZONES.set(name, made);
  return made;
}

/** Zones change their clocks at quarters of an hour: within one, the difference from UTC stays the same. */
const QUARTER = 15 * MINUTE;

const MOST_OFFSETS = 10_000;

/** What the wall clock of a zone shows, written as if it were UTC, so that it can be counted with. */
export function wallTime(at: Instant, zone: string): Instant {
  const { clock, offsets } = zoneOf(zone);
  const quarter = Math.floor(at / QUARTER) * QUARTER;
  const known = offsets.get(quarter);
  if (known !== undefined) return at + known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const offset = shownAt(quarter, clock) - quarter;
  offsets.set(quarter, offset);
  return at + offset;
}

function shownAt(at: Instant, clock: Intl.DateTimeFormat): Instant {
  const shown = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * The moments at which a wall clock shows a time.
 * There are two where the clock is set back over the time.
 * There is none where it is set forward over it. Then both are the moment of the jump.
 */
export function momentsOf(wall: Instant, zone: string): { first: Instant; last: Instant } {
  const offsets = [-DAY, DAY].map((shift) => wallTime(wall + shift, zone) - (wall + shift));
  const found = [...new Set(offsets)]
    .map((offset) => wall - offset)
    .filter((at) => wallTime(at, zone) === wall);
  if (found.length > 0) return { first: Math.min(...found), last: Math.max(...found) };
  const jump = jumpNear(wall, zone, offsets);
  return { first: jump, last: jump };
}

/** Halves the span in which the clock jumps over a time until the second of the jump is found. */
function jumpNear(wall: Instant, zone: string, offsets: readonly Millis[]): Instant {
  let before = wall - Math.max(...offsets);
  let after = wall - Math.min(...offsets);
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (wallTime(middle, zone) < wall) before = middle;
    else after = middle;
  }
  return after;
}
