import { currentOf, isUnderWay } from '../token/lookups.ts';
import type { Token } from '../token/token.ts';
import type { Instant } from '../basics/time.ts';

/** Whose rotation it is, and at which issuer. */
export interface UnderWay {
  readonly tokenId: string;
  readonly provider: string;
  /**
   * The provider, and the admin secret where the token names one: another admin secret may be another host.
   */
  readonly issuer: string;
  /** The rotation before it failed. */
  readonly isRetry: boolean;
}

/** A rotation that may start. */
export interface Startable extends UnderWay {
  /** Until when it can wait: the credential ends then, or should. */
  readonly until: Instant;
}

/**
 * Where a token stands: `at` is when its rotation may start, or when one that is under way should have ended.
 */
export interface Place extends Omit<Startable, 'tokenId'> {
  readonly line: 'waiting' | 'under-way';
  readonly at: Instant;
}

/** How many rotations may be under way at once. */
export interface StartLimits {
  readonly inAll: number;
  readonly perIssuer: (provider: string) => number;
}

/**
 * Where a token stands in the line of rotations; undefined when it wants none. An attempt that is given up is
 * none any more.
 */
export function placeOf(token: Token): Place | undefined {
  if (token.detachedAt !== undefined) return undefined;
  const where = {
    provider: token.provider,
    issuer: token.admin === undefined ? token.provider : `${token.provider} ${token.admin}`,
    until: lastsUntil(token),
  };
  const attempt = token.attempts.find(
    (one) => isUnderWay(one) && one.state !== 'aborting' && one.inactive !== true,
  );
  if (attempt)
    return { ...where, line: 'under-way', at: attempt.deadline, isRetry: attempt.cause === 'retry' };
  return token.startAt === undefined
    ? undefined
    : { ...where, line: 'waiting', at: token.startAt, isRetry: token.failures > 0 };
}

/** A person's wish, an inactive credential and an empty secret cannot wait at all. */
function lastsUntil(token: Token): Instant {
  if (token.refusedSince !== undefined) return token.refusedSince;
  if (token.rotateRequestedAt !== undefined) return token.rotateRequestedAt;
  const current = currentOf(token);
  if (!current) return token.enrolledAt;
  return Math.min(
    current.expiresAt ?? Infinity,
    (current.issuedAt ?? token.enrolledAt) + token.policy.maxAge,
  );
}

/** More than can be started while one function runs. */
const MOST_KEPT = 2_000;

/** Those of one issuer that wait, what ends first at the end. */
class Queue {
  #waiting: Startable[] = [];
  #isSorted = true;

  get size(): number {
    return this.#waiting.length;
  }

  get first(): Startable | undefined {
    this.#sort();
    return this.#waiting.at(-1);
  }

  add(one: Startable): void {
    this.#waiting.push(one);
    this.#isSorted = false;
    if (this.#waiting.length <= 2 * MOST_KEPT) return;
    this.#sort();
    this.#waiting = this.#waiting.slice(-MOST_KEPT);
  }

  drop(): void {
    this.#sort();
    this.#waiting.pop();
  }

  #sort(): void {
    if (!this.#isSorted) this.#waiting.sort((a, b) => b.until - a.until || (a.tokenId < b.tokenId ? 1 : -1));
    this.#isSorted = true;
  }
}

/** A half, but one at least. */
function half(count: number): number {
  return Math.max(1, Math.floor(count / 2));
}

/**
 * The line of rotations that may start. Issuers take turns: the one with the fewest under way is next, so
 * that one with ten thousand waiting delays no other. Of one issuer's, what ends first starts first. What
 * failed before has half of the room at most: tokens that fail again and again keep none of the others
 * waiting.
 */
export class StartLine {
  readonly #issuers = new Map<
    string,
    { readonly provider: string; readonly fresh: Queue; readonly retries: Queue }
  >();

  get size(): number {
    return [...this.#issuers.values()].reduce(
      (sum, { fresh, retries }) => sum + fresh.size + retries.size,
      0,
    );
  }

  add(one: Startable): void {
    const known = this.#issuers.get(one.issuer) ?? {
      provider: one.provider,
      fresh: new Queue(),
      retries: new Queue(),
    };
    this.#issuers.set(one.issuer, known);
    (one.isRetry ? known.retries : known.fresh).add(one);
  }

  /** Takes the next one out of the line; undefined when nothing waits that has room. */
  take(underWay: readonly UnderWay[], limits: StartLimits): Startable | undefined {
    if (underWay.length >= limits.inAll) return undefined;
    const mayRetry = underWay.filter((one) => one.isRetry).length < half(limits.inAll);
    let best: { queue: Queue; first: Startable; busy: number } | undefined;
    for (const [issuer, { provider, fresh, retries }] of this.#issuers) {
      const busy = underWay.filter((one) => one.issuer === issuer);
      const most = limits.perIssuer(provider);
      if (busy.length >= most || (best && best.busy < busy.length)) continue;
      const hasRoom = mayRetry && busy.filter((one) => one.isRetry).length < half(most);
      for (const queue of hasRoom ? [fresh, retries] : [fresh]) {
        const first = queue.first;
        if (first && (!best || busy.length < best.busy || first.until < best.first.until))
          best = { queue, first, busy: busy.length };
      }
    }
    best?.queue.drop();
    return best?.first;
  }
}
