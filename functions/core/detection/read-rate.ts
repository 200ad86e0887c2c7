import * as z from 'zod';
import { HOUR, type Instant } from '../basics/time.ts';
import { aged, rounded } from './decaying-count.ts';
import { kept } from '../basics/record.ts';

/** Hours that reads may still come late for. CloudTrail usually delivers within minutes. */
const OPEN_HOURS = 3;
/** Half steps of powers of two: the last step is a million reads an hour. */
const STEPS = 41;
/** The pace of all but one in a hundred of the hours in which the token was read at all. */
const QUANTILE = 0.99;

/**
 * How often a token is read in an hour: a histogram of the hours in which it was read, and the last hours,
 * which are still counted.
 */
export const Rate = kept({
  open: z.array(kept({ hour: z.number().int(), count: z.number().int() })).readonly(),
  /** How many hours, aged to the hour `shapeAt`, had a count of each step. */
  shape: z.array(z.number()).readonly(),
  shapeAt: z.number().int(),
});
export type Rate = z.infer<typeof Rate>;

export const NO_RATE: Rate = { open: [], shape: [], shapeAt: 0 };

/** When the count of an hour is a burst: at so many times the usual most, and never below a floor. */
export interface BurstRule {
  readonly factor: number;
  readonly floor: number;
}

function stepOf(count: number): number {
  return Math.min(STEPS - 1, Math.ceil(2 * Math.log2(Math.max(1, count))));
}

/**
 * The most reads of a usual hour: the 99th percentile over the hours before, so that the hour in question, or
 * a single wild one, does not move it. A median with its deviation would not do: hours of a service are
 * mostly alike and sometimes, at a deployment, tenfold. Undefined while no hour is over.
 */
export function usualMost(rate: Rate): number | undefined {
  const total = rate.shape.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return undefined;
  let left = total * QUANTILE;
  const step = rate.shape.findIndex((weight) => (left -= weight) <= 0);
  return Math.round(2 ** ((step === -1 ? rate.shape.length - 1 : step) / 2));
}

export function burstAt(rate: Rate, rule: BurstRule): number {
  return Math.max(rule.floor, rule.factor * (usualMost(rate) ?? 0));
}

/**
 * Counts one read; an hour that is over goes into the histogram, cut off where a burst begins, so that a
 * burst teaches little.
 */
export function counted(rate: Rate, at: Instant, rule: BurstRule): Rate {
  const hour = Math.floor(at / HOUR);
  const oldest = rate.open.length >= OPEN_HOURS ? rate.open[0]?.hour : undefined;
  if (oldest !== undefined && hour < oldest) return rate;
  const known = rate.open.some((one) => one.hour === hour);
  if (known)
    return {
      ...rate,
      open: rate.open.map((one) => (one.hour === hour ? { ...one, count: one.count + 1 } : one)),
    };
  const open = [...rate.open, { hour, count: 1 }].sort((a, b) => a.hour - b.hour);
  const [first, ...rest] = open;
  return first === undefined || open.length <= OPEN_HOURS
    ? { ...rate, open }
    : { ...closed(rate, first, rule), open: rest };
}

function closed(rate: Rate, over: { hour: number; count: number }, rule: BurstRule): Rate {
  const step = stepOf(usualMost(rate) === undefined ? over.count : Math.min(over.count, burstAt(rate, rule)));
  const shapeAt = Math.max(rate.shapeAt, over.hour);
  const kept = rate.shape.map((weight) => rounded(aged(weight, (shapeAt - rate.shapeAt) * HOUR)));
  const shape = Array.from(
    { length: Math.max(kept.length, step + 1) },
    (_, index) => (kept[index] ?? 0) + (index === step ? 1 : 0),
  );
  return { ...rate, shape, shapeAt };
}

/** The reads of the hour of an instant, so far. */
export function countOf(rate: Rate, at: Instant): number {
  const hour = Math.floor(at / HOUR);
  return rate.open.find((one) => one.hour === hour)?.count ?? 0;
}
