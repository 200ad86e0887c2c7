import type { Instant, Millis } from '../../../../functions/core/basics/time.ts';

const nextTurn = setImmediate;

export type Callback = (...args: unknown[]) => void;

interface TimerSettings {
  readonly delay: Millis;
  readonly repeats: boolean;
  readonly callback: Callback;
  readonly args: readonly unknown[];
}

/** What `setTimeout` returns: the face of Node's `Timeout`. */
export class VirtualTimer {
  readonly id: number;
  readonly settings: TimerSettings;
  dueAt: Instant;
  #timers: VirtualTimers;
  #counts = true;

  constructor(timers: VirtualTimers, id: number, settings: TimerSettings) {
    this.#timers = timers;
    this.id = id;
    this.settings = settings;
    this.dueAt = timers.dueAfter(settings.delay);
  }

  ref(): this {
    this.#counts = true;
    return this;
  }

  unref(): this {
    this.#counts = false;
    return this;
  }

  hasRef(): boolean {
    return this.#counts;
  }

  refresh(): this {
    this.dueAt = this.#timers.dueAfter(this.settings.delay);
    this.#timers.add(this);
    return this;
  }

  close(): this {
    this.#timers.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Timers that wait for virtual time. They fire when {@link VirtualTimers.fire} is told that it has moved. */
export class VirtualTimers {
  readonly #now: () => Instant;
  readonly #changed: () => void;
  readonly #pending = new Map<number, VirtualTimer>();
  #lastId = 0;

  constructor(now: () => Instant, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
  }

  /** What takes no time to speak of is due at once: a turn of the event loop needs no hand on the clock. */
  dueAfter(delay: Millis): Instant {
    return delay <= 1 ? this.#now() : this.#now() + delay;
  }

  set(settings: TimerSettings): VirtualTimer {
    const timer = new VirtualTimer(this, ++this.#lastId, settings);
    this.add(timer);
    return timer;
  }

  add(timer: VirtualTimer): void {
    this.#pending.set(timer.id, timer);
    this.#changed();
    if (timer.dueAt <= this.#now()) nextTurn(() => this.fire());
  }

  clear(timer: unknown): void {
    if (timer instanceof VirtualTimer) this.#pending.delete(timer.id);
    else this.#pending.delete(Number(timer));
  }

  /** When the next timer fires. Timers that were let go (`unref`) do not count, unless all are asked for. */
  next(which: 'all' | 'counting'): Instant | undefined {
    const waiting = [...this.#pending.values()];
    if (waiting.length === 0 || (which === 'counting' && !waiting.some((timer) => timer.hasRef())))
      return undefined;
    return Math.min(...waiting.map((timer) => timer.dueAt));
  }

  /** Fires what is due, one timer a turn, the earliest first. */
  fire(): void {
    const timer = this.#due();
    if (!timer) return;
    this.#changed();
    nextTurn(() => this.fire());
    const { settings } = timer;
    if (settings.repeats) timer.dueAt = this.#now() + settings.delay;
    else this.#pending.delete(timer.id);
    settings.callback(...settings.args);
  }

  #due(): VirtualTimer | undefined {
    const due = [...this.#pending.values()].filter((timer) => timer.dueAt <= this.#now());
    return due.sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)[0];
  }
}
