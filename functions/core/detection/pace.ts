import * as z from 'zod';
import { HOUR, type Instant } from '../time.ts';
import { aged, rounded } from './trait.ts';
import { kept } from '../record.ts';

/** Hours that reads may still come late for. CloudTrail usually delivers within minutes. */
const OPEN_HOURS = 3;
/** Half steps of powers of two: the last step is a million reads an hour. */
const STEPS = 41;
/** The pace of all but one in a hundred of the hours in which the token was read at all. */
const QUANTILE = 0.99;

/** How often a token is read in an hour: a histogram of the hours in which it was read, and the last hours, which are still counted. */
export const Pace = kept({
  open: z.array(kept({ hour: z.number().int(), count: z.number().int() })).readonly(),
  /** How many hours, aged to the hour `shapeAt`, had a count of each step. */
  shape: z.array(z.number()).readonly(),
  shapeAt: z.number().int(),
});
export type Pace = z.infer<typeof Pace>;

export const NO_PACE: Pace = { open: [], shape: [], shapeAt: 0 };

/** When the count of an hour is a burst: at so many times the usual most, and never below a floor. */
export interface BurstRule {
  readonly factor: number;
  readonly floor: number;
}

function stepOf(count: number): number {
  return Math.min(STEPS - 1, Math.ceil(2 * Math.log2(Math.max(1, count))));
}

/**
 * The most reads of a usual hour: the 99th percentile over the hours before, so that the hour in question, or a single wild one, does not move it.
 * A median with its deviation would not do: hours of a service are mostly alike and sometimes, at a deployment, tenfold. Undefined while no hour is over.
 */
export function usualMost(pace: Pace): number | undefined {
  const total = pace.shape.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return undefined;
  let left = total * QUANTILE;
  const step = pace.shape.findIndex((weight) => (left -= weight) <= 0);
  return Math.round(2 ** ((step === -1 ? pace.shape.length - 1 : step) / 2));
}

export function burstAt(pace: Pace, rule: BurstRule): number {
  return Math.max(rule.floor, rule.factor * (usualMost(pace) ?? 0));
}

/** Counts one read; an hour that is over goes into the histogram, cut off where a burst begins, so that a burst teaches little. */
export function counted(pace: Pace, at: Instant, rule: BurstRule): Pace {
  const hour = Math.floor(at / HOUR);
  const oldest = pace.open.length >= OPEN_HOURS ? pace.open[0]?.hour : undefined;
  if (oldest !== undefined && hour < oldest) return pace;
  const known = pace.open.some((one) => one.hour === hour);
  if (known)
    return {
      ...pace,
      open: pace.open.map((one) => (one.hour === hour ? { ...one, count: one.count + 1 } : one)),
    };
  const open = [...pace.open, { hour, count: 1 }].sort((a, b) => a.hour - b.hour);
  const [first, ...rest] = open;
  return first === undefined || open.length <= OPEN_HOURS
    ? { ...pace, open }
    : { ...closed(pace, first, rule), open: rest };
}

function closed(pace: Pace, over: { hour: number; count: number }, rule: BurstRule): Pace {
  const step = stepOf(usualMost(pace) === undefined ? over.count : Math.min(over.count, burstAt(pace, rule)));
  const shapeAt = Math.max(pace.shapeAt, over.hour);
  const kept = pace.shape.map((weight) => rounded(aged(weight, (shapeAt - pace.shapeAt) * HOUR)));
  const shape = Array.from(
    { length: Math.max(kept.length, step + 1) },
    (_, index) => (kept[index] ?? 0) + (index === step ? 1 : 0),
  );
  return { ...pace, shape, shapeAt };
}

/** The reads of the hour of an instant, so far. */
export function countOf(pace: Pace, at: Instant): number {
  const hour = Math.floor(at / HOUR);
  return pace.open.find((one) => one.hour === hour)?.count ?? 0;
}
