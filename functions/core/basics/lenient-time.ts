import { DAY, HOUR, MINUTE, SECOND, type Instant, type Millis } from './time.ts';

/**
 * A calendar, week or ordinal date in basic or extended form, and what follows it. Source: ISO 8601-1:2019,
 * section 5.2.
 */
const DATE =
  /^(?<year>\d{4})-?(?:(?<month>\d{2})-?(?<day>\d{2})|W(?<week>\d{2})-?(?<weekday>[1-7])|(?<ordinal>\d{3}))(?<rest>|\D.*|\d{4}|\d{6})$/i;
/**
 * A time in basic or extended form. RFC 3339 lets a blank or an underscore stand for the T, RFC 9557 a name
 * in brackets follow the zone.
 */
const TIME =
  /^(?:[T _]\s*)?(?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{2}))?)?(?:[.,](?<fraction>\d{1,12}))?\s*(?<zone>Z|UTC|GMT|[+\-−]\d{2}(?::?\d{2})?)?(?:\[[^\]]*\])?$/i;
/** No leak that anybody answers is older: what says so is no time but another number. */
const EARLIEST = Date.UTC(2000, 0, 1);

type Parts = Readonly<Record<string, string | undefined>>;

/**
 * When something happened, as somebody else wrote it: ISO 8601 in any form, or seconds, milliseconds,
 * microseconds or nanoseconds since 1970, as a number or in digits. Without a zone it is UTC; what lies ahead
 * of `now` is `now`. Undefined for what is no time: that costs the time, never what it belongs to.
 */
export function instantFrom(said: unknown, now: Instant): Instant | undefined {
  const at = typeof said === 'string' ? instantIn(said.trim()) : countedFrom(said);
  return at === undefined || !Number.isFinite(at) || at < EARLIEST ? undefined : Math.min(at, now);
}

/** The unit by the size of the number: between 1973 and 5138 none can be taken for another. */
function countedFrom(count: unknown): Instant | undefined {
  if (typeof count !== 'number') return undefined;
  if (count < 1e11) return Math.round(count * SECOND);
  if (count < 1e14) return Math.round(count);
  return Math.round(count < 1e17 ? count / 1e3 : count / 1e6);
}

function instantIn(text: string): Instant | undefined {
  const iso = isoIn(text);
  if (iso !== undefined) return iso;
  // .NET once wrote /Date(1767600000000)/.
  const digits = /^(?:\/Date\()?(\d+(?:\.\d+)?)(?:[+-]\d{4})?(?:\)\/)?$/.exec(text)?.[1];
  if (digits !== undefined) return countedFrom(Number(digits));
  // Dates of mails and logs name their month. The runtime reads them, by the zone of the machine where they
  // name none.
  if (!/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(text)) return undefined;
  return Date.parse(/(?:Z|UTC|GMT|[+-]\d{4})$/.test(text) ? text : `${text} UTC`);
}

function isoIn(text: string): Instant | undefined {
  const date = DATE.exec(text)?.groups;
  const day = date && dayOf(date);
  const rest = date?.['rest'] ?? '';
  if (day === undefined || /^Z?$/i.test(rest)) return day;
  const time = TIME.exec(rest)?.groups;
  const into = time && timeOf(time);
  return into === undefined ? undefined : day + into;
}

function dayOf({ year, month, day, week, weekday, ordinal }: Parts): Instant | undefined {
  const [first, fourth] = [Date.UTC(Number(year), 0, 1), Date.UTC(Number(year), 0, 4)];
  if (ordinal !== undefined)
    return isWithin(ordinal, 1, 366) ? first + (Number(ordinal) - 1) * DAY : undefined;
  // The fourth of January is always in the first week, which begins on a Monday.
  if (week !== undefined)
    return isWithin(week, 1, 53)
      ? fourth + ((Number(week) - 1) * 7 + Number(weekday) - (new Date(fourth).getUTCDay() || 7)) * DAY
      : undefined;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return isWithin(month, 1, 12) && new Date(at).getUTCDate() === Number(day) ? at : undefined;
}

/** Since midnight UTC. A minute may have a leap second, a day a 24th hour. */
function timeOf({ hour, minute = '0', second = '0', fraction = '0', zone = 'Z' }: Parts): Millis | undefined {
  if (!isWithin(hour, 0, 24) || !isWithin(minute, 0, 59) || !isWithin(second, 0, 60)) return undefined;
  return (
    Number(hour) * HOUR +
    Number(minute) * MINUTE +
    Number(second) * SECOND +
    Math.floor(Number(`0.${fraction}`) * SECOND) -
    offsetOf(zone)
  );
}

function offsetOf(zone: string): Millis {
  const [, sign, hours = '0', minutes = '0'] = /^([+\-−])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  const length = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return sign === undefined || sign === '+' ? length : -length;
}

function isWithin(text: string | undefined, least: number, most: number): boolean {
  return Number(text) >= least && Number(text) <= most;
}
