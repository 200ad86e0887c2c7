import { promisify } from 'node:util';
import type { Instant, Millis } from '../../../../functions/core/basics/time.ts';

const nextTurn = setImmediate;

/** The longest delay of a timer; a longer one becomes 1 ms (nodejs.org, "Timers"). */
const LONGEST: Millis = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => void;

function sane(delay: unknown): Millis {
  const length = Math.trunc(Number(delay));
  return length >= 1 && length <= LONGEST ? length : 1;
}

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

/** The functions that stand in for the global ones, over timers. */
export function timerFunctions(timers: VirtualTimers) {
  const make =
    (repeats: boolean) =>
    (callback: Callback, delay?: number, ...args: unknown[]) =>
      timers.set({ delay: sane(delay), repeats, callback, args });
  const clear = (timer?: unknown): void => timers.clear(timer);
  const wait = waiting(timers);
  const setTimeout = Object.assign(make(false), { [promisify.custom]: wait });
  return { setTimeout, setInterval: make(true), clearTimeout: clear, clearInterval: clear };
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** `setTimeout` of node:timers/promises. */
export function waiting(timers: VirtualTimers) {
  return <T>(delay?: number, value?: T, options: WaitOptions = {}): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const { signal, ref = true } = options;
      if (signal?.aborted) return reject(aborted(signal));
      const timer = timers.set({
        delay: sane(delay),
        repeats: false,
        callback: () => {
          signal?.removeEventListener('abort', stop);
          resolve(value);
        },
        args: [],
      });
      if (!ref) timer.unref();
      function stop(): void {
        timer.close();
        if (signal) reject(aborted(signal));
      }
      signal?.addEventListener('abort', stop, { once: true });
    });
}

function aborted(signal: AbortSignal): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
}

/** `setInterval` of node:timers/promises. */
export function repeating(timers: VirtualTimers) {
  const wait = waiting(timers);
  return async function* <T>(
    delay?: number,
    value?: T,
    options: WaitOptions = {},
  ): AsyncGenerator<T | undefined> {
    for (;;) yield await wait(delay, value, options);
  };
}

/** `AbortSignal.timeout`: the timer keeps nothing alive, as Node's own does not. */
export function timeoutSignal(timers: VirtualTimers) {
  return (delay: number): AbortSignal => {
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    timers.set({ delay: sane(delay), repeats: false, callback: abort, args: [] }).unref();
    return controller.signal;
  };
}
