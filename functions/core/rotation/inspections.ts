import { INSPECT_EVERY } from '../policy/timing.ts';
import { nextLook } from './deferral.ts';
import { fractionOf } from '../basics/names.ts';
import { heldBy } from '../token/replicas.ts';
import { rotationWish } from './next-rotation.ts';
import { currentOf } from '../token/lookups.ts';
import { liveCredentials } from '../token/known-credentials.ts';
import type { Token } from '../token/token.ts';
import { HOUR, MINUTE, type Instant, type Millis } from '../basics/time.ts';

/**
 * And this often while it is unusable or inactive, or the issuer could not yet tell which credential one of
 * its values is.
 */
export const INSPECT_UNSETTLED = HOUR;
/** And this often while a copy of its secret in another Region has not got the current version. */
export const INSPECT_REPLICAS = 30 * MINUTE;
/** A credential that looks lost is taken for lost when it still does after this long. */
export const SUSPECT_FOR = HOUR;
/**
 * So long before its time an inspection is put into the queue, which keeps it back. SQS does for 15 minutes
 * at most (Amazon SQS API Reference, "SendMessageBatch").
 */
export const AHEAD = 14 * MINUTE;

export interface Inspection {
  readonly at: Instant;
  /** It is not one of the regular ones: a decision waits for it. */
  readonly isUrgent: boolean;
}

/**
 * The next inspection a token wants. A regular one with a place in its issuer's line waits for that place.
 */
export function inspectionOf(token: Token): Inspection {
  const regular = Math.max(regularAt(token), (token.inspectionAt ?? 0) - AHEAD);
  const urgent = Math.min(
    nextLook(token, rotationWish(token)) ?? Infinity,
    ...token.suspects.map((one) => one.seenAt + SUSPECT_FOR),
  );
  return urgent < regular ? { at: urgent, isUrgent: true } : { at: regular, isUrgent: false };
}

function regularAt(token: Token): Instant {
  if (token.inspectedAt === undefined) return token.enrolledAt;
  const isNameless = liveCredentials(token).some((one) => one.handle === undefined);
  const isUnsettled = isNameless || token.unusable !== undefined || token.refusedSince !== undefined;
  const regular = isUnsettled
    ? token.inspectedAt + INSPECT_UNSETTLED
    : nextBeat(token.id, token.inspectedAt, INSPECT_EVERY);
  return Math.min(regular, replicasAt(token, token.inspectedAt));
}

/**
 * Copies in other Regions get a new version after it has become current, and no event tells Keyturn when: it
 * looks for them soon, and again while one has not got it.
 */
function replicasAt(token: Token, inspectedAt: Instant): Instant {
  if ((token.replicas ?? []).length === 0) return Infinity;
  const copiedAt = (currentOf(token)?.promotedAt ?? 0) + INSPECT_REPLICAS;
  if (copiedAt > inspectedAt) return copiedAt;
  return heldBy(token.replicas ?? []).length > 0 ? inspectedAt + INSPECT_REPLICAS : Infinity;
}

/**
 * The first beat of a token after a moment. Every token has its own beats, an interval apart, whatever
 * happened to it in between: tokens that were registered in one minute, or all waited while an issuer was
 * down, are spread evenly over the interval all the same.
 */
export function nextBeat(tokenId: string, after: Instant, every: Millis): Instant {
  const first = Math.floor(every * fractionOf(`${tokenId}\nbeat`));
  return first + (Math.floor((after - first) / every) + 1) * every;
}

/**
 * The inspections of one provider, one after the other, no more a minute than its issuers bear. Who wants one
 * takes the next place; who came first has the earlier one, so that no token waits for ever. Where there are
 * more tokens than fit into the interval, each is inspected once in as long as the whole line takes.
 */
export class InspectionLine {
  readonly #now: Instant;
  readonly #gap: Millis;
  #next: Instant;
  #beside: Instant;

  /** `next` is what an earlier sweep left; lost, places are given twice. */
  constructor(now: Instant, perMinute: number, next: Instant = now) {
    this.#now = now;
    this.#gap = MINUTE / perMinute;
    this.#next = Math.max(now, next);
    this.#beside = now;
  }

  /** The place that is given next. */
  get next(): Instant {
    return this.#next;
  }

  /** Whether the next place is near enough for the queue. */
  get hasRoom(): boolean {
    return this.#next - this.#now < AHEAD;
  }

  take(): Instant {
    const place = this.#next;
    this.#next += this.#gap;
    return place;
  }

  /**
   * When an inspection that is wanted now has its turn. One that is urgent, or whose place went by, goes
   * beside the line: as many as fit into the time of the queue.
   */
  placeFor(isUrgent: boolean, reserved: Instant | undefined): Instant {
    if (!isUrgent && reserved === undefined) return this.take();
    if (reserved !== undefined && reserved >= this.#now && !isUrgent) return reserved;
    if (this.#beside - this.#now >= AHEAD) return this.take();
    const place = this.#beside;
    this.#beside += this.#gap;
    return place;
  }
}

/** The lines of all providers in one sweep. */
export class InspectionLines {
  readonly #lines = new Map<string, InspectionLine>();
  readonly #now: Instant;
  readonly #perMinute: (provider: string) => number;
  readonly #left: ReadonlyMap<string, Instant>;

  /** `left` is what {@link left} of the sweep before told. */
  constructor(
    now: Instant,
    perMinute: (provider: string) => number,
    left: Readonly<Record<string, Instant>> = {},
  ) {
    this.#now = now;
    this.#perMinute = perMinute;
    this.#left = new Map(Object.entries(left));
  }

  of(provider: string): InspectionLine {
    const line =
      this.#lines.get(provider) ??
      new InspectionLine(this.#now, this.#perMinute(provider), this.#left.get(provider));
    this.#lines.set(provider, line);
    return line;
  }

  /** How long the queue has to keep back what has a place. */
  delayUntil(place: Instant): Millis {
    return Math.min(AHEAD, Math.max(0, place - this.#now));
  }

  /** Whether a place is near enough for the queue. */
  isNear(place: Instant): boolean {
    return place - this.#now <= AHEAD;
  }

  /** The next place of each line that goes on into the future. */
  left(): Record<string, Instant> {
    const nexts = [
      ...this.#left,
      ...[...this.#lines].map(([provider, line]) => [provider, line.next] as const),
    ];
    return Object.fromEntries(nexts.filter(([, next]) => next > this.#now));
  }
}
