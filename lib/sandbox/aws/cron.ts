import { DAY, HOUR, MINUTE, type Instant, type Millis } from '../../../functions/core/basics/time.ts';
import { AwsError } from './errors.ts';

/** When something recurs. `next` is the first time strictly after an instant. */
export interface Recurrence {
  readonly unit: 'minute' | 'hour' | 'day' | 'cron';
  /** The distance of a rate; undefined for cron. */
  readonly every: Millis | undefined;
  next(after: Instant, base: Instant): Instant | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const UNITS = { minute: MINUTE, hour: HOUR, day: DAY } as const;

function bad(expression: string): AwsError {
  return new AwsError('ValidationException', `Invalid schedule expression ${expression}.`);
}

function rate(expression: string): Recurrence | undefined {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (!match) return undefined;
  const unit = match[2] === 'minute' || match[2] === 'hour' ? match[2] : 'day';
  const every = Number(match[1]) * UNITS[unit];
  if (every === 0) throw bad(expression);
  return {
    unit,
    every,
    next: (after, base) => base + every * (Math.max(0, Math.floor((after - base) / every)) + 1),
  };
}

type Field = (value: number) => boolean;

function numberIn(text: string, names: readonly string[], offset: number): number {
  const named = names.indexOf(text.toUpperCase());
  return named === -1 ? Number(text) : named + offset;
}

/** One field of a cron expression: `*`, `?`, lists, ranges and steps. */
function field(text: string, low: number, high: number, names: readonly string[] = []): Field | undefined {
  const allowed = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/');
    const [first = '', last] = range.split('-');
    const any = range === '*' || range === '?';
    const from = any ? low : numberIn(first, names, low);
    const open = step === undefined ? from : high;
    const to = any ? high : last === undefined ? open : numberIn(last, names, low);
    const by = step === undefined ? 1 : Number(step);
    if (!(from >= low && to <= high && from <= to && by >= 1)) return undefined;
    for (let value = from; value <= to; value += by) allowed.add(value);
  }
  return (value) => allowed.has(value);
}

function lastDayOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/**
 * A test of the day: day of the month with `L`, or day of the week with `L` and `#`, as EventBridge reads
 * them.
 */
function dayField(ofMonth: string, ofWeek: string): ((date: Date) => boolean) | undefined {
  if (ofMonth === 'L') return (date) => date.getUTCDate() === lastDayOfMonth(date);
  const nth = /^([1-7A-Za-z]+)#([1-5])$/.exec(ofWeek);
  if (nth)
    return (date) =>
      date.getUTCDay() + 1 === numberIn(nth[1] ?? '', DAYS, 1) &&
      Math.ceil(date.getUTCDate() / 7) === Number(nth[2]);
  const last = /^([1-7A-Za-z]{1,3})L$/.exec(ofWeek);
  if (last)
    return (date) =>
      date.getUTCDay() + 1 === numberIn(last[1] ?? '', DAYS, 1) &&
      date.getUTCDate() > lastDayOfMonth(date) - 7;
  const month = field(ofMonth, 1, 31);
  const week = field(ofWeek, 1, 7, DAYS);
  return month && week && ((date) => month(date.getUTCDate()) && week(date.getUTCDay() + 1));
}

function cron(expression: string): Recurrence {
  const parts = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  const [minutes = '', hours = '', ofMonth = '', months = '', ofWeek = '', years = ''] = parts;
  const [minute, hour, month, year] = [
    field(minutes, 0, 59),
    field(hours, 0, 23),
    field(months, 1, 12, MONTHS),
    field(years, 1970, 2199),
  ];
  const day = dayField(ofMonth, ofWeek);
  const oneOpen = (ofMonth === '?') !== (ofWeek === '?') || (ofMonth === '*' && ofWeek === '*');
  if (parts.length !== 6 || !minute || !hour || !month || !year || !day || !oneOpen) throw bad(expression);
  const next = (after: Instant): Instant | undefined => {
    const limit = after + 6 * 366 * DAY;
    let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
    while (at < limit) {
      const date = new Date(at);
      if (!month(date.getUTCMonth() + 1) || !year(date.getUTCFullYear()) || !day(date))
        at = (Math.floor(at / DAY) + 1) * DAY;
      else if (!hour(date.getUTCHours())) at = (Math.floor(at / HOUR) + 1) * HOUR;
      else if (!minute(date.getUTCMinutes())) at += MINUTE;
      else return at;
    }
    return undefined;
  };
  return { unit: 'cron', every: undefined, next };
}

/** Reads `rate(…)` and `cron(…)`, in UTC. Errors: ValidationException. */
export function parseSchedule(expression: string): Recurrence {
  return rate(expression) ?? cron(expression);
}
