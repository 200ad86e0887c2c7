/** The baseline of a token: what Keyturn keeps of how the token is usually read. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { HOUR, type Instant } from '../basics/time.ts';
import { NO_RATE, Rate } from './read-rate.ts';
import { DecayingCount } from './decaying-count.ts';
import { kept } from '../basics/record.ts';

/** The most that a baseline keeps of each. A record never grows beyond about 20 kB. */
export const MOST = { readers: 24, networks: 8, regions: 8, agents: 12, denials: 8, marks: 256 } as const;

const MARK_LENGTH = 6;

const HOURS = 24;

/** One principal that read the token. */
export const Reader = DecayingCount.extend({
  networks: z.array(DecayingCount).readonly(),
  /**
   * How many of its reads came from a network that was new by then and not reported, the first one left out.
   * Aged like `weight`.
   */
  fresh: z.number(),
  /** The version of its latest read, as far as the record shows it. */
  version: z.string().optional(),
  network: z.string(),
  /** The role behind it, where it is not itself one. */
  role: z.string().optional(),
  /** Who accepted it, where a person did. */
  acceptedBy: z.string().optional(),
});

export type Reader = z.infer<typeof Reader>;

/**
 * How a token is read: learned from CloudTrail, aged, bounded. It is kept in the table only and is harmless
 * to
 * lose: it is learned anew, and until then unusual reads are not reported.
 */
export const Baseline = kept({
  tokenId: z.string(),
  /** The first read by a known reader, or before that the first event. Learning counts from here. */
  since: z.number(),
  /** The latest read. */
  lastAt: z.number(),
  /** The longest time between two reads so far. */
  silence: z.number(),
  /**
   * Reads, and those of a principal that was new by then and not reported, aged to `lastAt`.
   * Unrecognized readers that were reported do not count: they do not make new readers usual.
   */
  reads: z.number(),
  fresh: z.number(),
  readers: z.array(Reader).readonly(),
  regions: z.array(DecayingCount).readonly(),
  agents: z.array(DecayingCount).readonly(),
  denials: z.array(DecayingCount).readonly(),
  /** When the token was last read in each hour of the day, UTC; 0 for never. */
  hours: z.array(z.number()).length(HOURS).readonly(),
  rate: Rate,
  /** Marks of the latest events, so that one that comes again changes nothing. */
  marks: z.array(z.string()).readonly(),
  /** How much was pushed out by the bounds. */
  evicted: z.number().int().nonnegative(),
});

export type Baseline = z.infer<typeof Baseline>;

/** The baseline of a token before its first read. */
export function newBaseline(tokenId: string, since: Instant): Baseline {
  return {
    tokenId,
    since,
    lastAt: since,
    silence: 0,
    reads: 0,
    fresh: 0,
    readers: [],
    regions: [],
    agents: [],
    denials: [],
    hours: Array.from({ length: HOURS }, () => 0),
    rate: NO_RATE,
    marks: [],
    evicted: 0,
  };
}

/** A short name of an event; two of the kept ones share it once in about a hundred million events. */
export function markOf(eventId: string): string {
  return createHash('sha256').update(eventId).digest('base64url').slice(0, MARK_LENGTH);
}

/** The hour of the day in UTC. */
export function hourOf(at: Instant): number {
  return Math.floor(at / HOUR) % HOURS;
}
