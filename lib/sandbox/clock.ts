import type { Instant, Millis } from '../../functions/core/time.ts';

/** Time as the sandbox's parts see it. */
export interface Clock {
  now(): Instant;
  /** Runs a task when the time has come; the returned function cancels it. */
  after(delay: Millis, task: () => void): () => void;
  /** Waits inside an activity; while it waits the activity does not hold time back. */
  sleep(length: Millis): Promise<void>;
  /** Runs an activity: time stands still until it ends or sleeps. */
  activity<T>(run: () => Promise<T>): Promise<T>;
  /** Counts one more thing that holds time back, until the returned function is called (a second call does nothing). */
  hold(): () => void;
}

interface Timer {
  readonly at: Instant;
  readonly order: number;
  readonly task: () => void;
}

/**
 * A clock that moves only when it is told to and only while nothing is running: a discrete-event simulation.
 * Everything that runs is an activity; the next timer fires when all activities have ended or sleep.
 */
export class VirtualClock implements Clock {
  #now: Instant;
  #order = 0;
  #busy = 0;
  #timers: Timer[] = [];
  #waiting: (() => void)[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  after(delay: Millis, task: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delay), order: this.#order++, task };
    const index = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(index === -1 ? this.#timers.length : index, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  hold(): () => void {
    this.#busy++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#busy--;
      if (this.#busy === 0) this.#wake();
    };
  }

  async activity<T>(run: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await run();
    } finally {
      release();
    }
  }

  async sleep(length: Millis): Promise<void> {
    this.#busy--;
    const woken = new Promise<void>((resolve) => {
      this.after(length, () => {
        this.#busy++;
        resolve();
      });
    });
    if (this.#busy === 0) this.#wake();
    await woken;
  }

  /** Resolves when nothing runs. */
  async quiet(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** When the next timer fires, if there is one. */
  next(): Instant | undefined {
    return this.#timers[0]?.at;
  }

  /** Moves to a point in time, firing every timer on the way, each after what the last one started has come to rest. */
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

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
