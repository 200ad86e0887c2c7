import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { VirtualClock } from '../../lib/sandbox/clock.ts';
import { FAULTS, FaultLine, applies, type Call, type Fault, type Invocation } from '../world/faults.ts';
import type { Dice } from './dice.ts';

/** One call in so many fails by itself. */
const ONE_IN = 1_500;
/** Storms: a while in which an issuer, or AWS, hardly answers. */
const STORMS_EVERY: readonly [number, number] = [6 * 24 * HOUR, 30 * 24 * HOUR];
const STORMS_LAST: readonly [number, number] = [10 * MINUTE, 5 * HOUR];
const STORM_HITS = 0.7;
const STORM_FAULTS: readonly [Fault, ...Fault[]] = [
  'reset',
  'lost-answer',
  'timeout',
  'unavailable-once',
  'server-error',
];

/**
 * Faults by chance: single ones at any time, many of them in storms. Calls are counted and not kept: a year
 * has millions.
 */
export class Weather extends FaultLine {
  faults = 0;
  count = 0;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  #storm: { readonly target: Call['target']; readonly from: number; readonly to: number };
  #isFair = false;

  constructor(clock: VirtualClock, dice: Dice) {
    super([], async () => undefined);
    this.#clock = clock;
    this.#dice = dice;
    this.#storm = this.#next();
  }

  override async next(
    _invocation: Invocation,
    target: Call['target'],
    _name: string,
  ): Promise<Fault | undefined> {
    this.count++;
    if (this.#isFair) return undefined;
    const fault = this.#inStorm(target)
      ? this.#dice.oneOf(STORM_FAULTS)
      : this.#dice.happens(1 / ONE_IN)
        ? this.#dice.oneOf(FAULTS)
        : undefined;
    if (fault === undefined || !applies(fault, target)) return undefined;
    this.faults++;
    return fault;
  }

  override heal(): void {
    this.#isFair = true;
  }

  #inStorm(target: Call['target']): boolean {
    const now = this.#clock.now();
    if (now >= this.#storm.to) this.#storm = this.#next();
    return target === this.#storm.target && now >= this.#storm.from && this.#dice.happens(STORM_HITS);
  }

  #next(): { target: Call['target']; from: number; to: number } {
    const from = this.#clock.now() + this.#dice.between(...STORMS_EVERY);
    return {
      target: this.#dice.happens(0.7) ? 'issuer' : 'aws',
      from,
      to: from + this.#dice.between(...STORMS_LAST),
    };
  }
}
