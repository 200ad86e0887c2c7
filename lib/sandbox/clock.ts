import { AsyncLocalStorage } from 'node:async_hooks';
import type { Instant, Millis } from '../../functions/core/basics/time.ts';

/** Time as the sandbox's parts see it. */
export interface Clock {
  now(): Instant;
  /** Runs a task when the time has come; the returned function cancels it. */
  after(delay: Millis, task: () => void): () => void;
  /**
   * Waits inside an activity; while it waits the activity does not hold time back, nor do the activities
   * around it.
   */
  sleep(length: Millis): Promise<void>;
  /** Waits inside an activity for something that holds time back by itself, as another process does. */
  away<T>(wait: () => Promise<T>): Promise<T>;
  /** Runs an activity: time stands still until it ends or sleeps. Activities may be nested. */
  activity<T>(run: () => Promise<T>): Promise<T>;
  /**
   * Counts one more thing that holds time back, until the returned function is called (a second call does
   * nothing).
   */
  hold(): () => void;
}

interface Timer {
  readonly at: Instant;
  readonly task: () => void;
}

/** One activity: it holds time back unless it, or one inside it, waits. */
interface Activity {
  readonly around: Activity | undefined;
  waiting: number;
  ended: boolean;
}

/**
 * A clock that moves only when it is told to and only while nothing is running: a discrete-event simulation.
 * Everything that runs is an activity; the next timer fires when all activities have ended or wait.
 */
export class VirtualClock implements Clock {
  #now: Instant;
  #busy = 0;
  #timers: Timer[] = [];
  #waiting: (() => void)[] = [];
  readonly #current = new AsyncLocalStorage<Activity>();

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  after(delay: Millis, task: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delay), task };
    this.#timers.splice(this.#placeOf(timer.at), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  hold(): () => void {
    this.#busy++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#release();
    };
  }

  async activity<T>(run: () => Promise<T>): Promise<T> {
    const activity: Activity = { around: this.#current.getStore(), waiting: 0, ended: false };
    this.#busy++;
    try {
      return await this.#current.run(activity, run);
    } finally {
      activity.ended = true;
      if (activity.waiting === 0) this.#release();
    }
  }

  sleep(length: Millis): Promise<void> {
    return this.#whileWaiting(
      (back) =>
        new Promise(
          (resolve) =>
            void this.after(length, () => {
              back();
              resolve();
            }),
        ),
    );
  }

  away<T>(wait: () => Promise<T>): Promise<T> {
    return this.#whileWaiting((back) => this.#current.exit(wait).finally(back));
  }

  /** Resolves when nothing runs. */
  async quiet(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  /** When the next timer fires, if there is one. */
  next(): Instant | undefined {
    return this.#timers[0]?.at;
  }

  /**
   * Moves to a point in time, firing every timer on the way, each after what the last one started has come to
   * rest.
   */
  async advanceTo(target: Instant): Promise<void> {
    for (;;) {
      await this.quiet();
      const timer = this.#timers[0];
      if (!timer || timer.at > target) break;
      this.#timers.shift();
      this.#now = Math.max(this.#now, timer.at);
      timer.task();
    }
    this.#now = Math.max(this.#now, target);
  }

  advanceBy(length: Millis): Promise<void> {
    return this.advanceTo(this.#now + length);
  }

  /**
   * After every timer of the same time or an earlier one, so that equal times fire in the order they were
   * set.
   */
  #placeOf(at: Instant): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other && other.at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Stops the running activity, and those around it, from holding time back until `back` is called: before
   * time can move on.
   */
  #whileWaiting<T>(wait: (back: () => void) => Promise<T>): Promise<T> {
    const chain: Activity[] = [];
    for (let activity = this.#current.getStore(); activity; activity = activity.around) chain.push(activity);
    const waiting = wait(() => {
      for (const activity of chain) {
        activity.waiting--;
        if (activity.waiting === 0 && !activity.ended) this.#busy++;
      }
    });
    for (const activity of chain) {
      activity.waiting++;
      if (activity.waiting === 1 && !activity.ended) this.#release();
    }
    return waiting;
  }

  #release(): void {
    this.#busy--;
    if (this.#busy > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
