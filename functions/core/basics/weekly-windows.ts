/**
 * Windows that repeat every week by the wall clock of a time zone: how they are written, and when they
 * open.
 */
import * as z from 'zod';
import { DAY, MINUTE, type Instant } from './time.ts';
import { kept } from './record.ts';
import { type Span, isZone, momentsOf, wallTime } from './wall-clocks.ts';

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

const SPAN = `${DAYS}(?:-${DAYS})?`;
const WINDOW = new RegExp(
  `^(?:(daily|${SPAN}(?:,? ?${SPAN})*) )?(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d) (\\S+)$`,
  'i',
);

/**
 * Reads `mon-fri 09:00-17:00 Europe/Berlin`, `sat sun 22:00-04:00 UTC` or `daily 02:00-05:00 UTC`;
 * undefined when the text is none of these.
 */
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

/** The opening of a window on one day of the wall clock, given as midnight. */
function spanOn(window: Window, midnight: Instant): Span {
  const end = window.to > window.from ? window.to : window.to + 1440;
  return {
    from: momentsOf(midnight + window.from * MINUTE, window.zone).first,
    to: momentsOf(midnight + end * MINUTE, window.zone).last,
  };
}

/**
 * Openings of a window that are not over at a moment, in order, for a week and a day on either side; each
 * is worked out when it is asked for.
 */
export function* openingsFrom(window: Window, at: Instant): Generator<Span> {
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
