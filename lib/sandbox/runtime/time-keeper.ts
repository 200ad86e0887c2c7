import type { Millis } from '../../../functions/core/basics/time.ts';
import type { VirtualClock } from '../clock.ts';

/** Real time between two steps of a clock that flows. */
const STEP: Millis = 50;

/** The hand on the clock: moves are made one after the other. */
export class TimeKeeper {
  readonly #clock: VirtualClock;
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  advance(by: Millis): Promise<void> {
    const move = this.#last.then(async () => {
      if (this.#stopped) throw new Error('The sandbox is closed.');
      await this.#clock.advanceBy(by);
    });
    this.#last = move.catch(() => undefined);
    return move;
  }

  /** Lets time flow; the result stops it. */
  follow(speed: number | 'fast'): () => Promise<void> {
    const flow = { on: true };
    const flowing = this.#flow(speed, flow);
    return async () => {
      flow.on = false;
      await flowing;
    };
  }

  stop(): void {
    this.#stopped = true;
  }

  async #flow(speed: number | 'fast', flow: { readonly on: boolean }): Promise<void> {
    let since = performance.now();
    while (flow.on && !this.#stopped) {
      const next = this.#clock.next();
      const passed = performance.now() - since;
      since += passed;
      const by =
        speed === 'fast'
          ? Math.max(0, (next ?? this.#clock.now()) - this.#clock.now())
          : Math.round(passed * speed);
      await this.advance(by);
      await new Promise((resolve) => setTimeout(resolve, speed === 'fast' && next !== undefined ? 0 : STEP));
    }
  }
}
