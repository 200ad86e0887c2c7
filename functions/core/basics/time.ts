/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;
/** A length of time in milliseconds. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

/**
 * A date begins so long before it begins in UTC where it begins first, and so long after where it begins last
 * (IANA time zone database: UTC+14 and UTC-12).
 */
export const FURTHEST_EAST: Millis = 14 * HOUR;
export const FURTHEST_WEST: Millis = 12 * HOUR;

const UNITS: ReadonlyMap<string, Millis> = new Map([
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
]);

/** Reads `30s`, `15m`, `12h` or `90d`; undefined when the text is none of these. */
export function parseDuration(text: string): Millis | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text.trim());
  if (!match) return undefined;
  const [, count, unit] = match;
  const factor = UNITS.get(unit ?? '');
  return factor === undefined ? undefined : Number(count) * factor;
}

/** The shortest exact form that {@link parseDuration} reads back: `90m` is `90m`, `120m` is `2h`. */
export function formatDuration(length: Millis): string {
  const units: [string, Millis][] = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
  ];
  const exact = units.find(([, factor]) => length > 0 && length % factor === 0);
  return exact ? `${length / exact[1]}${exact[0]}` : `${Math.ceil(length / SECOND)}s`;
}

/** ISO 8601 in UTC without fractions of a second, as people read it in tables and alerts. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
