/** Freezes: spans in which no rotation begins, how they are written, and when they begin and end. */
import * as z from 'zod';
import { DAY, type Instant } from './time.ts';
import { kept } from './record.ts';
import { type Span, isZone, momentsOf } from './wall-clocks.ts';

/**
 * When nothing may begin: `2026-12-20..2027-01-05 Europe/Berlin`, both days included. Local times without a
 * zone, ISO 8601.
 */
export const Freeze = kept({ from: z.string(), to: z.string(), zone: z.string() });

export type Freeze = z.infer<typeof Freeze>;

const LOCAL = String.raw`\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?`;

const FREEZE = new RegExp(`^(${LOCAL})\\.\\.(${LOCAL}) (\\S+)$`);

/**
 * Reads `2026-12-20..2027-01-05 Europe/Berlin` or `2026-12-20T18:00..2027-01-05T08:00 UTC`; undefined when
 * the text is neither, or ends before it begins.
 */
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
export function spanOfFreeze({ from, to, zone }: Freeze): Span {
  const wall = (text: string, isEnd: boolean): Instant =>
    text.length === 10 ? Date.parse(`${text}T00:00:00Z`) + (isEnd ? DAY : 0) : Date.parse(`${text}:00Z`);
  return { from: momentsOf(wall(from, false), zone).first, to: momentsOf(wall(to, true), zone).last };
}
