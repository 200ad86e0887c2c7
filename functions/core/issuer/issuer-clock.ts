import * as z from 'zod';
import { kept } from '../basics/record.ts';
import { DAY, MINUTE, SECOND, type Instant, type Millis } from '../basics/time.ts';

/**
 * An issuer's clock may be off by so much without a finding. One that is further off is reported, and ends
 * are then uncertain by as much as it is.
 */
export const SKEW: Millis = 2 * MINUTE;

/** What was seen of a clock is believed for so long; after that it is unknown. */
export const CLOCK_KNOWN_FOR: Millis = DAY;

/** An answer says the whole second in which it was made, so it may be off by as much. */
const STEP: Millis = SECOND;

/**
 * The one form in which dates are sent. Source: RFC 9110, section 5.6.7, `IMF-fixdate`. The two obsolete ones
 * are read as no date: one of them names no zone.
 */
const FIXDATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * How a host's clock stood against ours by one of its answers: ahead by `least` at least and by `most` at
 * most. Below zero it is behind.
 */
export const SeenClock = kept({ host: z.string(), least: z.number(), most: z.number(), seenAt: z.number() });
export type SeenClock = z.infer<typeof SeenClock>;

/** A request as our clock has it: when it was sent and when its answer began to arrive. */
export interface Asked {
  readonly host: string;
  readonly sentAt: Instant;
  readonly answeredAt: Instant;
}

/**
 * What an answer tells of the clock of its host; undefined where it tells nothing. A server that works sends
 * the date at which the answer was made (RFC 9110, section 6.6.1; with 5xx it need not, and whoever answers
 * for one that is down has another clock). What a cache kept is older than it says, and has an `Age` (RFC
 * 9111, section 5.1).
 */
export function clockIn(
  { status, headers, redirected }: Pick<Response, 'status' | 'headers' | 'redirected'>,
  { host, sentAt, answeredAt }: Asked,
): SeenClock | undefined {
  const date = headers.get('date') ?? '';
  if (redirected || status >= 500 || isKeptByCache(headers) || !FIXDATE.test(date)) return undefined;
  const at = Date.parse(date);
  return Number.isNaN(at)
    ? undefined
    : { host, least: at - STEP - answeredAt, most: at + STEP - sentAt, seenAt: answeredAt };
}

/** An age that cannot be read is one all the same. */
function isKeptByCache(headers: Headers): boolean {
  const age = headers.get('age');
  return age !== null && !/^0+$/.test(age);
}

/** The furthest that a clock may be off, by what was seen of it. */
export function furthestOff({ least, most }: SeenClock): Millis {
  return Math.max(Math.abs(least), Math.abs(most));
}

/** Whether it is off for certain, by more than goes unnoticed. */
export function isOff({ least, most }: SeenClock): boolean {
  return least > SKEW || most < -SKEW;
}

/** What has clocks on record. */
interface Timed {
  readonly issuerClock?: SeenClock | undefined;
}

/** What is known of the issuer's clock now; undefined where it agrees with ours as far as anybody knows. */
export function knownClock({ issuerClock }: Timed, now: Instant): SeenClock | undefined {
  return issuerClock && now < issuerClock.seenAt + CLOCK_KNOWN_FOR ? issuerClock : undefined;
}

/** By how much a date of the issuer may come earlier or later by our clock, as far as is known now. */
export function skewOf(record: Timed, now: Instant): Millis {
  return skewBy(knownClock(record, now));
}

/** The same by one look at a clock. */
export function skewBy(clock: SeenClock | undefined): Millis {
  return clock ? Math.max(SKEW, furthestOff(clock)) : SKEW;
}

/**
 * By how much more than usual a date of the issuer may come earlier by our clock: so much more is left of a
 * credential when its rotation begins. For as long as the record keeps the clock, since to begin early costs
 * nothing.
 */
export function beyondUsual({ issuerClock }: Timed): Millis {
  return skewBy(issuerClock) - SKEW;
}

/** By how much a date of the issuer comes later by our clock, since its own is known to be behind. */
export function behindBy(clock: SeenClock | undefined): Millis {
  return clock ? Math.max(0, -clock.least) : 0;
}

/**
 * Takes over what a look at the issuer showed of its clock. A look that showed nothing is no all-clear: what
 * was known stays for its time.
 */
export function withClock<T extends Timed>(record: T, seen: SeenClock | undefined, now: Instant): T {
  const next = seen ?? knownClock(record, now);
  if (next && furthestOff(next) > SKEW)
    return next === record.issuerClock ? record : { ...record, issuerClock: next };
  return record.issuerClock === undefined ? record : { ...record, issuerClock: undefined };
}

/** Moments at which what is known of it is over by itself. */
export function clockTimes({ issuerClock }: Timed): Instant[] {
  return issuerClock ? [issuerClock.seenAt + CLOCK_KNOWN_FOR] : [];
}
