import * as z from 'zod';
import { DAY, MINUTE, SECOND, type Instant, type Millis } from './time.ts';
import { kept } from './record.ts';

/** Days as people write them; Monday is 1, as in ISO 8601. */
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAYS = `(?:${WEEKDAYS.join('|')})`;

/** When rotations may begin, by the clock on a wall: `mon-fri 09:00-17:00 Europe/Berlin`. */
export const Window = kept({
  /** 1 is Monday. */
  days: z.array(z.number().int().min(1).max(7)).min(1).readonly(),
  /** Minutes after midnight; an end at or before the start lies on the next day. */
  from: z.number().int().min(0).max(1439),
  to: z.number().int().min(0).max(1440),
  zone: z.string(),
});
export type Window = z.infer<typeof Window>;

/** When nothing may begin: `2026-12-20..2027-01-05 Europe/Berlin`, both days included. Local times without a zone, ISO 8601. */
export const Freeze = kept({ from: z.string(), to: z.string(), zone: z.string() });
export type Freeze = z.infer<typeof Freeze>;

/** What limits when a rotation may begin. */
export interface Calendar {
  readonly windows: readonly Window[];
  readonly freezes: readonly Freeze[];
}

interface Span {
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
  /** Differences from UTC by the quarter of an hour they hold for. Asking is dear, and the same quarters are asked for again and again. */
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

/** What a clock on a wall in a zone shows, written as if it were UTC, so that it can be counted with. */
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
 * The moments at which a clock on a wall shows a time: two where it is set back over it, none where it is set forward over it,
 * which is then the moment of the jump.
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

const WINDOW = new RegExp(
  `^(?:(daily|${DAYS}(?:-${DAYS})?(?:,? ?${DAYS}(?:-${DAYS})?)*) )?(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d) (\\S+)$`,
  'i',
);

/** Reads `mon-fri 09:00-17:00 Europe/Berlin`, `sat sun 22:00-04:00 UTC` or `daily 02:00-05:00 UTC`; undefined when the text is none of these. */
export function parseWindow(text: string): Window | undefined {
  const match = WINDOW.exec(text.trim().replace(/\s+/g, ' '));
  if (!match) return undefined;
  const [, days = 'daily', fromHour, fromMinute, toHour, toMinute, zone = ''] = match;
  const from = minutesOf(fromHour, fromMinute);
  const to = minutesOf(toHour, toMinute);
  if (from === undefined || to === undefined || from === 1440 || from === to || !isZone(zone))
    return undefined;
  return { days: daysIn(days.toLowerCase()), from, to, zone };
}

function minutesOf(hour = '', minute = ''): number | undefined {
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 1440 ? minutes : undefined;
}

function daysIn(text: string): number[] {
  if (text === 'daily') return [1, 2, 3, 4, 5, 6, 7];
  const numbers = text.split(/[ ,]+/).flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    return between(dayNumber(first), dayNumber(last));
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function dayNumber(name: string): number {
  return WEEKDAYS.findIndex((day) => day === name) + 1;
}

/** From one day of the week to another, over Sunday if need be. */
function between(first: number, last: number): number[] {
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, step) => ((first - 1 + step) % 7) + 1);
}

/** The text that {@link parseWindow} reads back. */
export function formatWindow({ days, from, to, zone }: Window): string {
  const names = days.length === 7 ? 'daily' : days.map((day) => WEEKDAYS[day - 1] ?? '').join(' ');
  return `${names} ${clockText(from)}-${clockText(to)} ${zone}`;
}

function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

const LOCAL = String.raw`\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?`;
const FREEZE = new RegExp(`^(${LOCAL})\\.\\.(${LOCAL}) (\\S+)$`);

/** Reads `2026-12-20..2027-01-05 Europe/Berlin` or `2026-12-20T18:00..2027-01-05T08:00 UTC`; undefined when the text is neither, or ends before it begins. */
export function parseFreeze(text: string): Freeze | undefined {
  const [, from = '', to = '', zone = ''] = FREEZE.exec(text.trim().replace(/\s+/g, ' ')) ?? [];
  if (!isLocal(from) || !isLocal(to) || !isZone(zone)) return undefined;
  const freeze = { from, to, zone };
  const { from: begins, to: ends } = spanOfFreeze(freeze);
  return begins < ends ? freeze : undefined;
}

function isLocal(text: string): boolean {
  const at = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** The text that {@link parseFreeze} reads back. */
export function formatFreeze({ from, to, zone }: Freeze): string {
  return `${from}..${to} ${zone}`;
}

/** A time that a clock shows twice counts from its first showing at the start and to its last at the end. */
function spanOfFreeze({ from, to, zone }: Freeze): Span {
  const wall = (text: string, isEnd: boolean): Instant =>
    text.length === 10 ? Date.parse(`${text}T00:00:00Z`) + (isEnd ? DAY : 0) : Date.parse(`${text}:00Z`);
  return { from: momentsOf(wall(from, false), zone).first, to: momentsOf(wall(to, true), zone).last };
}

/** The opening of a window on one day of the wall clock, given as midnight. */
function spanOn(window: Window, midnight: Instant): Span {
  const end = window.to > window.from ? window.to : window.to + 1440;
  return {
    from: momentsOf(midnight + window.from * MINUTE, window.zone).first,
    to: momentsOf(midnight + end * MINUTE, window.zone).last,
  };
}

/** Openings of a window that are not over at a moment, in order, for a week and a day on either side; each is worked out when it is asked for. */
function* openingsFrom(window: Window, at: Instant): Generator<Span> {
  const today = Math.floor(wallTime(at, window.zone) / DAY) * DAY;
  for (let midnight = today - DAY; midnight <= today + 8 * DAY; midnight += DAY) {
    if (!window.days.includes(weekdayOf(midnight))) continue;
    const span = spanOn(window, midnight);
    if (span.to > at && span.from < span.to) yield span;
  }
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(midnight: Instant): number {
  return ((Math.floor(midnight / DAY) + 3) % 7) + 1;
}

/** The earliest moment at or after `at` within a window; `at` itself where there are none. */
function openFrom(windows: readonly Window[], at: Instant): Instant {
  if (windows.length === 0) return at;
  return Math.min(
    ...windows.map((window) => Math.max(openingsFrom(window, at).next().value?.from ?? Infinity, at)),
  );
}

function thawFrom(freezes: readonly Freeze[], at: Instant): Instant {
  return Math.max(
    at,
    ...freezes
      .map(spanOfFreeze)
      .filter((span) => span.from <= at && at < span.to)
      .map((span) => span.to),
  );
}

/** A calendar is looked through so often; each look passes a freeze or reaches a window. */
const LOOKS = 400;

/** The earliest moment at or after `at` at which a rotation may begin; undefined when windows and freezes leave none that can be seen. */
export function nextOpening({ windows, freezes }: Calendar, at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const open = openFrom(windows, found);
    const thawed = thawFrom(freezes, open);
    if (thawed === open) return open;
    found = thawed;
  }
  return undefined;
}

/** The latest open moment at or before `at`; undefined when there is none that can be seen. */
export function lastOpening({ windows, freezes }: Calendar, at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const open = openUntil(windows, found);
    const before = Math.min(
      open,
      ...freezes
        .map(spanOfFreeze)
        .filter((span) => span.from <= open && open < span.to)
        .map((span) => span.from - SECOND),
    );
    if (before === open) return open;
    found = before;
  }
  return undefined;
}

/** The first moment at or after `at` that lies in none of the windows: where they say when not. Undefined when they leave none that can be seen. */
export function closedUntil(windows: readonly Window[], at: Instant): Instant | undefined {
  let found = at;
  for (let look = 0; look < LOOKS; look++) {
    const covering = windows
      .flatMap((window) => [...openingsFrom(window, found)])
      .filter((span) => span.from <= found);
    if (covering.length === 0) return found;
    found = Math.max(...covering.map((span) => span.to));
  }
  return undefined;
}

/** The latest moment at or before `at` within a window; `at` itself where there are none. */
function openUntil(windows: readonly Window[], at: Instant): Instant {
  if (windows.length === 0) return at;
  const spans = windows.flatMap((window) =>
    [...openingsFrom(window, at - 8 * DAY)].filter((span) => span.from <= at),
  );
  return Math.max(...spans.map((span) => Math.min(at, span.to - SECOND)));
}

export function isOpen(calendar: Calendar, at: Instant): boolean {
  return nextOpening(calendar, at) === at;
}

/** Any week will do: windows repeat every week. */
const SOME_WEEK = Date.UTC(2026, 5, 1);

/** How long a calendar stays closed at the longest; infinite when it never opens. */
export function longestClosed(calendar: Calendar): Millis {
  const weekly = calendar.windows.flatMap((window) =>
    [...openingsFrom(window, SOME_WEEK)].map((span) => span.to),
  );
  const frozen = calendar.freezes.map((freeze) => spanOfFreeze(freeze).from);
  const closed = [
    ...weekly.map((at) => closedFor({ ...calendar, freezes: [] }, at)),
    ...frozen.map((at) => closedFor(calendar, at)),
  ];
  return Math.max(0, ...closed);
}

function closedFor(calendar: Calendar, at: Instant): Millis {
  return (nextOpening(calendar, at) ?? Infinity) - at;
}
